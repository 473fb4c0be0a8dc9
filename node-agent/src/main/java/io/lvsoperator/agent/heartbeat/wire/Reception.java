package io.lvsoperator.agent.heartbeat.wire;

/** What became of a datagram. */
public sealed interface Reception {
    /** Made by somebody who has the fleet's key; whether it is new the peer table tells. */
    record Authentic(Heartbeat heartbeat) implements Reception {}

    /** Changes nothing. */
    record Rejected(Rejection reason) implements Reception {}
}
