package io.lvsoperator.agent.vrrp;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that this agent stood still, at most one line a minute (RFC 9568 section 2.5); the counters are exact. */
final class StallLog {

    private static final Logger LOG = LoggerFactory.getLogger(StallLog.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private @Nullable Long quietSince;

    StallLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void stalled(RouterKey key, long lateNanos) {
        long now = nanoTime.getAsLong();
        if (quietSince != null && now - quietSince < PAUSE_NANOS) {
            return;
        }
        quietSince = now;
        LOG.warn(
                "{}: this agent stood still, a timer fired {} ms late; no more of these lines for a minute",
                key,
                Duration.ofNanos(lateNanos).toMillis());
    }
}
