package io.lvsoperator.agent.vrrp.machine;

/**
 * The formulas of RFC 9568 section 6.1, in nanoseconds: rounded to centiseconds, priorities 254 and 253 would be equal at short
 * intervals.
 */
public final class Timing {

    public static final long NANOS_PER_CENTISECOND = 10_000_000L;

    private static final int ADVERTS_MISSED = 3;

    private Timing() {}

    public static long intervalNanos(int intervalCentiseconds) {
        return intervalCentiseconds * NANOS_PER_CENTISECOND;
    }

    /** Skew_Time: the higher the priority, the sooner a Backup takes over. */
    public static long skewNanos(int priority, int intervalCentiseconds) {
        return (256 - priority) * intervalNanos(intervalCentiseconds) / 256;
    }

    /** Active_Down_Interval: how long the Active may be silent. */
    public static long downIntervalNanos(int priority, int intervalCentiseconds) {
        return ADVERTS_MISSED * intervalNanos(intervalCentiseconds) + skewNanos(priority, intervalCentiseconds);
    }
}
