package io.lvsoperator.agent.traffic;

import static io.lvsoperator.agent.kernel.Assignments.FLEET;
import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.kernel.Reports;
import io.lvsoperator.api.v1alpha1.MetricsDetail;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficCollectorTest {
    private static final Statistics OF_SERVER = new Statistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    private static final Statistics OF_DESTINATION = new Statistics(11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    private static final ConnectionCounts CONNECTIONS = new ConnectionCounts(21, 22, 23);

    @Test
    void everyCounterOfAVirtualServerAndItsRealServersIsThere() {
        String scrape = scrape(20_000, director(dr("192.0.2.100", at("192.0.2.21", 5))));

        String service = "{namespace=\"shop\",port=\"80\",protocol=\"TCP\",vip=\"192.0.2.100\",virtual_service=\"s0\"}";
        assertThat(scrape.lines())
                .contains(
                        "lvs_virtual_server_connections_total" + service + " 1.0",
                        "lvs_virtual_server_incoming_packets_total" + service + " 2.0",
                        "lvs_virtual_server_outgoing_packets_total" + service + " 3.0",
                        "lvs_virtual_server_incoming_bytes_total" + service + " 4.0",
                        "lvs_virtual_server_outgoing_bytes_total" + service + " 5.0",
                        "lvs_virtual_server_connections_per_second" + service + " 6.0",
                        "lvs_virtual_server_incoming_packets_per_second" + service + " 7.0",
                        "lvs_virtual_server_outgoing_packets_per_second" + service + " 8.0",
                        "lvs_virtual_server_incoming_bytes_per_second" + service + " 9.0",
                        "lvs_virtual_server_outgoing_bytes_per_second" + service + " 10.0");
        String realServer = "{namespace=\"shop\",port=\"80\",protocol=\"TCP\",real_server=\"192.0.2.21:80\","
                + "vip=\"192.0.2.100\",virtual_service=\"s0\"}";
        assertThat(scrape.lines())
                .contains(
                        "lvs_real_server_connections_total" + realServer + " 11.0",
                        "lvs_real_server_incoming_bytes_total" + realServer + " 14.0",
                        "lvs_real_server_outgoing_bytes_per_second" + realServer + " 20.0",
                        "lvs_real_server_active_connections" + realServer + " 21.0",
                        "lvs_real_server_inactive_connections" + realServer + " 22.0",
                        "lvs_real_server_persistent_connections" + realServer + " 23.0",
                        "lvs_real_server_weight" + realServer + " 5.0");
    }

    @Test
    void connectionsOfAVirtualServerAreTheSumOfItsRealServers() {
        String scrape = scrape(20_000, director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.22", 1))));

        assertThat(values(scrape, "lvs_virtual_server_active_connections")).containsExactly("42.0");
    }

    @Test
    void aServiceCanDoWithoutItsRealServersOrWithoutAnySeries() {
        Assignment assignment = director(
                detailed(MetricsDetail.NONE, "192.0.2.100"),
                detailed(MetricsDetail.SERVICE, "192.0.2.101"),
                detailed(MetricsDetail.REAL_SERVER, "192.0.2.102"));

        String scrape = scrape(20_000, assignment);

        assertThat(names(scrape, "lvs_virtual_server_connections_total", "vip"))
                .containsExactly("192.0.2.101", "192.0.2.102");
        assertThat(names(scrape, "lvs_real_server_connections_total", "vip")).containsExactly("192.0.2.102");
        assertThat(leftOut(scrape)).containsExactly("0.0", "0.0");
    }

    @Test
    void whatWouldGoBeyondTheLimitIsLeftOutAndCounted() {
        Assignment assignment = director(IntStream.range(0, 3)
                .mapToObj(i -> dr("192.0.2.10" + i, at("192.0.2.21", 1), at("192.0.2.22", 1)))
                .toArray(VirtualServerSliceSpec[]::new));
        int ofServer = Family.OF_VIRTUAL_SERVER.size();
        int ofReal = Family.OF_REAL_SERVER.size();

        String scrape = scrape(3 * ofServer + 4 * ofReal + ofReal - 1, assignment);

        assertThat(values(scrape, "lvs_virtual_server_connections_total")).hasSize(3);
        assertThat(names(scrape, "lvs_real_server_connections_total", "vip"))
                .as("those of the last service are left out")
                .containsExactlyInAnyOrder("192.0.2.100", "192.0.2.100", "192.0.2.101", "192.0.2.101");
        assertThat(values(scrape, TrafficCollector.LEFT_OUT + "{object=\"real_server\"}"))
                .containsExactly(2.0 * ofReal + "");
    }

    @Test
    void noServiceIsBroughtInPartWhenNotEvenTheVirtualServersFit() {
        Assignment assignment = director(dr("192.0.2.100", at("192.0.2.21", 1)), dr("192.0.2.101"));

        String scrape = scrape(Family.OF_VIRTUAL_SERVER.size(), assignment);

        assertThat(names(scrape, "lvs_virtual_server_connections_total", "vip")).containsExactly("192.0.2.100");
        assertThat(values(scrape, TrafficCollector.LEFT_OUT + "{object=\"virtual_server\"}"))
                .containsExactly((double) Family.OF_VIRTUAL_SERVER.size() + "");
    }

    @Test
    void foreignDestinationsAndServicesGetNoSeries() {
        Assignment assignment = director(dr("192.0.2.100", at("192.0.2.21", 1)));
        Assignment withForeign =
                director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.66", 1)), dr("192.0.2.99"));

        String scrape = scrape(20_000, assignment, compile(assignment), table(compile(withForeign)));

        assertThat(names(scrape, "lvs_virtual_server_connections_total", "vip")).containsExactly("192.0.2.100");
        assertThat(names(scrape, "lvs_real_server_connections_total", "real_server"))
                .containsExactly("192.0.2.21:80");
    }

    @Test
    void anUnknownTableGivesNoSeriesRatherThanOldOnes() {
        TrafficCollector collector = new TrafficCollector();
        PrometheusMeterRegistry registry = registry(collector);
        Assignment assignment = director(dr("192.0.2.100", at("192.0.2.21", 1)));
        collector.passed(report(assignment, Optional.of(comparison(assignment))));

        collector.passed(report(assignment, Optional.empty()));

        assertThat(registry.scrape()).doesNotContain("lvs_virtual_server").doesNotContain("lvs_real_server_");
    }

    // -- what is given

    private static VirtualServerSliceSpec detailed(MetricsDetail detail, String vip) {
        VirtualServerSliceSpec plain = dr(vip, at("192.0.2.21", 1));
        return new VirtualServerSliceSpec(
                FLEET,
                plain.virtualServiceGeneration(),
                plain.addresses(),
                plain.ports(),
                plain.firewallMark(),
                plain.scheduler(),
                plain.schedulerFlags(),
                plain.onePacket(),
                plain.persistence(),
                plain.realServers(),
                detail);
    }

    private static DesiredState compile(Assignment assignment) {
        return DesiredStateCompiler.compile(assignment, NODE);
    }

    private static Comparison comparison(Assignment assignment) {
        return new Comparison(compile(assignment), table(compile(assignment)));
    }

    /** The table that holds this. */
    private static IpvsTable table(DesiredState held) {
        List<ObservedServer> servers = new ArrayList<>();
        held.services().forEach((key, service) -> {
            List<ObservedDestination> destinations = new ArrayList<>();
            service.destinations()
                    .forEach((destination, config) -> destinations.add(new ObservedDestination(
                            new Destination(destination, config), CONNECTIONS, OF_DESTINATION)));
            servers.add(new ObservedServer(service.server(), OF_SERVER, destinations));
        });
        return IpvsTable.of(servers);
    }

    private static Report report(Assignment assignment, Optional<Comparison> comparison) {
        return Reports.of(assignment).comparison(comparison).report();
    }

    private static PrometheusMeterRegistry registry(TrafficCollector collector) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry().register(collector);
        return registry;
    }

    private static String scrape(int limit, Assignment assignment) {
        return scrape(limit, assignment, compile(assignment), table(compile(assignment)));
    }

    private static String scrape(int limit, Assignment assignment, DesiredState desired, IpvsTable table) {
        TrafficCollector collector = new TrafficCollector(limit);
        PrometheusMeterRegistry registry = registry(collector);
        collector.passed(report(assignment, Optional.of(new Comparison(desired, table))));
        return registry.scrape();
    }

    // -- what is found

    private static List<String> values(String scrape, String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    private static List<String> leftOut(String scrape) {
        return values(scrape, TrafficCollector.LEFT_OUT);
    }

    private static List<String> names(String scrape, String metric, String label) {
        return scrape.lines()
                .filter(line -> line.startsWith(metric + "{"))
                .map(line -> line.replaceAll(".*[{,]" + label + "=\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
