/**
 * IP addresses in canonical form, and who may serve which of them. Pure: imports no Kubernetes client.
 */
@NullMarked
package io.lvsoperator.operator.address;

import org.jspecify.annotations.NullMarked;
