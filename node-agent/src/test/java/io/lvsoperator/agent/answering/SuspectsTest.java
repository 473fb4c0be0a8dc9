package io.lvsoperator.agent.answering;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.connections.Connection;
import io.lvsoperator.agent.connections.Endpoint;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuspectsTest {
    private static final DesiredState WANTED =
            DesiredStateCompiler.compile(director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.22", 1))), NODE);

    @Test
    void nobodyIsSuspectedWhereAllConnectionsAreEstablished() {
        assertThat(suspects(new ConnectionCounts(5000, 4, 0)).isEmpty()).isTrue();
    }

    @Test
    void connectionsThatAreNotEstablishedAreWorthALook() {
        assertThat(suspects(new ConnectionCounts(5000, 5, 0)).samples().keySet())
                .extracting(realServer -> realServer.key().toString())
                .containsExactlyInAnyOrder("192.0.2.21:80", "192.0.2.22:80");
    }

    @Test
    void whoIsUnderSuspicionIsLookedAtAnyway() {
        Suspects suspects = Suspects.of(
                new Comparison(WANTED, table(new ConnectionCounts(0, 0, 0))),
                realServer -> realServer.key().toString().startsWith("192.0.2.22"));

        assertThat(suspects.samples()).hasSize(1);
    }

    @Test
    void connectionsAreCountedForTheirRealServerByWhatTheyCameTo() {
        Suspects suspects = suspects(new ConnectionCounts(0, 9, 0));

        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.21", "SYN_RECV"));
        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.21", "SYN_RECV"));
        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.21", "FIN_WAIT"));
        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.22", "ESTABLISHED"));

        assertThat(sample(suspects, "192.0.2.21:80")).isEqualTo(new Sample(2, 1, Statistics.ZERO));
        assertThat(sample(suspects, "192.0.2.22:80")).isEqualTo(new Sample(0, 1, Statistics.ZERO));
    }

    @Test
    void whatSaysNothingOrBelongsToOthersIsNotCounted() {
        Suspects suspects = suspects(new ConnectionCounts(0, 9, 0));

        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.21", "CLOSE"));
        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.21", "NONE"));
        suspects.count(connection("UDP", "192.0.2.100", 80, "192.0.2.21", "SYN_RECV"));
        suspects.count(connection("TCP", "192.0.2.99", 80, "192.0.2.21", "SYN_RECV"));
        suspects.count(connection("TCP", "192.0.2.100", 81, "192.0.2.21", "SYN_RECV"));
        suspects.count(connection("TCP", "192.0.2.100", 80, "192.0.2.66", "SYN_RECV"));

        assertThat(suspects.samples().values()).containsOnly(new Sample(0, 0, Statistics.ZERO));
    }

    @Test
    void foreignDestinationsAreNotOurs() {
        DesiredState onlyOne = DesiredStateCompiler.compile(director(dr("192.0.2.100", at("192.0.2.21", 1))), NODE);

        Suspects suspects =
                Suspects.of(new Comparison(onlyOne, table(new ConnectionCounts(0, 9, 0))), realServer -> false);

        assertThat(suspects.samples()).hasSize(1);
    }

    private static Suspects suspects(ConnectionCounts connections) {
        return Suspects.of(new Comparison(WANTED, table(connections)), realServer -> false);
    }

    private static IpvsTable table(ConnectionCounts connections) {
        List<ObservedServer> servers = new ArrayList<>();
        WANTED.services()
                .forEach((key, service) -> servers.add(new ObservedServer(
                        service.server(),
                        Statistics.ZERO,
                        service.destinations().entrySet().stream()
                                .map(d -> new ObservedDestination(
                                        new Destination(d.getKey(), d.getValue()), connections, Statistics.ZERO))
                                .toList())));
        return IpvsTable.of(servers);
    }

    private static Sample sample(Suspects suspects, String realServer) {
        return suspects.samples().entrySet().stream()
                .filter(entry -> entry.getKey().key().toString().equals(realServer))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static Connection connection(String protocol, String vip, int port, String realServer, String state) {
        return new Connection(
                protocol,
                new Endpoint(IpAddress.parse("198.51.100.7"), 40000),
                new Endpoint(IpAddress.parse(vip), port),
                new Endpoint(IpAddress.parse(realServer), port),
                state,
                60,
                Optional.empty());
    }
}
