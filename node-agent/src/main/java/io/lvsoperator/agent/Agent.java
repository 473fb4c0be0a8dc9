package io.lvsoperator.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.agent.answering.AnsweringWatch;
import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.answering.RealServer;
import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.ReconcileLoop;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.config.AgentConfig;
import io.lvsoperator.agent.connections.ConnectionTable;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.NetlinkFirewall;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.kube.AssignmentWatch;
import io.lvsoperator.agent.kube.NodeEvents;
import io.lvsoperator.agent.kube.NodeStatusComposer;
import io.lvsoperator.agent.kube.StatusWriter;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.management.AgentMetrics;
import io.lvsoperator.agent.management.ManagementServer;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.settings.NodeKernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.agent.surroundings.Surroundings;
import io.lvsoperator.agent.traffic.TrafficCollector;
import io.lvsoperator.agent.vrrp.RouterKey;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.agent.vrrp.VrrpThread;
import io.lvsoperator.agent.vrrp.machine.Action;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the agent, put together. Stopping it leaves the kernel as it is, but for VIPs that a peer will take. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** Longer than any pass; a loop that has not come round for this long is stuck, and the agent has to be restarted. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    /** Services or changes in a message. */
    private static final int NAMED = 5;

    private final Clock clock;
    private final NetlinkSocket ipvsSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final NetlinkSocket linkSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final NetlinkSocket firewallSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AgentMetrics metrics = new AgentMetrics(registry);
    private final TrafficCollector traffic = new TrafficCollector();
    private final NodeStatusComposer composer;
    private final CapabilityProbe capabilities;
    private final SurroundingsWatch surroundings;
    private final AnsweringWatch answering;
    private final VrrpThread vrrp;
    private final NodeEvents events;
    private final StatusWriter status;
    private final ReconcileLoop loop;
    private final NetworkWatch networkWatch;
    private final AssignmentWatch watch;
    private final ManagementServer management;

    private volatile @Nullable Assignment lastAssignment;
    private volatile @Nullable LvsNodeStatus lastStatus;
    private volatile LvsNodeStatus.@Nullable Capabilities offered;
    private volatile boolean problematic;
    private volatile Set<RealServer> silent = Set.of();

    Agent(AgentConfig config, KubernetesClient client, Clock clock, String version) throws IOException {
        this.clock = clock;
        registry.getPrometheusRegistry().register(traffic);
        StateDirectory state = new StateDirectory(config.stateDirectory());
        lastAssignment = state.loadAssignment().orElse(null);
        composer = new NodeStatusComposer(version);
        events = new NodeEvents(client, config.nodeName(), clock);
        status = new StatusWriter(client, config.nodeName());
        vrrp = VrrpThread.start(this::transitioned);
        NetlinkIpvs ipvs = new NetlinkIpvs(ipvsSocket);
        capabilities = new CapabilityProbe(ipvs);
        NetlinkLinks links = new NetlinkLinks(linkSocket);
        NodeKernelSettings settings = new NodeKernelSettings(ipvs, config.writableKernelSettings());
        Reconciler reconciler = new Reconciler(ipvs, links, settings, new VrrpElection(vrrp), state, config.nodeName());
        loop = new ReconcileLoop(reconciler, this::assignment, this::passed);
        surroundings = new SurroundingsWatch(
                new NetlinkFirewall(firewallSocket), links, settings, config.nodeName(), System::nanoTime, loop::poke);
        networkWatch = new NetworkWatch(loop::poke);
        watch = new AssignmentWatch(client, config.nodeName(), loop::poke, status::writeAgain);
        ConnectionTable connections = new ConnectionTable();
        answering = new AnsweringWatch(connections, loop::poke);
        management = new ManagementServer(config.management(), this::whyDead, this::whyUnready, registry, connections);
        loop.start();
    }

    /** VRRP as the reconcile loop sees it. */
    private record VrrpElection(VrrpThread vrrp) implements Election {
        @Override
        public void configure(VrrpConfig config) {
            vrrp.configure(config);
        }

        @Override
        public boolean awaitSettled(Duration atMost) throws InterruptedException {
            return vrrp.awaitConfigured(atMost);
        }
    }

    /** What the cluster says now, or said last: without the API server the node goes on with what it was told. */
    private Optional<Assignment> assignment() {
        watch.current().ifPresent(current -> lastAssignment = current);
        Optional<Assignment> assignment = Optional.ofNullable(lastAssignment);
        // Before anything of it is applied.
        offered = assignment.filter(a -> !a.roles().directorRoles().isEmpty()).isPresent()
                ? capabilities.capabilities()
                : null;
        return assignment;
    }

    private void transitioned(RouterKey router, Action.ReportTransition transition) {
        LOG.info(
                "{}: {} -> {}, as {}",
                router,
                transition.from(),
                transition.to(),
                transition.cause().text());
        Optional<NodeEvents.Reason> reason = switch (transition.to()) {
            case ACTIVE -> Optional.of(NodeEvents.Reason.BECAME_ACTIVE);
            case BACKUP ->
                transition.from() == VirtualRouterState.ACTIVE
                        ? Optional.of(NodeEvents.Reason.BECAME_BACKUP)
                        : Optional.empty();
            case INITIALIZE -> Optional.empty();
        };
        reason.ifPresent(
                said -> events.say(said, router + ": " + transition.cause().text()));
        loop.poke();
    }

    private void passed(Report report) {
        boolean directs = !report.assignment().roles().directorRoles().isEmpty();
        Optional<Surroundings> around = directs ? Optional.of(surroundings.after(report)) : Optional.empty();
        List<Problem> disturbances = around.map(Surroundings::problems).orElse(List.of());
        metrics.passed(report, disturbances);
        traffic.passed(report);
        metrics.elected(vrrp.status());
        answering.passed(report);
        List<NotAnswering> notAnswering = answering.found();
        metrics.notAnswering(notAnswering.size());
        tell(report);
        disturbances.forEach(problem -> events.say(NodeEvents.Reason.DISTURBED, problem.message()));
        tell(notAnswering);
        LvsNodeStatus composed =
                composer.compose(report, vrrp.status(), offered, notAnswering, around, lastStatus, clock.instant());
        lastStatus = composed;
        status.report(composed);
    }

    private void tell(Report report) {
        if (report.drift()) {
            int changes =
                    report.done().values().stream().mapToInt(Integer::intValue).sum();
            String what = "somebody changed the kernel; put right: " + some(report.first(), changes);
            LOG.warn("{}", what);
            events.say(NodeEvents.Reason.DRIFT_REPAIRED, what);
        }
        if (!report.adopted().isEmpty()) {
            String taken = "took over, in place, what stood in the kernel already: "
                    + some(
                            report.adopted().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .toList(),
                            report.adopted().size());
            LOG.info("{}", taken);
            events.say(NodeEvents.Reason.SERVICE_ADOPTED, taken);
        }
        boolean nowProblematic = report.nodeProblem().isPresent()
                || !report.fleetProblems().isEmpty()
                || !report.sliceProblems().isEmpty();
        report.nodeProblem().ifPresent(p -> events.say(NodeEvents.Reason.NOT_PROGRAMMED, p.message()));
        report.fleetProblems()
                .forEach((fleet, p) ->
                        events.say(NodeEvents.Reason.NOT_PROGRAMMED, "fleet " + fleet + ": " + p.message()));
        report.sliceProblems()
                .forEach((slice, p) -> events.say(NodeEvents.Reason.NOT_PROGRAMMED, slice + ": " + p.message()));
        if (problematic && !nowProblematic) {
            events.say(NodeEvents.Reason.PROGRAMMED_AGAIN, "the node is programmed as its roles and slices ask");
        }
        problematic = nowProblematic;
    }

    /** Says once of each real server that it stopped answering, and once that it does again. */
    private void tell(List<NotAnswering> notAnswering) {
        Map<RealServer, NotAnswering> now = new LinkedHashMap<>();
        notAnswering.forEach(found -> now.put(found.realServer(), found));
        now.forEach((realServer, found) -> {
            if (!silent.contains(realServer)) {
                LOG.warn("{}", found);
                events.say(NodeEvents.Reason.REAL_SERVER_NOT_ANSWERING, found.toString());
            }
        });
        silent.stream().filter(realServer -> !now.containsKey(realServer)).forEach(realServer -> {
            LOG.info("real server {} answers again, or nobody asks it any more", realServer);
            events.say(
                    NodeEvents.Reason.REAL_SERVER_ANSWERS_AGAIN,
                    "real server " + realServer + " answers again, or nobody asks it any more");
        });
        silent = Set.copyOf(now.keySet());
    }

    private static String some(List<String> things, int all) {
        String first = things.stream().limit(NAMED).collect(Collectors.joining(", "));
        return all <= NAMED ? first : first + " and " + (all - NAMED) + " more";
    }

    private Optional<String> whyDead() {
        if (!vrrp.isAlive()) {
            return Optional.of(
                    "the VRRP thread has ended: " + vrrp.status().failure().orElse("unknown"));
        }
        return loop.sinceLastPass().compareTo(STUCK_AFTER) > 0
                ? Optional.of("the reconcile loop has not come round for "
                        + loop.sinceLastPass().toSeconds() + " s")
                : Optional.empty();
    }

    private Optional<String> whyUnready() {
        return lastStatus == null ? Optional.of("nothing was applied yet") : whyDead();
    }

    @Override
    public void close() {
        loop.close();
        answering.close();
        vrrp.close();
        watch.close();
        status.close();
        events.close();
        management.close();
        surroundings.close();
        try (ipvsSocket;
                linkSocket;
                firewallSocket) {
            networkWatch.close();
        } catch (IOException e) {
            LOG.warn("closing: {}", e.getMessage());
        }
    }
}
