package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.vrrp.wire.Announcement;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the neighbours where VIPs are: at once, and four times more at growing distances, since nobody confirms such a frame
 * and the last holder may have announced itself in between. Never waits: what is not due stays on the schedule.
 */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /** Pauses before the second to the fifth announcement. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));

    /** So that a thousand VIPs do not hold up an advertisement. */
    private static final int FRAMES_AT_ONCE = 256;

    /** When the interface's queue is full. */
    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

    private final VrrpSockets sockets;
    private final List<Burst> bursts = new ArrayList<>();

    Announcements(VrrpSockets sockets) {
        this.sockets = sockets;
    }

    /** Five announcements of each of these from now on, in place of what is left of earlier ones. */
    void start(int interfaceIndex, MacAddress mac, List<IpAddress> vips, long nowNanos) {
        forget(interfaceIndex, vips);
        Burst burst = new Burst(interfaceIndex, mac, new ArrayList<>(vips), nowNanos);
        bursts.add(burst);
        advance(burst, nowNanos);
    }

    /** These are not here any more. */
    void forget(int interfaceIndex, Collection<IpAddress> vips) {
        Set<IpAddress> gone = Set.copyOf(vips);
        for (Burst burst : bursts) {
            if (burst.interfaceIndex == interfaceIndex) {
                burst.forget(gone);
            }
        }
        bursts.removeIf(burst -> burst.vips.isEmpty());
    }

    void sendDue(long nowNanos) {
        for (Burst burst : bursts) {
            if (nowNanos - burst.dueNanos >= 0) {
                advance(burst, nowNanos);
            }
        }
        bursts.removeIf(burst -> burst.round > PAUSES.size());
    }

    /** How long until something is due, at most {@code limitNanos}. */
    long nanosToNext(long nowNanos, long limitNanos) {
        return bursts.stream()
                .mapToLong(burst -> Math.max(0, burst.dueNanos - nowNanos))
                .reduce(limitNanos, Math::min);
    }

    private void advance(Burst burst, long nowNanos) {
        int end = Math.min(burst.position + FRAMES_AT_ONCE, burst.vips.size());
        while (burst.position < end) {
            if (!send(burst, burst.vips.get(burst.position))) {
                burst.dueNanos = nowNanos + RETRY_NANOS;
                return;
            }
            burst.position++;
        }
        if (burst.position == burst.vips.size()) {
            burst.finishRound(nowNanos);
        }
    }

    /** Whether to go on: a frame that cannot be sent at all is given up, one that the queue has no room for is not. */
    private boolean send(Burst burst, IpAddress vip) {
        try {
            sockets.sendFrame(burst.interfaceIndex, Announcement.frame(burst.mac, vip));
            return true;
        } catch (IOException e) {
            if (SendQueue.isFull(e)) {
                return false;
            }
            LOG.debug("cannot announce {} on interface {}: {}", vip, burst.interfaceIndex, e.getMessage());
            return true;
        }
    }

    private static final class Burst {
        private final int interfaceIndex;
        private final MacAddress mac;
        private final List<IpAddress> vips;
        private int round;
        private int position;
        private long dueNanos;

        Burst(int interfaceIndex, MacAddress mac, List<IpAddress> vips, long dueNanos) {
            this.interfaceIndex = interfaceIndex;
            this.mac = mac;
            this.vips = vips;
            this.dueNanos = dueNanos;
        }

        void forget(Set<IpAddress> gone) {
            int before = (int)
                    vips.subList(0, position).stream().filter(gone::contains).count();
            position -= before;
            vips.removeIf(gone::contains);
        }

        void finishRound(long nowNanos) {
            if (round < PAUSES.size()) {
                dueNanos = nowNanos + PAUSES.get(round).toNanos();
            }
            position = 0;
            round++;
        }
    }
}
