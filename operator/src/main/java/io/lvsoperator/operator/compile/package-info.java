/**
 * From fleets, services and nodes to roles and real servers. Pure: imports no Kubernetes client.
 */
@NullMarked
package io.lvsoperator.operator.compile;

import org.jspecify.annotations.NullMarked;
