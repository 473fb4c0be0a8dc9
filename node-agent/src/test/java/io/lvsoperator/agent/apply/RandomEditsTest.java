package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.FLEET;
import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.behind;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random edits, strangers, and looks at everything in any order. An edit without a stranger ends with kernel = desired; one with a
 * stranger does so for what it is about, and the next look for all; foreign services are never touched.
 */
class RandomEditsTest {
    private static final VirtualServerKey FOREIGN = new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 4711);
    private static final int ROUNDS = 400;
    private static final int SLICES = 6;

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeElection election = new FakeElection(ipvs);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4_000})
    void theKernelEndsAsDesired(long seed) throws Exception {
        Random random = new Random(seed);
        FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24").with(3, "eth1", "10.0.0.254/24");
        Reconciler reconciler =
                new Reconciler(ipvs, links, new FakeSettings(), election, new StateDirectory(directory), NODE);
        ipvs.execute(new IpvsCommand.AddService(
                new VirtualServer(FOREIGN, VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4))));
        Map<Integer, VirtualServerSliceSpec> slices = new TreeMap<>();
        Map<Report.Extent, Integer> extents = new HashMap<>();
        boolean disturbed = false;
        for (int round = 0; round < ROUNDS; round++) {
            for (int change = random.nextInt(3); change > 0; change--) {
                edit(random, slices);
            }
            if (random.nextInt(4) == 0) {
                interfere(random);
                disturbed = true;
            }
            Assignment assignment = assignment(slices);
            boolean look = random.nextInt(4) == 0;
            Report report = look ? reconciler.reconcile(assignment) : reconciler.edit(assignment);
            extents.merge(report.extent(), 1, Integer::sum);
            disturbed &= report.extent() == Report.Extent.EDITED_SERVICES;

            assertThat(report.reached()).as("round %d", round).isTrue();
            assertThat(report.comparison().orElseThrow().desired())
                    .as("round %d", round)
                    .isEqualTo(DesiredStateCompiler.compile(assignment, NODE));
            if (!disturbed) {
                assertThat(contentOf(ipvs)).as("round %d", round).isEqualTo(contentOf(assignment));
                assertThat(report.foreignServices()).as("round %d", round).isEqualTo(1);
                assertThat(new StateDirectory(directory).loadLedger().services())
                        .as("round %d", round)
                        .containsAll(contentOf(assignment).keySet())
                        .doesNotContain(FOREIGN);
            }
            assertThat(ipvs.services()).contains(FOREIGN);
            assertThat(election.offered())
                    .as("round %d", round)
                    .containsExactlyInAnyOrderElementsOf(contentOf(assignment).keySet().stream()
                            .map(key -> ((VirtualServerKey.AddressAndPort) key).address())
                            .toList());
        }
        assertThat(extents).allSatisfy((extent, times) -> assertThat(times).isGreaterThan(ROUNDS / 10));
        assertThat(extents).hasSize(2);
    }

    private static void edit(Random random, Map<Integer, VirtualServerSliceSpec> slices) {
        int number = random.nextInt(SLICES);
        if (random.nextInt(8) == 0) {
            slices.remove(number);
            return;
        }
        boolean nat = number == 0;
        List<SliceRealServer> realServers = new ArrayList<>();
        for (int r = 1; r <= 4; r++) {
            if (random.nextBoolean()) {
                String address = "10.0.0." + r;
                realServers.add(nat ? behind(address, random.nextInt(3)) : at(address, random.nextInt(3)));
            }
        }
        slices.put(
                number,
                slice(
                        nat
                                ? io.lvsoperator.api.v1alpha1.ForwardingMethod.NAT
                                : io.lvsoperator.api.v1alpha1.ForwardingMethod.DR,
                        random.nextInt(3) == 0 ? SchedulerName.MH : SchedulerName.WRR,
                        Phase.SERVING,
                        "192.0.2." + (100 + number),
                        80,
                        realServers.toArray(SliceRealServer[]::new)));
    }

    private void interfere(Random random) throws Exception {
        for (ObservedServer server : List.copyOf(ipvs.table().servers().values())) {
            VirtualServerKey key = server.server().key();
            if (key.equals(FOREIGN)) {
                continue;
            }
            switch (random.nextInt(6)) {
                case 0 -> ipvs.execute(new IpvsCommand.DeleteService(key));
                case 1 ->
                    ipvs.execute(new IpvsCommand.SetService(
                            new VirtualServer(key, VirtualServerConfig.of(Scheduler.LC, key.family()))));
                case 2 ->
                    ipvs.execute(List.of(new IpvsCommand.AddDestination(
                            key,
                            new Destination(
                                    new DestinationKey(IpAddress.parse("10.0.0.66"), 80),
                                    DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, 1)))));
                default -> {}
            }
        }
    }

    private static Assignment assignment(Map<Integer, VirtualServerSliceSpec> slices) {
        List<Assignment.Slice> named = new ArrayList<>();
        slices.forEach((number, spec) -> named.add(new Assignment.Slice(new SliceName("shop", "s" + number), spec)));
        return new Assignment(3, director().roles(), Map.of(FLEET, new Assignment.FleetSlices("100", named)));
    }

    private static Map<VirtualServerKey, Map<DestinationKey, DestinationConfig>> contentOf(Assignment assignment) {
        Map<VirtualServerKey, Map<DestinationKey, DestinationConfig>> content = new HashMap<>();
        for (DesiredState.Service service :
                DesiredStateCompiler.compile(assignment, NODE).services().values()) {
            content.put(service.server().key(), service.destinations());
        }
        return content;
    }

    private static Map<VirtualServerKey, Map<DestinationKey, DestinationConfig>> contentOf(FakeIpvs kernel)
            throws Exception {
        Map<VirtualServerKey, Map<DestinationKey, DestinationConfig>> content = new HashMap<>();
        kernel.table().servers().forEach((key, server) -> {
            if (!key.equals(FOREIGN) && !Placeholder.is(key)) {
                Map<DestinationKey, DestinationConfig> destinations = new HashMap<>();
                server.destinations()
                        .forEach(found -> destinations.put(
                                found.destination().key(), found.destination().config()));
                content.put(key, destinations);
            }
        });
        return content;
    }
}
