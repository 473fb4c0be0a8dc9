package io.lvsoperator.agent.vrrp;

import java.time.Duration;

/**
 * Whether the reconcile loop is stuck: no request to the kernel answered and no pass ended for half a minute, though a pass is due at
 * least every two seconds. One that is only busy makes progress all the time. Immutable.
 *
 * <p>What counts is time in which this thread ran and saw no progress, so that a process that was stopped is not taken for stuck.
 *
 * @param progress as of the last look; any number that changes with each step of the loop
 * @param withoutNanos for how long it has not changed
 * @param lookedNanos when that was
 */
record Fence(long progress, long withoutNanos, long lookedNanos) {
    static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    /** Two looks, at most, count for one that comes late. */
    private static final long LONGEST_STEP_NANOS = 2 * VrrpDriver.CHECK_NANOS;

    static Fence of(long progress, long nowNanos) {
        return new Fence(progress, 0, nowNanos);
    }

    Fence look(long now, long nowNanos) {
        return now == progress
                ? new Fence(progress, withoutNanos + Math.min(nowNanos - lookedNanos, LONGEST_STEP_NANOS), nowNanos)
                : of(now, nowNanos);
    }

    boolean isStuck() {
        return withoutNanos >= STUCK_AFTER.toNanos();
    }
}
