package io.lvsoperator.agent.management;

import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.heartbeat.FleetPeers;
import io.lvsoperator.agent.heartbeat.HeartbeatStatus;
import io.lvsoperator.agent.heartbeat.peers.Complaint;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import io.lvsoperator.agent.vrrp.RouterStatus;
import io.lvsoperator.agent.vrrp.VrrpStatus;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/** The agent's metrics. Labels are of closed lists, or name fleets of this node: their number is bounded. */
public final class AgentMetrics {
    private final MeterRegistry registry;
    private final Map<Report.Extent, Timer> passes = new EnumMap<>(Report.Extent.class);
    private final MultiGauge active;
    private final MultiGauge transitions;
    private final MultiGauge stalls;
    private final MultiGauge sent;
    private final MultiGauge received;
    private final MultiGauge drops;
    private final MultiGauge problems;
    private final MultiGauge leased;
    private final MultiGauge peersLiving;
    private final MultiGauge heartbeatsSent;
    private final MultiGauge heartbeatsReceived;
    private final MultiGauge heartbeatsRejected;
    private final MultiGauge peerComplaints;
    private final AtomicInteger foreignServices = new AtomicInteger();
    private final AtomicInteger failedSlices = new AtomicInteger();
    private final AtomicInteger programmed = new AtomicInteger();
    private final AtomicInteger notAnswering = new AtomicInteger();

    public AgentMetrics(MeterRegistry registry) {
        this.registry = registry;
        new JvmMemoryMetrics().bindTo(registry);
        bindGarbageCollection(registry);
        for (Report.Extent extent : Report.Extent.values()) {
            passes.put(
                    extent,
                    Timer.builder("lvs.agent.reconcile")
                            .description("Passes of the reconcile loop, by what they looked at")
                            .tag("extent", extent.label())
                            .register(registry));
        }
        active = gauge("lvs.vrrp.active", "1 while this director is Active for the virtual router");
        stalls = gauge("lvs.vrrp.stalls", "How often this agent stood still for longer than the down interval");
        transitions = gauge("lvs.vrrp.transitions", "Changes of state of the virtual router since the agent started");
        sent = gauge("lvs.vrrp.advertisements.sent", "VRRP advertisements sent since the agent started");
        received = gauge("lvs.vrrp.advertisements.received", "Valid VRRP advertisements heard since the agent started");
        drops = gauge("lvs.vrrp.advertisements.dropped", "VRRP packets thrown away, by reason");
        leased =
                gauge("lvs.vrrp.leased", "1 while the VIPs of this director would vanish should its agent fall silent");
        peersLiving = gauge("lvs.heartbeat.peers.living", "Other directors of the fleet that are known to live");
        heartbeatsSent = gauge("lvs.heartbeat.sent", "Heartbeats sent since the agent started");
        heartbeatsReceived = gauge("lvs.heartbeat.received", "Heartbeats heard that told something new");
        heartbeatsRejected =
                gauge("lvs.heartbeat.rejected", "Datagrams at the heartbeat port that changed nothing, by reason");
        peerComplaints = gauge("lvs.heartbeat.complaints", "What is wrong between this director and others, by reason");
        problems = gauge(
                "lvs.agent.problems",
                "Problems that keep a part of the desired state from being there, or from working, by reason");
        Gauge.builder("lvs.ipvs.foreign.services", foreignServices, AtomicInteger::get)
                .description("Virtual servers in the kernel that are none of ours; they are left alone")
                .register(registry);
        Gauge.builder("lvs.agent.failed.slices", failedSlices, AtomicInteger::get)
                .description("Slices that could not be applied")
                .register(registry);
        Gauge.builder("lvs.agent.programmed", programmed, AtomicInteger::get)
                .description("1 while the node is programmed as the cluster asks")
                .register(registry);
        Gauge.builder("lvs.agent.real.servers.not.answering", notAnswering, AtomicInteger::get)
                .description("Real servers that connections pile up at because they do not answer")
                .register(registry);
    }

