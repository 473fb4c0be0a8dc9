/**
 * Carries plans out and keeps the kernel at the desired state: the one place, beside VRRP, that changes the node.
 */
@NullMarked
package io.lvsoperator.agent.apply;

import org.jspecify.annotations.NullMarked;
