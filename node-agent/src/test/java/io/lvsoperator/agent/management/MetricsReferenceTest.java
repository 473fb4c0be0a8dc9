package io.lvsoperator.agent.management;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.heartbeat.FleetPeers;
import io.lvsoperator.agent.heartbeat.HeartbeatStatus;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.traffic.TrafficCollector;
import io.lvsoperator.agent.vrrp.RouterKey;
import io.lvsoperator.agent.vrrp.RouterStatus;
import io.lvsoperator.agent.vrrp.VrrpStatus;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference says what there is: no metric is missing in it, none is in it that does not exist. */
class MetricsReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference/metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `(lvs_[a-z_]+)` \\| (\\w+) \\|.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (lvs_[a-z_]+) (\\w+)");

    @Test
    void theReferenceListsEveryMetricOfTheAgentWithItsTypeAndNoOther() throws IOException {
        SortedMap<String, String> documented = new TreeMap<>();
        agentPart(Files.readString(REFERENCE))
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> documented.put(row.group(1), row.group(2)));

        SortedMap<String, String> given = new TreeMap<>();
        scrapeOfEverything()
                .lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> given.put(type.group(1), type.group(2)));

        assertThat(documented).isEqualTo(given);
    }

    @Test
    void everyMetricSaysWhatItIs() {
        Set<String> named = scrapeOfEverything()
                .lines()
                .filter(line -> line.startsWith("# TYPE lvs_"))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toSet());

        assertThat(scrapeOfEverything().lines().filter(line -> line.startsWith("# HELP lvs_")))
                .allMatch(help -> help.split(" ", -1).length > 4)
                .hasSameSizeAs(named);
    }

    private static String agentPart(String reference) {
        return reference.substring(reference.indexOf("## Agent"), reference.indexOf("## Operator"));
    }

    private static String scrapeOfEverything() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AgentMetrics metrics = new AgentMetrics(registry);
        TrafficCollector traffic = new TrafficCollector();
        registry.getPrometheusRegistry().register(traffic);
        Report report = aPassThatRepaired();
        metrics.passed(report, List.of());
        metrics.elected(anElection());
        metrics.fenced(() -> true);
        traffic.passed(report);
        return registry.scrape();
    }

    private static Report aPassThatRepaired() {
        Assignment assignment = director(dr("192.0.2.100", at("192.0.2.21", 1)));
        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);
        IpvsTable table = IpvsTable.of(desired.services().values().stream()
                .map(service -> new ObservedServer(
                        service.server(),
                        Statistics.ZERO,
                        service.destinations().entrySet().stream()
                                .map(d -> new ObservedDestination(
                                        new Destination(d.getKey(), d.getValue()),
                                        ConnectionCounts.ZERO,
                                        Statistics.ZERO))
                                .toList()))
                .toList());
        return new Report(
                assignment,
                true,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.SERVICE), 1),
                List.of(),
                true,
                Set.of(),
                0,
                Map.of(),
                Optional.of(new Comparison(desired, table)),
                Report.Untracked.NONE,
                Report.Sync.NOT_ASKED,
                Report.Extent.EVERYTHING,
                Duration.ofMillis(1));
    }

    private static VrrpStatus anElection() {
        RouterStatus router = new RouterStatus(
                new RouterKey("edge", "eth0", AddressFamily.IPV4, 51),
                VirtualRouterState.ACTIVE,
                Instant.EPOCH,
                Optional.empty(),
                1,
                Optional.empty(),
                Optional.empty(),
                1,
                1,
                0,
                Map.of(DropReason.HOP_LIMIT, 1L),
                Optional.empty(),
                true,
                0,
                List.of());
        HeartbeatStatus heartbeats = new HeartbeatStatus(
                List.of(new FleetPeers("edge", Set.of("d2"), Set.of("d2"), 1, 1, List.of())), Map.of());
        return new VrrpStatus(true, List.of(router), Map.of(), heartbeats, false, Optional.empty());
    }
}