    @SuppressWarnings("resource") // lives as long as the agent
    private static void bindGarbageCollection(MeterRegistry registry) {
        new JvmGcMetrics().bindTo(registry);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /**
     * Counts one pass.
     *
     * @param disturbances what else on the node works against its services
     */
    public void passed(Report report, List<Problem> disturbances) {
        Objects.requireNonNull(passes.get(report.extent())).record(report.took());
        foreignServices.set(report.foreignServices());
        failedSlices.set(report.sliceProblems().size());
        boolean ready = report.nodeProblem().isEmpty() && report.fleetProblems().isEmpty();
        programmed.set(ready ? 1 : 0);
        report.done().forEach((change, count) -> {
            count("lvs.agent.changes", "Changes of the kernel", change, count);
            if (report.drift()) {
                count("lvs.agent.drift.repaired", "Changes that put right what others had changed", change, count);
            }
        });
        problems.register(
                Arrays.stream(Problem.Reason.values())
                        .map(reason -> MultiGauge.Row.of(
                                Tags.of("reason", reason.word()), count(report, disturbances, reason)))
                        .toList(),
                true);
    }

    /** Takes in how many real servers do not answer. */
    public void notAnswering(int realServers) {
        notAnswering.set(realServers);
    }

    private void count(String name, String description, Applied.Change change, int changes) {
        Counter.builder(name)
                .description(description)
                .tags(
                        "operation",
                        change.operation().label(),
                        "object",
                        change.object().label())
                .register(registry)
                .increment(changes);
    }

    private static long count(Report report, List<Problem> disturbances, Problem.Reason reason) {
        List<Problem> all = new ArrayList<>(report.fleetProblems().values());
        all.addAll(report.sliceProblems().values());
        report.nodeProblem().ifPresent(all::add);
        all.addAll(report.settingProblems().values());
        report.untracked().problem().ifPresent(all::add);
        report.sync().problem().ifPresent(all::add);
        all.addAll(disturbances);
        return all.stream().filter(problem -> problem.reason() == reason).count();
    }

    /** Takes in how the virtual routers are. */
    public void elected(VrrpStatus status) {
        active.register(rows(status, router -> router.state() == VirtualRouterState.ACTIVE ? 1 : 0), true);
        transitions.register(rows(status, RouterStatus::transitions), true);
        stalls.register(rows(status, RouterStatus::stalls), true);
        leased.register(rows(status, router -> router.leased() ? 1 : 0), true);
        heard(status.heartbeats());
        sent.register(rows(status, RouterStatus::sent), true);
        received.register(rows(status, RouterStatus::received), true);
        drops.register(
                status.routers().stream()
                        .flatMap(router -> router.drops().entrySet().stream()
                                .map(drop -> MultiGauge.Row.of(
                                        tags(router).and("reason", drop.getKey().name()), drop.getValue())))
                        .toList(),
                true);
    }

    private void heard(HeartbeatStatus heartbeats) {
        peersLiving.register(fleetRows(heartbeats, fleet -> fleet.living().size()), true);
        heartbeatsSent.register(fleetRows(heartbeats, FleetPeers::sent), true);
        heartbeatsReceived.register(fleetRows(heartbeats, FleetPeers::received), true);
        heartbeatsRejected.register(
                Arrays.stream(Rejection.values())
                        .map(reason -> MultiGauge.Row.of(
                                Tags.of("reason", reason.label()),
                                heartbeats.rejected().getOrDefault(reason, 0L)))
                        .toList(),
                true);
        peerComplaints.register(
                Arrays.stream(Complaint.Kind.values())
                        .map(kind -> MultiGauge.Row.of(
                                Tags.of("reason", kind.reason()),
                                heartbeats.complaints().stream()
                                        .filter(complaint -> complaint.kind() == kind)
                                        .count()))
                        .toList(),
                true);
    }

    private static List<MultiGauge.Row<?>> fleetRows(HeartbeatStatus heartbeats, ToDoubleFunction<FleetPeers> figure) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        heartbeats
                .fleets()
                .forEach(fleet ->
                        rows.add(MultiGauge.Row.of(Tags.of("fleet", fleet.fleet()), figure.applyAsDouble(fleet))));
        return rows;
    }

    /** Asks this, whenever it is scraped, whether the reconcile loop is stuck: the loop itself would not tell. */
    public void fenced(BooleanSupplier stuck) {
        Gauge.builder("lvs.agent.fenced", stuck, supplier -> supplier.getAsBoolean() ? 1 : 0)
                .description("1 while the reconcile loop is stuck and this director wants another one to serve")
                .strongReference(true)
                .register(registry);
    }

    private static List<MultiGauge.Row<?>> rows(VrrpStatus status, ToDoubleFunction<RouterStatus> figure) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        status.routers().forEach(router -> rows.add(MultiGauge.Row.of(tags(router), figure.applyAsDouble(router))));
        return rows;
    }

    private static Tags tags(RouterStatus router) {
        return Tags.of(
                "fleet", router.key().fleet(), "family", router.key().family().name());
    }
}
