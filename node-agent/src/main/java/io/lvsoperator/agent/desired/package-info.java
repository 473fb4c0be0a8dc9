/**
 * What the node shall be: the roles and slices that the cluster assigns to it, compiled into kernel terms. Pure.
 */
@NullMarked
package io.lvsoperator.agent.desired;

import org.jspecify.annotations.NullMarked;
