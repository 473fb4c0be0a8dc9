package io.lvsoperator.agent.vrrp.machine;

/**
 * The one running timer of a virtual router.
 *
 * @param generation tells an expiry of this timer from that of one cancelled before
 * @param startedNanos when it was started
 * @param deadlineNanos when it expires
 */
public record Timer(long generation, long startedNanos, long deadlineNanos) {

    /** How long after its deadline it is now; negative before it. */
    long lateness(long nowNanos) {
        return nowNanos - deadlineNanos;
    }
}
