package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.vrrp.wire.Version;

/**
 * The formulas of section 6.1 of RFC 9568 and of RFC 3768, in nanoseconds: rounded to centiseconds, priorities 254 and 253 would
 * be equal at short intervals.
 */
public final class Timing {

    public static final long NANOS_PER_CENTISECOND = 10_000_000L;

    private static final int ADVERTS_MISSED = 3;
    private static final int CENTISECONDS_PER_SECOND = 100;

    private Timing() {}

    public static long intervalNanos(int intervalCentiseconds) {
        return intervalCentiseconds * NANOS_PER_CENTISECOND;
    }

    /** Skew_Time: the higher the priority, the sooner a Backup takes over. In version 2 the interval does not matter. */
    public static long skewNanos(Version version, int priority, int intervalCentiseconds) {
        int scale = switch (version) {
            case VERSION_2 -> CENTISECONDS_PER_SECOND;
            case VERSION_3 -> intervalCentiseconds;
        };
        return (256 - priority) * intervalNanos(scale) / 256;
    }

    /** Active_Down_Interval: how long the Active may be silent. */
    public static long downIntervalNanos(Version version, int priority, int intervalCentiseconds) {
        return ADVERTS_MISSED * intervalNanos(intervalCentiseconds)
                + skewNanos(version, priority, intervalCentiseconds);
    }
}
