package io.lvsoperator.agent.heartbeat.wire;

/**
 * One datagram of one run of an agent.
 *
 * @param session chosen at random when the agent started; 0 in no run
 * @param sequence from 1, one more for each datagram of the session
 */
public record Mark(long session, long sequence) {
    /** Of no datagram. */
    public static final Mark NONE = new Mark(0, 0);
}
