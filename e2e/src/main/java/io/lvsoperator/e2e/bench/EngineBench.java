package io.lvsoperator.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.plan.Observed;
import io.lvsoperator.agent.plan.Planner;
import io.lvsoperator.agent.plan.Step;
import io.lvsoperator.agent.settings.NodeKernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.e2e.lab.NamespaceThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's engine in a process of its own, started with the agent's options: looks at the kernel, plans and applies, in new
 * network namespaces. Writes its {@link Figures} as JSON to standard output.
 */
public final class EngineBench {
    private static final int FILLS = 4;
    private static final int PASSES = 12;

    private static final int EDITS = 200;

    private static final Map<Applied.Change, Integer> ONE_WEIGHT =
            Map.of(new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.DESTINATION), 1);
    private static final NetworkState NO_NETWORK = new NetworkState(List.of(), List.of());

    private final BenchTable table;
    private final DesiredState desired;
    private final List<Double> fills = new ArrayList<>();
    private final List<Double> looks = new ArrayList<>();
    private final List<Double> passes = new ArrayList<>();
    private final List<Double> edits = new ArrayList<>();

    /**
     * Milliseconds of each round, the first one of a cold process.
     *
     * @param fills of an empty table
     * @param looks reading the whole table, part of every pass
     * @param passes that find nothing to do: reading the table and comparing it
     * @param edits of one weight, from the assignment to the kernel
     * @param rssKilobytes of the process at the end
     */
    public record Figures(
            List<Double> fills, List<Double> looks, List<Double> passes, List<Double> edits, long rssKilobytes) {}

    private EngineBench(BenchTable table) {
        this.table = table;
        this.desired = table.desired(1);
    }

    /** Takes the number of services and of real servers of each. */
    public static void main(String[] arguments) throws Exception {
        BenchTable table = new BenchTable(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(new ObjectMapper().writeValueAsString(new EngineBench(table).run()));
    }

    private Figures run() throws Exception {
        for (int round = 0; round < FILLS; round++) {
            boolean last = round == FILLS - 1;
            NamespaceThreads.<Boolean>callInNew(() -> {
                inNamespace(last);
                return last;
            });
        }
        return new Figures(fills, looks, passes, edits, rss());
    }

    private void inNamespace(boolean last) throws Exception {
        try (NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC)) {
            NetlinkIpvs ipvs = new NetlinkIpvs(netlink);
            ipvs.info();
            expect(fills, ipvs, desired, table.services() * (1 + table.realServers()) + 1);
            for (int pass = 0; pass < (last ? PASSES : 2); pass++) {
                expect(passes, ipvs, desired, 0);
                long started = System.nanoTime();
                ipvs.table();
                looks.add(millisSince(started));
            }
            if (last) {
                edit(ipvs);
            }
        }
    }

    /** By the agent's reconciler, which has taken over what stands. */
    private void edit(NetlinkIpvs ipvs) throws Exception {
        Path state = Files.createTempDirectory("bench");
        try (NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE)) {
            Reconciler reconciler = new Reconciler(
                    ipvs,
                    new NetlinkLinks(netlink),
                    new NodeKernelSettings(ipvs, Optional.empty()),
                    new NoElection(),
                    new StateDirectory(state),
                    "bench");
            Assignment before = table.assignment();
            Assignment after = table.edited(before, 2);
            reconciler.reconcile(before);
            for (int edit = 0; edit < EDITS; edit++) {
                Assignment wanted = edit % 2 == 0 ? after : before;
                long started = System.nanoTime();
                Report report = reconciler.edit(wanted);
                edits.add(millisSince(started));
                if (report.extent() != Report.Extent.EDITED_SERVICES
                        || !report.done().equals(ONE_WEIGHT)) {
                    throw new IllegalStateException("%s looked at, %s where one weight belongs"
                            .formatted(report.extent().label(), report.done()));
                }
            }
        }
    }

    private record NoElection() implements Election {
        @Override
        public void configure(VrrpConfig config) {}

        @Override
        public boolean awaitSettled(Duration atMost) {
            return true;
        }
    }

    private static void expect(List<Double> figures, Ipvs ipvs, DesiredState wanted, int operations) throws Exception {
        long started = System.nanoTime();
        int done = pass(ipvs, wanted);
        figures.add(millisSince(started));
        if (done != operations) {
            throw new IllegalStateException("%d operations where %d belong".formatted(done, operations));
        }
    }

    private static int pass(Ipvs ipvs, DesiredState wanted) throws Exception {
        IpvsTable present = ipvs.table();
        List<IpvsCommand> commands = Planner.plan(
                        wanted, new Observed(new Observed.Table(present), NO_NETWORK, Map.of()), Ledger.EMPTY, "bench")
                .steps()
                .stream()
                .map(step -> ((Step.ChangeIpvs) step).command())
                .toList();
        for (CommandResult result : ipvs.execute(commands)) {
            if (result.error().isPresent()) {
                throw new IllegalStateException(result.error().get().toString());
            }
        }
        return commands.size();
    }

    private static double millisSince(long started) {
        return (System.nanoTime() - started) / 1e6;
    }

    private static long rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
