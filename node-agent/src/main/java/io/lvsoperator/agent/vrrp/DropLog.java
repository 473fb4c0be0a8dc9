package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.vrrp.Attachments.Place;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Reception.Dropped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs dropped packets, at most one line a minute for each reason (RFC 9568 section 7.1); the counters are exact. */
final class DropLog {

    private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final Map<DropReason, Long> quietSince = new EnumMap<>(DropReason.class);

    DropLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void dropped(Place place, Dropped dropped, ReceivedMessage message) {
        long now = nanoTime.getAsLong();
        Long since = quietSince.get(dropped.reason());
        if (since != null && now - since < PAUSE_NANOS) {
            return;
        }
        quietSince.put(dropped.reason(), now);
        LOG.warn(
                "dropped a packet from {} on {} for virtual router {}: {}; no more lines of this reason for a minute",
                message.source(),
                place.interfaceName(),
                dropped.virtualRouterId(),
                dropped.reason());
    }
}
