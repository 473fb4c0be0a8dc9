package io.lvsoperator.operator.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When to look again although nothing has happened: the earliest of several reasons. */
final class Pause {
    /** A moment later than the deadline itself, so that it has passed for certain. */
    private static final Duration GRACE = Duration.ofMillis(20);

    private @Nullable Duration shortest;

    Pause atMost(Duration duration) {
        if (shortest == null || duration.compareTo(shortest) < 0) {
            shortest = duration;
        }
        return this;
    }

    Pause until(@Nullable Instant instant, Clock clock) {
        if (instant != null) {
            Duration left = Duration.between(clock.instant(), instant);
            atMost(left.isNegative() ? Duration.ZERO : left);
        }
        return this;
    }

    Optional<Duration> duration() {
        return Optional.ofNullable(shortest).map(d -> d.plus(GRACE));
    }
}
