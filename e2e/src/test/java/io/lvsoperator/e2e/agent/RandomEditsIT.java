package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.settings.NodeKernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Edits of single services, a stranger, and looks at everything in any order, in a real kernel. An edit that no stranger
 * interfered with ends with kernel = desired, every look at everything does, and the foreign service is as it was.
 */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class RandomEditsIT {
    /** Of each seed; {@code scripts/random-edits} asks for thousands. */
    private static final int STEPS = Integer.parseInt(System.getenv().getOrDefault("LVS_RANDOM_STEPS", "100"));

    private static final String SEEDS = System.getenv().getOrDefault("LVS_RANDOM_SEEDS", "1 2 3");
    private static final int SLICES = 6;
    private static final String FLEET = "edge";
    private static final VirtualServerKey FOREIGN = new VirtualServerKey.FirewallMark(AddressFamily.IPV6, 4711);
    private static final Destination STRANGER = new Destination(
            new DestinationKey(IpAddress.parse("10.0.0.66"), 80),
            DestinationConfig.of(io.lvsoperator.agent.ipvs.ForwardingMethod.DIRECT_ROUTE, 1));

    private final NetlinkSocket ipvsSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final NetlinkSocket linkSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final NetlinkIpvs ipvs = new NetlinkIpvs(ipvsSocket);
    private final NetlinkIpvs oracle = new NetlinkIpvs(ipvsSocket);

    @TempDir
    private Path state;

    private record NoElection() implements Election {
        @Override
        public void configure(VrrpConfig config) {}

        @Override
        public boolean awaitSettled(Duration atMost) {
            return true;
        }
    }

    /** Called by the test, which alone is in the fresh namespace: sockets stay where they are opened. */
    private Reconciler start() throws Exception {
        ipvs.execute(new IpvsCommand.AddService(
                new VirtualServer(FOREIGN, VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV6))));
        return new Reconciler(
                ipvs,
                new NetlinkLinks(linkSocket),
                new NodeKernelSettings(ipvs, Optional.empty()),
                new NoElection(),
                new StateDirectory(state),
                "d1");
    }

    @AfterEach
    void close() {
        ipvsSocket.close();
        linkSocket.close();
    }

    static LongStream seeds() {
        return Arrays.stream(SEEDS.split(" ")).mapToLong(Long::parseLong);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theKernelEndsAsDesiredAndTheForeignServiceUntouched(long seed) throws Exception {
        Random random = new Random(seed);
        Reconciler reconciler = start();
        ObservedServer foreign = oracle.table().servers().get(FOREIGN);
        Map<Integer, VirtualServerSliceSpec> slices = new TreeMap<>();
        Map<Report.Extent, Integer> extents = new EnumMap<>(Report.Extent.class);
        boolean disturbed = false;
        for (int step = 0; step < STEPS; step++) {
            edit(random, slices);
            if (random.nextInt(5) == 0) {
                interfere(random);
                disturbed = true;
            }
            Assignment assignment = assignment(slices);
            Report report = random.nextInt(4) == 0 ? reconciler.reconcile(assignment) : reconciler.edit(assignment);
            extents.merge(report.extent(), 1, Integer::sum);
            disturbed &= report.extent() == Report.Extent.EDITED_SERVICES;

            assertThat(report.reached()).as("step %d", step).isTrue();
            // By another reader, who knows nothing of what this agent has seen before.
            Map<VirtualServerKey, ObservedServer> table = oracle.table().servers();
            assertThat(table.get(FOREIGN)).as("step %d", step).isEqualTo(foreign);
            if (!disturbed) {
                assertThat(present(table)).as("step %d", step).isEqualTo(wanted(assignment));
            }
        }
        assertThat(extents)
                .containsOnlyKeys(Report.Extent.values())
                .allSatisfy((extent, times) -> assertThat(times).isGreaterThan(STEPS / 10));
    }

    private static void edit(Random random, Map<Integer, VirtualServerSliceSpec> slices) {
        int number = random.nextInt(SLICES);
        if (random.nextInt(10) == 0) {
            slices.remove(number);
            return;
        }
        List<VirtualServerSliceSpec.SliceRealServer> realServers = new ArrayList<>();
        for (int r = 1; r <= 4; r++) {
            if (random.nextBoolean()) {
                realServers.add(new VirtualServerSliceSpec.SliceRealServer(
                        "10.0.0." + r, null, random.nextInt(3), null, ForwardingMethod.DR, Phase.SERVING));
            }
        }
        List<VirtualServerSliceSpec.SlicePort> ports = new ArrayList<>();
        ports.add(new VirtualServerSliceSpec.SlicePort(Protocol.TCP, 80, 80));
        if (random.nextInt(3) == 0) {
            ports.add(new VirtualServerSliceSpec.SlicePort(Protocol.UDP, 53, 53));
        }
        slices.put(
                number,
                new VirtualServerSliceSpec(
                        FLEET,
                        1L,
                        List.of(new VirtualServerSliceSpec.SliceAddress("192.0.2." + (100 + number), Phase.SERVING)),
                        ports,
                        null,
                        random.nextInt(3) == 0 ? SchedulerName.MH : SchedulerName.WRR,
                        List.of(),
                        false,
                        null,
                        realServers,
                        null));
    }

    /** A stranger's mischief, to which the kernel may say no. */
    private void interfere(Random random) throws Exception {
        List<IpvsCommand> mischief = new ArrayList<>();
        for (VirtualServerKey key : oracle.table().servers().keySet()) {
            if (!key.equals(FOREIGN)) {
                switch (random.nextInt(6)) {
                    case 0 -> mischief.add(new IpvsCommand.DeleteService(key));
                    case 1 ->
                        mischief.add(new IpvsCommand.SetService(
                                new VirtualServer(key, VirtualServerConfig.of(Scheduler.LC, key.family()))));
                    case 2 -> mischief.add(new IpvsCommand.AddDestination(key, STRANGER));
                    default -> {}
                }
            }
        }
        ipvs.execute(mischief);
    }

    private static Assignment assignment(Map<Integer, VirtualServerSliceSpec> slices) {
        List<Assignment.Slice> named = new ArrayList<>();
        slices.forEach((number, spec) -> named.add(new Assignment.Slice(new SliceName("shop", "s" + number), spec)));
        LvsNodeSpec.DirectorRole director = new LvsNodeSpec.DirectorRole(
                FLEET, new DirectorFleetSpec.Network("lo", null), List.of(), null, null, null, null);
        return new Assignment(
                1, new LvsNodeSpec(List.of(director), null), Map.of(FLEET, new Assignment.FleetSlices("1", named)));
    }

    private static Map<VirtualServerKey, String> wanted(Assignment assignment) {
        Map<VirtualServerKey, String> wanted = new HashMap<>();
        DesiredStateCompiler.compile(assignment, "d1")
                .services()
                .forEach((key, service) ->
                        wanted.put(key, content(service.server().config(), service.destinations())));
        return wanted;
    }

    private static Map<VirtualServerKey, String> present(Map<VirtualServerKey, ObservedServer> table) {
        Map<VirtualServerKey, String> present = new HashMap<>();
        table.forEach((key, server) -> {
            if (!key.equals(FOREIGN) && !Placeholder.is(key)) {
                Map<DestinationKey, DestinationConfig> destinations = new HashMap<>();
                server.destinations()
                        .forEach(found -> destinations.put(
                                found.destination().key(), found.destination().config()));
                present.put(key, content(server.server().config(), destinations));
            }
        });
        return present;
    }

    private static String content(VirtualServerConfig config, Map<DestinationKey, DestinationConfig> destinations) {
        Map<String, DestinationConfig> sorted = new TreeMap<>();
        destinations.forEach((key, destination) -> sorted.put(key.toString(), destination));
        return config + " " + sorted;
    }
}
