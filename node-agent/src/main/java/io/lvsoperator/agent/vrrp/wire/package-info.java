/**
 * What VRRP version 3 (RFC 9568) and its address announcements look like on the wire. Pure: bytes in, records out, and the
 * reverse; nothing here opens a socket or reads a clock.
 */
@NullMarked
package io.lvsoperator.agent.vrrp.wire;

import org.jspecify.annotations.NullMarked;
