package io.lvsoperator.agent.answering;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.connections.Connection;
import io.lvsoperator.agent.connections.Endpoint;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The real servers whose connections are worth a look, and how those stand. The table of services tells how many connections
 * are not established, but not why: what closes counts as well as what was never answered. Only the connection
 * table tells, and that may be large, so it is read only when there is somebody to suspect.
 */
final class Suspects {
    private static final String TCP = "TCP";
    private static final String WAITING = "SYN_RECV";
    private static final Set<String> PASSED = Set.of("ESTABLISHED", "FIN_WAIT", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK");

    private final Comparison comparison;
    private final Map<VirtualServerKey, Map<DestinationKey, Count>> counts = new LinkedHashMap<>();
    private final Map<DestinationKey, Count> ofMarks = new HashMap<>();

    private static final class Count {
        private final RealServer realServer;
        private final Statistics statistics;
        private long waiting;
        private long passed;

        Count(RealServer realServer, Statistics statistics) {
            this.realServer = realServer;
            this.statistics = statistics;
        }
    }

    private Suspects(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Picks them.
     *
     * @param anyway who is looked at whatever the table says
     */
    static Suspects of(Comparison comparison, Predicate<RealServer> anyway) {
        Suspects suspects = new Suspects(comparison);
        comparison.desired().services().values().forEach(service -> suspects.pick(service, anyway));
        return suspects;
    }

    private void pick(DesiredState.Service service, Predicate<RealServer> anyway) {
        VirtualServerKey key = service.server().key();
        ObservedServer observed = comparison.table().servers().get(key);
        boolean hasTcp = !(key instanceof VirtualServerKey.AddressAndPort address)
                || address.protocol().equals(Protocol.TCP);
        if (observed == null || !hasTcp) {
            return;
        }
        for (ObservedDestination destination : observed.destinations()) {
            DestinationKey at = destination.destination().key();
            RealServer realServer = new RealServer(service.origin(), key, at);
            if (service.destinations().containsKey(at)
                    && (isSuspicious(destination.connections()) || anyway.test(realServer))) {
                Count count = new Count(realServer, destination.statistics());
                counts.computeIfAbsent(key, k -> new HashMap<>()).put(at, count);
                if (key instanceof VirtualServerKey.FirewallMark) {
                    ofMarks.put(at, count);
                }
            }
        }
    }

    private static boolean isSuspicious(ConnectionCounts connections) {
        return connections.inactive() >= Judge.SMALLEST_PILE;
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Counts a connection in, if it is one of theirs. */
    void count(Connection connection) {
        if (!connection.protocol().equals(TCP)) {
            return;
        }
        Optional<Count> of = find(connection);
        if (connection.state().equals(WAITING)) {
            of.ifPresent(count -> count.waiting++);
        } else if (PASSED.contains(connection.state())) {
            of.ifPresent(count -> count.passed++);
        }
    }

    /** The kernel does not note the service of a connection: it is the one that a new connection would go to. */
    private Optional<Count> find(Connection connection) {
        Endpoint vip = connection.virtual();
        for (int port : new int[] {vip.port(), 0}) {
            VirtualServerKey key = new VirtualServerKey.AddressAndPort(Protocol.TCP, vip.address(), port);
            if (comparison.table().servers().containsKey(key)) {
                return find(counts.getOrDefault(key, Map.of()), connection.realServer());
            }
        }
        return find(ofMarks, connection.realServer());
    }

    /** A destination of port 0 gets connections on every port. */
    private static Optional<Count> find(Map<DestinationKey, Count> destinations, Endpoint realServer) {
        return Optional.ofNullable(destinations.get(new DestinationKey(realServer.address(), realServer.port())))
                .or(() -> Optional.ofNullable(destinations.get(new DestinationKey(realServer.address(), 0))));
    }

    /** How they stand, after all connections were counted. */
    Map<RealServer, Sample> samples() {
        Map<RealServer, Sample> samples = new HashMap<>();
        counts.values().stream()
                .flatMap(destinations -> destinations.values().stream())
                .forEach(count ->
                        samples.put(count.realServer, new Sample(count.waiting, count.passed, count.statistics)));
        return samples;
    }
}
