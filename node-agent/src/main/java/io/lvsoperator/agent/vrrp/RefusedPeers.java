package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Version;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routers with our id that are not heard because they are set up otherwise: told as long as they speak. */
final class RefusedPeers {

    /** Told for so long after the last packet, or for a down interval if that is longer. */
    private static final long AT_LEAST_NANOS = Duration.ofMinutes(1).toNanos();

    private record Refused(IpAddress source, int version, long nanos) {}

    private final Map<DropReason, Refused> last = new EnumMap<>(DropReason.class);

    /** Notes a dropped message for the virtual router. */
    void dropped(DropReason reason, ReceivedMessage message, long nowNanos) {
        int version = message.bytes().length == 0 ? 0 : message.bytes()[0] >>> 4 & 0xf;
        last.put(reason, new Refused(message.source(), version, nowNanos));
    }

    /** What is to be told now of the routers that {@code config} cannot hear. */
    List<Problem> problems(RouterConfig config, long downIntervalNanos, long nowNanos) {
        long told = Math.max(AT_LEAST_NANOS, downIntervalNanos);
        return last.entrySet().stream()
                .filter(entry -> nowNanos - entry.getValue().nanos() < told)
                .flatMap(entry -> problem(entry.getKey(), entry.getValue(), config).stream())
                .toList();
    }

    private static Optional<Problem> problem(DropReason reason, Refused refused, RouterConfig config) {
        return switch (reason) {
            case VERSION -> Version.ofNumber(refused.version()).map(theirs -> version(refused, theirs, config));
            case INTERVAL ->
                Optional.of(new Problem(
                        Problem.Kind.INTERVAL_DIFFERS,
                        refused.source() + " advertises at another interval than our " + config.intervalMillis()
                                + " ms, and version 2 does not hear it: set both to one interval"));
            case AUTHENTICATION ->
                Optional.of(
                        new Problem(
                                Problem.Kind.AUTHENTICATION_DIFFERS,
                                refused.source() + " does not authenticate its advertisements as we do ("
                                        + words(config)
                                        + "), and neither hears the other: set both alike, the fleet's by vrrp.authentication"));
            case HOP_LIMIT,
                    TOO_SHORT,
                    TYPE,
                    NO_ADDRESSES,
                    INCOMPLETE,
                    CHECKSUM,
                    UNKNOWN_VIRTUAL_ROUTER,
                    ZERO_INTERVAL,
                    FIRST_ADDRESS_NOT_LINK_LOCAL,
                    OWN_SOURCE,
                    UNKNOWN_PEER -> Optional.empty();
        };
    }

    private static String words(RouterConfig config) {
        return switch (config.authentication()) {
            case NONE -> "not at all";
            case PASSWORD -> "by a password";
        };
    }

    private static Problem version(Refused refused, Version theirs, RouterConfig config) {
        return new Problem(
                Problem.Kind.VERSION_DIFFERS,
                refused.source() + " speaks VRRP " + theirs + " and we " + config.version()
                        + ", and neither hears the other: set both to one, the fleet's by vrrp.version");
    }
}
