package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.api.v1alpha1.PreemptionMode;

/**
 * Whether a Backup takes over from a living Active of lower priority (Preempt_Mode), and how long it obeys that one first, which
 * the RFC does not know.
 *
 * @param allowed Preempt_Mode
 * @param delayNanos counted from the first advertisement of lower priority that it hears as this Backup, so that a director that
 *     starts, or whose cable is plugged in, waits alike; a take-over from an Active that is silent or leaves never waits
 */
public record Preemption(boolean allowed, long delayNanos) {

    public static final Preemption AT_ONCE = new Preemption(true, 0);
    public static final Preemption NEVER = new Preemption(false, 0);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * As a fleet says it.
     *
     * @throws IllegalArgumentException for a delay that is negative, or would have no effect
     */
    public static Preemption of(PreemptionMode mode, int delaySeconds) {
        if (delaySeconds < 0 || (mode == PreemptionMode.NO_PREEMPT && delaySeconds > 0)) {
            throw new IllegalArgumentException("preemption " + mode + " with a delay of " + delaySeconds
                    + " s: give one that is not negative, and none without preemption");
        }
        return new Preemption(mode == PreemptionMode.PREEMPT, delaySeconds * NANOS_PER_SECOND);
    }
}
