package io.lvsoperator.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Edits;
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
    private static final int EDITS_DURING_LOOKS = 20;

    private static final Map<Applied.Change, Integer> ONE_WEIGHT =
            Map.of(new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.DESTINATION), 1);
    private static final NetworkState NO_NETWORK = new NetworkState(List.of(), List.of());

    private final BenchTable table;
    private final DesiredState desired;
    private final List<Sample> fills = new ArrayList<>();
    private final List<Sample> looks = new ArrayList<>();
    private final List<Sample> passes = new ArrayList<>();
    private final List<Double> edits = new ArrayList<>();
    private final List<Double> editsDuringLooks = new ArrayList<>();

    /**
     * Each round, the first one of a cold process.
     *
     * @param fills of an empty table: read it, plan, execute
     * @param looks reading the whole table, part of every pass
     * @param passes of the agent's reconciler that find nothing to do
     * @param edits milliseconds of each, of one weight, from the assignment to the kernel
     * @param editsDuringLooks the same, from any moment of a look at everything on
     * @param rssKilobytes of the process at the end
     */
    public record Figures(
            List<Sample> fills,
            List<Sample> looks,
            List<Sample> passes,
            List<Double> edits,
            List<Double> editsDuringLooks,
            long rssKilobytes) {}

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
        return new Figures(fills, looks, passes, edits, editsDuringLooks, rss());
    }

    private void inNamespace(boolean last) throws Exception {
        Path state = Files.createTempDirectory("bench");
        try (NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
                NetlinkSocket links = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE)) {
            NetlinkIpvs ipvs = new NetlinkIpvs(netlink);
            ipvs.info();
            fills.add(Sample.of(() -> fill(ipvs)));
            if (!last) {
                clear();
                return;
            }
            Reconciler reconciler = new Reconciler(
                    ipvs,
                    new NetlinkLinks(links),
                    new NodeKernelSettings(ipvs, Optional.empty()),
                    new NoElection(),
                    new StateDirectory(state),
                    "bench");
            look(ipvs, reconciler);
            edit(reconciler);
        }
    }

    /** As {@link Bench} does with the tables of the others. */
    private static void clear() throws IOException, InterruptedException {
        Process ipvsadm = new ProcessBuilder("ipvsadm", "-C").inheritIO().start();
        require(ipvsadm.waitFor() == 0, "ipvsadm -C has failed");
    }

    private void fill(Ipvs ipvs) throws Exception {
        IpvsTable present = ipvs.table();
        List<IpvsCommand> commands = Planner.plan(
                        desired, new Observed(new Observed.Table(present), NO_NETWORK, Map.of()), Ledger.EMPTY, "bench")
                .steps()
                .stream()
                .map(step -> ((Step.ChangeIpvs) step).command())
                .toList();
        for (CommandResult result : ipvs.execute(commands)) {
            if (result.error().isPresent()) {
                throw new IllegalStateException(result.error().get().toString());
            }
        }
        require(commands.size() == table.services() * (1 + table.realServers()) + 1, commands.size() + " commands");
    }

    /** The reconciler takes over what stands. */
    private void look(Ipvs ipvs, Reconciler reconciler) throws Exception {
        Assignment assignment = table.assignment();
        for (int pass = 0; pass < PASSES; pass++) {
            passes.add(Sample.of(() -> {
                Report report = reconciler.reconcile(assignment);
                require(report.reached() && report.done().isEmpty(), report.done() + " where nothing belongs");
            }));
            looks.add(Sample.of(ipvs::table));
        }
    }

    private void edit(Reconciler reconciler) throws Exception {
        Assignment before = table.assignment();
        Assignment after = table.edited(before, 2);
        reconciler.reconcile(before);
        for (int edit = 0; edit < EDITS; edit++) {
            Assignment wanted = edit % 2 == 0 ? after : before;
            long started = System.nanoTime();
            Report report = reconciler.edit(wanted);
            edits.add(millisSince(started));
            requireOneWeight(report);
        }
        double look =
                Numbers.median(Numbers.warm(looks).stream().map(Sample::elapsed).toList());
        for (int edit = 0; edit < EDITS_DURING_LOOKS; edit++) {
            EditDuringALook during = new EditDuringALook(
                    edit % 2 == 0 ? after : before, (long) (look * 1e6 * edit / EDITS_DURING_LOOKS / 2));
            Report report = reconciler.reconcile(edit % 2 == 0 ? before : after, during);
            require(report.done().isEmpty(), report.done() + " where nothing belongs");
            editsDuringLooks.add(during.took());
        }
    }

    private static void requireOneWeight(Report report) {
        require(
                report.extent() == Report.Extent.EDITED_SERVICES
                        && report.done().equals(ONE_WEIGHT),
                "%s looked at, %s where one weight belongs"
                        .formatted(report.extent().label(), report.done()));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Comes so long after the look has begun. */
    private static final class EditDuringALook implements Edits {
        private final Assignment edited;
        private final long due;
        private boolean taken;
        private double took = Double.NaN;

        EditDuringALook(Assignment edited, long afterNanos) {
            this.edited = edited;
            this.due = System.nanoTime() + afterNanos;
        }

        @Override
        public Optional<Assignment> next() {
            if (taken || System.nanoTime() < due) {
                return Optional.empty();
            }
            taken = true;
            return Optional.of(edited);
        }

        @Override
        public void done(Report report) {
            took = millisSince(due);
            requireOneWeight(report);
        }

        double took() {
            require(!Double.isNaN(took), "the edit did not go in between");
            return took;
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
