/**
 * VRRP for directors (RFC 9568): which node holds the VIPs of a fleet now, and the VIPs themselves.
 *
 * <p>{@link io.lvsoperator.agent.vrrp.VrrpThread} is the way in: one thread for all virtual routers of the node, with its own
 * sockets, fed with a {@link io.lvsoperator.agent.vrrp.VrrpConfig} and read through a
 * {@link io.lvsoperator.agent.vrrp.VrrpStatus}. Decisions are made in {@code machine}, bytes in {@code wire}; this package
 * carries them out. VIPs on a director belong to this thread alone.
 */
@NullMarked
package io.lvsoperator.agent.vrrp;

import org.jspecify.annotations.NullMarked;
