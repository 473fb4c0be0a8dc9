package io.lvsoperator.agent.heartbeat.peers;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.Mark;
import java.util.Optional;

/**
 * What is known of one other director.
 *
 * @param proved the newest datagram of the session that has proved to be there now, by naming a datagram that we had sent just before
 * @param greeted the newest one of a session that has not proved it; it does so by naming what we answer it with
 * @param provedNanos when it proved that last
 * @param newest what it said then; empty before
 */
record Peer(Mark proved, Mark greeted, long provedNanos, Optional<Heartbeat> newest) {
    static final Peer UNKNOWN = new Peer(Mark.NONE, Mark.NONE, 0, Optional.empty());
}
