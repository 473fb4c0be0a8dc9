/**
 * The datagram that the directors of a fleet send each other every second. Bytes are made in {@link io.lvsoperator.agent.heartbeat.wire},
 * what they say of a peer is decided in {@link io.lvsoperator.agent.heartbeat.peers}; sockets and time are here.
 */
@NullMarked
package io.lvsoperator.agent.heartbeat;

import org.jspecify.annotations.NullMarked;
