package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.wire.HeartbeatCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key of a fleet, and for a while the one before: a new key reaches the directors one after the other. Immutable.
 *
 * @param current the newest one; none when none is known
 * @param previous the one before
 * @param previousUntilNanos until when that one counts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyRing(byte @Nullable [] current, byte @Nullable [] previous, long previousUntilNanos) {
    /** Longer than it takes a director to hear of a new key, unless it has lost the API server. */
    static final long OVERLAP_NANOS = Duration.ofMinutes(10).toNanos();

    static final KeyRing EMPTY = new KeyRing(null, null, 0);

    /** With this key as the newest. */
    KeyRing with(byte[] key, long nowNanos) {
        return Arrays.equals(key, current) ? this : new KeyRing(key.clone(), current, nowNanos + OVERLAP_NANOS);
    }

    /** What to sign with and to take, the newest first; at most {@link HeartbeatCodec#MAX_KEYS}. */
    List<byte[]> keys(long nowNanos) {
        if (current == null) {
            return List.of();
        }
        return previous == null || nowNanos - previousUntilNanos >= 0 ? List.of(current) : List.of(current, previous);
    }

    /** Says nothing of the keys. */
    @Override
    public String toString() {
        return current == null ? "no key" : previous == null ? "a key" : "two keys";
    }
}
