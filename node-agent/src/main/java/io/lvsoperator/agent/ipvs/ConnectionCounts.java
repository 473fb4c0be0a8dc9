package io.lvsoperator.agent.ipvs;

/** Connections that a destination has now: established, in any other state, and persistence templates. */
public record ConnectionCounts(long active, long inactive, long persistent) {
    public static final ConnectionCounts ZERO = new ConnectionCounts(0, 0, 0);
}
