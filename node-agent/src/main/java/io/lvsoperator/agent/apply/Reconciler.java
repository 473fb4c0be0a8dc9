package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.SyncDaemons;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.plan.LatestPlan;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.plan.Observed;
import io.lvsoperator.agent.plan.Plan;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.agent.settings.KernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass: look at the kernel, plan, and do it. An edit looks only at the services that it changes, where that will do
 * ({@link Focus}). VIPs on directors are only offered to the election, which alone adds and
 * removes them: they are withdrawn before their services go and offered after their services stand.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration ELECTION_PATIENCE = Duration.ofSeconds(5);
    private static final int ATTEMPTS_WHEN_OVERTAKEN = 3;

    private final Ipvs ipvs;
    private final Links links;
    private final KernelSettings settings;
    private final Election election;
    private final StateDirectory state;
    private final String nodeName;
    private final Applier applier;
    private final DesiredStateCompiler compiler;
    private final PacketFilter packetFilter;
    private final ConnectionSync connectionSync;
    private final LatestPlan plans;

    private Ledger ledger;
    private @Nullable Set<IpAddress> offered;
    private @Nullable Assignment reached;
    private @Nullable Assignment saved;
    private @Nullable Standing standing;

    /** That found, wanted and offered what the last pass did, which had nothing to do. */
    private @Nullable Plan quiet;

    /** Of a kernel without nf_tables, where nobody asks for connection synchronization; begins with what is on disk. */
    public Reconciler(
            Ipvs ipvs, Links links, KernelSettings settings, Election election, StateDirectory state, String nodeName)
            throws IOException {
        this(new Kernel(ipvs, SyncDaemons.NONE, OwnTables.NONE, links, settings), election, state, nodeName);
    }

    /** Begins with what is on disk. */
    public Reconciler(Kernel kernel, Election election, StateDirectory state, String nodeName) throws IOException {
        this.ipvs = kernel.ipvs();
        this.links = kernel.links();
        this.settings = kernel.settings();
        this.election = election;
        this.state = state;
        this.nodeName = nodeName;
        this.applier = new Applier(ipvs, links, settings, nodeName);
        this.compiler = new DesiredStateCompiler(nodeName);
        this.packetFilter = new PacketFilter(kernel.tables(), nodeName);
        this.connectionSync = new ConnectionSync(kernel.syncDaemons(), nodeName);
        this.plans = new LatestPlan(nodeName);
        this.ledger = state.loadLedger();
    }

    /** Compares everything and brings the kernel to the assignment. Whatever cannot be known is left alone and reported. */
    public Report reconcile(Assignment assignment) throws InterruptedException {
        return reconcile(assignment, Edits.NONE);
    }

    /** The same, with edits that go in between the requests of the look; the pass is for the assignment of the last of them. */
    public Report reconcile(Assignment assignment, Edits edits) throws InterruptedException {
        long started = System.nanoTime();
        return passes(new Look(assignment, edits)).withTook(Duration.ofNanos(System.nanoTime() - started));
    }

    /**
     * Brings the kernel to an assignment that was edited. Looks at nothing but the services that differ, when they are all that the
     * edit is about, everything was reached before, and nobody interferes; otherwise it is as {@link #reconcile}.
     */
    public Report edit(Assignment assignment) throws InterruptedException {
        long started = System.nanoTime();
        Report report = standing == null ? passes(assignment) : edit(standing, assignment);
        return report.withTook(Duration.ofNanos(System.nanoTime() - started));
    }

    private Report edit(Standing before, Assignment assignment) throws InterruptedException {
        return switch (Focus.of(before, assignment, nodeName)) {
            case Focus.Everything(String why) -> {
                LOG.debug("the edit needs a look at everything: {}", why);
                yield passes(assignment);
            }
            case Focus.Services services -> edit(before, assignment, services);
        };
    }

    private Report edit(Standing before, Assignment assignment, Focus.Services edited) throws InterruptedException {
        Optional<Edited> done = carryOut(before, assignment, edited);
        if (done.isEmpty()) {
            return passes(assignment);
        }
        Standing after = done.get().after();
        boolean settled = done.get().complete() && (edited.newVips().isEmpty() || offerMore(after, edited.newVips()));
        if (!settled) {
            return merge(after.report(), passes(assignment));
        }
        stand(after);
        return after.report();
    }

    /**
     * What an edit of services came to, but for its VIPs.
     *
     * @param complete whether nothing of it is left to do
     */
    private record Edited(Standing after, boolean complete) {}

    /** Empty when everything has to be looked at. Nobody stands anywhere until the edit is known to be done. */
    private Optional<Edited> carryOut(Standing before, Assignment assignment, Focus.Services edited) {
        standing = null;
        try {
            List<ObservedServer> found = new ArrayList<>();
            for (VirtualServerKey key : edited.keys()) {
                Optional<ObservedServer> server = ipvs.server(key);
                if (server.isEmpty() && before.service(key).isPresent()) {
                    LOG.info("looking at everything, as somebody deleted {}", key);
                    return Optional.empty();
                }
                server.ifPresent(found::add);
            }
            Plan plan = edited.plan(IpvsTable.of(found), ledger, nodeName);
            Optional<Problem> notSaved =
                    remember(ledger.withServices(edited.wanted().keySet()));
            Applied applied = applier.apply(plan.steps());
            if (applied.complete()) {
                notSaved = notSaved.or(() -> remember(ledger.withoutServices(edited.gone())));
            }
            return Optional.of(new Edited(
                    before.after(assignment, edited, found, plan, applied), applied.complete() && notSaved.isEmpty()));
        } catch (NetlinkException | IpvsUnavailableException unknown) {
            LOG.info("looking at everything, as the edit met: {}", unknown.getMessage());
            return Optional.empty();
        }
    }

    private void stand(Standing after) {
        reached = after.assignment();
        standing = after;
    }

    private boolean offerMore(Standing after, Map<String, Set<IpAddress>> newVips) throws InterruptedException {
        Set<IpAddress> vips = new HashSet<>(offered == null ? Set.of() : offered);
        newVips.values().forEach(vips::addAll);
        offer(after.directs(), after.observed(), Set.of(), vips);
        return election.awaitSettled(ELECTION_PATIENCE);
    }

    /** A look at everything, with the edits that go in between its requests. */
    private final class Look {
        private final Edits edits;
        private final Set<VirtualServerKey> edited = new LinkedHashSet<>();
        private Assignment assignment;

        Look(Assignment assignment, Edits edits) {
            this.assignment = assignment;
            this.edits = edits;
        }

        /** What is to be reached: the latest edit. */
        Assignment assignment() {
            return assignment;
        }

        Observed observe() throws NetlinkException {
            var network = links.state();
            try {
                IpvsTable table = ipvs.table(this::pause);
                return new Observed(new Observed.Table(lookAgain(table)), network, settings.read());
            } catch (IpvsUnavailableException unavailable) {
                return new Observed(new Observed.Unavailable(unavailable(unavailable)), network, settings.read());
            } finally {
                standing = null;
            }
        }

        /** An edit needs to know where it starts from; where it cannot tell, it is left to the pass after the look. */
        private void pause() {
            if (standing != null) {
                edits.next().ifPresent(next -> interrupt(standing, next));
            }
        }

        private void interrupt(@Nullable Standing before, Assignment next) {
            long started = System.nanoTime();
            assignment = next;
            standing = null;
            if (before == null
                    || !(Focus.of(before, next, nodeName) instanceof Focus.Services services)
                    || !services.newVips().isEmpty()) {
                return;
            }
            edited.addAll(services.keys());
            carryOut(before, next, services).filter(Edited::complete).ifPresent(done -> {
                stand(done.after());
                edits.done(done.after().report().withTook(Duration.ofNanos(System.nanoTime() - started)));
            });
        }

        /** The look may have seen what was edited meanwhile as it was before, after, or half-way. */
        private IpvsTable lookAgain(IpvsTable table) throws NetlinkException, IpvsUnavailableException {
            if (edited.isEmpty()) {
                return table;
            }
            Map<VirtualServerKey, ObservedServer> servers = new LinkedHashMap<>(table.servers());
            for (VirtualServerKey key : edited) {
                servers.remove(key);
                ipvs.server(key).ifPresent(server -> servers.put(key, server));
            }
            return new IpvsTable(servers);
        }
    }

    private Report passes(Assignment assignment) throws InterruptedException {
        standing = null;
        return passes(new Look(assignment, Edits.NONE));
    }

    private Report passes(Look look) throws InterruptedException {
        try {
            Report report = pass(look);
            for (int attempt = 1; attempt < ATTEMPTS_WHEN_OVERTAKEN && !report.reached(); attempt++) {
                if (report.nodeProblem().isPresent()) {
                    return report;
                }
                report = merge(report, pass(new Look(look.assignment(), Edits.NONE)));
            }
            return report;
        } catch (NetlinkException unknown) {
            standing = null;
            LOG.warn("the kernel's state is unknown, nothing was deleted: {}", unknown.getMessage());
            return Report.failed(
                    look.assignment(),
                    new Problem(
                            Problem.Reason.KERNEL_UNKNOWN,
                            "the agent on node %s could not read or change the kernel: %s; it tries again"
                                    .formatted(nodeName, unknown.getMessage())));
        }
    }

    private static Report merge(Report first, Report second) {
        List<String> words = new ArrayList<>(first.first());
        words.addAll(second.first());
        Set<VirtualServerKey> adopted = new HashSet<>(first.adopted());
        adopted.addAll(second.adopted());
        return new Report(
                second.assignment(),
                second.reached(),
                second.nodeProblem(),
                second.fleetProblems(),
                second.sliceProblems(),
                second.settingProblems(),
                second.settings(),
                both(first.done(), second.done()),
                words,
                first.drift(),
                Set.copyOf(adopted),
                second.foreignServices(),
                second.hashDigests(),
                second.comparison(),
                second.untracked(),
                second.sync(),
                second.extent(),
                Duration.ZERO);
    }

    private static Map<Applied.Change, Integer> both(
            Map<Applied.Change, Integer> first, Map<Applied.Change, Integer> second) {
        Map<Applied.Change, Integer> done = new HashMap<>(first);
        second.forEach((change, count) -> done.merge(change, count, Integer::sum));
        return Map.copyOf(done);
    }

    private Report pass(Look look) throws NetlinkException, InterruptedException {
        Observed observed = look.observe();
        Assignment assignment = look.assignment();
        DesiredState desired = compiler.compile(assignment);
        Plan plan = plans.plan(desired, observed, ledger);
        boolean asBefore = isQuiet(plan);
        quiet = null;
        if (!asBefore) {
            Set<IpAddress> staying = new HashSet<>(offered == null ? leftBehind(desired, observed) : offered);
            staying.retainAll(vipsOf(desired));
            offer(desired.directs(), observed, plan.problems().keySet(), staying);
        }
        boolean settled = election.awaitSettled(ELECTION_PATIENCE);

        Optional<Problem> notSaved = remember(plan.ledgerBefore());
        PacketFilter.Outcome filtered = packetFilter.bring(desired);
        ConnectionSync.Outcome synced =
                connectionSync.bring(desired.directs(), observed.network(), ledger, this::remember);
        Applied applied;
        try {
            applied = applier.apply(plan.steps());
        } catch (IpvsUnavailableException gone) {
            return Report.failed(assignment, unavailable(gone));
        }
        if (!asBefore) {
            offer(desired.directs(), observed, plan.problems().keySet(), servable(desired, observed, plan, applied));
            settled &= election.awaitSettled(ELECTION_PATIENCE);
        }
        if (applied.complete()) {
            notSaved = notSaved.or(() -> remember(plan.ledgerAfter().withSyncDaemons(ledger.syncDaemons())));
        }

        boolean drift = reached != null
                && assignment.asksTheSameAs(reached)
                && (!applied.done().isEmpty() || filtered.repaired() || synced.repaired());
        // A service that could not serve may be able to by now: the next look tells.
        boolean mayServeNow = !plan.unservable().isEmpty() && applied.changed(Applied.ObjectKind.KERNEL_SETTING);
        boolean nothingLeft = settled
                && applied.cleanedUp()
                && !applied.overtaken()
                && !mayServeNow
                && !filtered.leftover()
                && !synced.leftover();
        notSaved = notSaved.or(synced::notSaved);
        if (nothingLeft) {
            quiet = plan.steps().isEmpty() ? plan : null;
            reached = assignment;
            notSaved = notSaved.or(() -> remember(assignment));
        }
        Report report = new Report(
                assignment,
                nothingLeft,
                settled ? notSaved : Optional.of(electionStuck()),
                union(plan.problems(), applied.fleetProblems()),
                union(desired.rejected(), union(applied.sliceProblems(), unservable(desired, plan))),
                union(applied.settingProblems(), plan.settingProblems()),
                readBack(desired, observed, applied),
                both(both(filtered.done(), synced.done()), applied.done()),
                Stream.of(filtered.words(), synced.words(), applied.first())
                        .flatMap(List::stream)
                        .toList(),
                drift,
                plan.adopted(),
                plan.foreignServices(),
                plan.hashDigests(),
                comparison(desired, observed),
                filtered.untracked(),
                synced.sync(),
                Report.Extent.EVERYTHING,
                Duration.ZERO);
        standing = Standing.of(assignment, desired, observed, report).orElse(null);
        return report;
    }

    @SuppressWarnings("ReferenceEquality") // it is the very plan where nothing changed
    private boolean isQuiet(Plan plan) {
        return plan == quiet;
    }

    private static Optional<Comparison> comparison(DesiredState desired, Observed observed) {
        return observed.ipvs() instanceof Observed.Table(var table)
                ? Optional.of(new Comparison(desired, table))
                : Optional.empty();
    }

    private Problem unavailable(IpvsUnavailableException unavailable) {
        Problem.Reason reason = switch (unavailable.reason()) {
            case NO_KERNEL_SUPPORT -> Problem.Reason.IPVS_NOT_AVAILABLE;
            case NO_PERMISSION -> Problem.Reason.NO_PERMISSION;
        };
        return new Problem(reason, "node %s cannot direct: %s".formatted(nodeName, unavailable.getMessage()));
    }

    private Problem electionStuck() {
        return new Problem(
                Problem.Reason.VIRTUAL_ROUTER_FAILED,
                "VRRP on node %s has not carried out its configuration for %d s: see the agent's log"
                        .formatted(nodeName, ELECTION_PATIENCE.toSeconds()));
    }

    private void offer(
            List<DesiredState.DirectedFleet> directs, Observed observed, Set<String> excluded, Set<IpAddress> vips) {
        election.configure(RouterPlanner.plan(directs, observed.network(), nodeName, vips, excluded));
        offered = Set.copyOf(vips);
    }

    /** VIPs that the agent before this one has left on an interface, with a service that still stands: they need not go first. */
    private static Set<IpAddress> leftBehind(DesiredState desired, Observed observed) {
        if (!(observed.ipvs() instanceof Observed.Table(var table))) {
            return Set.of();
        }
        Set<IpAddress> marked = observed.network().addresses().stream()
                .filter(InterfaceAddress::isMarkedAsOurs)
                .map(InterfaceAddress::address)
                .collect(Collectors.toSet());
        Set<IpAddress> vips = new HashSet<>();
        desired.services().values().stream()
                .filter(service -> table.servers().containsKey(service.server().key()))
                .forEach(service -> vips.addAll(service.vips()));
        vips.retainAll(marked);
        return vips;
    }

    private static Set<IpAddress> vipsOf(DesiredState desired) {
        Set<IpAddress> vips = new HashSet<>();
        desired.directs().forEach(fleet -> vips.addAll(fleet.vips()));
        return vips;
    }

    /** What fleets ask of the kernel, beside what it says after the pass. */
    private Map<KernelSetting, Report.ReadBack> readBack(DesiredState desired, Observed observed, Applied applied) {
        Map<KernelSetting, Integer> values =
                applied.changed(Applied.ObjectKind.KERNEL_SETTING) ? settings.read() : observed.settings();
        Map<KernelSetting, Report.ReadBack> readBack = new TreeMap<>();
        desired.settings()
                .wanted()
                .forEach((setting, wanted) -> readBack.put(
                        setting, new Report.ReadBack(wanted.value(), Optional.ofNullable(values.get(setting)))));
        return readBack;
    }

    private static Map<SliceName, Problem> unservable(DesiredState desired, Plan plan) {
        Map<SliceName, Problem> bySlice = new TreeMap<>();
        plan.unservable().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> Optional.ofNullable(desired.services().get(entry.getKey()))
                        .ifPresent(service -> bySlice.putIfAbsent(service.origin(), entry.getValue())));
        return bySlice;
    }

    /** VIPs of which at least one service stands in the kernel and can serve. */
    private static Set<IpAddress> servable(DesiredState desired, Observed observed, Plan plan, Applied applied) {
        if (!(observed.ipvs() instanceof Observed.Table(var table))) {
            return Set.of();
        }
        Set<IpAddress> vips = new HashSet<>();
        for (DesiredState.Service service : desired.services().values()) {
            boolean stands = table.servers().containsKey(service.server().key())
                    || !applied.sliceProblems().containsKey(service.origin());
            if (stands && !plan.unservable().containsKey(service.server().key())) {
                vips.addAll(service.vips());
            }
        }
        return vips;
    }

    private Optional<Problem> remember(Ledger next) {
        if (next.equals(ledger)) { // as a rule the very one
            return Optional.empty();
        }
        ledger = next;
        return save(() -> state.save(next));
    }

    private Optional<Problem> remember(Assignment assignment) {
        if (saved != null && assignment.asksTheSameAs(saved)) {
            return Optional.empty();
        }
        Optional<Problem> problem = save(() -> state.save(assignment));
        saved = problem.isEmpty() ? assignment : saved;
        return problem;
    }

    private interface Saving {
        void save() throws IOException;
    }

    private Optional<Problem> save(Saving saving) {
        try {
            saving.save();
            return Optional.empty();
        } catch (IOException e) {
            LOG.error("the agent's state could not be saved", e);
            return Optional.of(new Problem(
                    Problem.Reason.STATE_NOT_SAVED,
                    "the agent on node %s cannot write its state directory (%s): it works on, but a restart would not know"
                                    .formatted(nodeName, e)
                            + " what is its own; free the disk or mend the volume"));
        }
    }

    private static <K extends Comparable<K>> Map<K, Problem> union(Map<K, Problem> first, Map<K, Problem> second) {
        Map<K, Problem> all = new TreeMap<>(second);
        all.putAll(first);
        return all;
    }
}
