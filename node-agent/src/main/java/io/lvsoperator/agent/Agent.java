package io.lvsoperator.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.agent.answering.AnsweringWatch;
import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.Kernel;
import io.lvsoperator.agent.apply.ReconcileLoop;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.config.AgentConfig;
import io.lvsoperator.agent.connections.ConnectionTable;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.NetlinkFirewall;
import io.lvsoperator.agent.firewall.NetlinkTables;
import io.lvsoperator.agent.heartbeat.TableState;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.kube.AssignmentWatch;
import io.lvsoperator.agent.kube.FleetSecretsWatch;
import io.lvsoperator.agent.kube.NodeEvents;
import io.lvsoperator.agent.kube.NodeNews;
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
import io.lvsoperator.agent.vrrp.TransitionListener;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.agent.vrrp.VrrpThread;
import io.lvsoperator.agent.vrrp.machine.Action;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The parts of the agent, put together. Stopping it leaves the kernel as it is, but for VIPs that a peer will take. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** Longer than any pass; a loop that has not come round for this long is stuck, and the agent has to be restarted. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    private final Clock clock;
    private final NetlinkSocket ipvsSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final NetlinkSocket linkSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final NetlinkSocket firewallSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);
    /** Another one, so that repairs do not wait for a large firewall to be read. */
    private final NetlinkSocket tablesSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AgentMetrics metrics = new AgentMetrics(registry);
    private final TrafficCollector traffic = new TrafficCollector();
    private final NodeStatusComposer composer;
    private final CapabilityProbe capabilities;
    private final SurroundingsWatch surroundings;
    private final AnsweringWatch answering;
    private final VrrpThread vrrp;
    private final NodeEvents events;
    private final NodeNews news = new NodeNews();
    private final StatusWriter status;
    private volatile @Nullable ReconcileLoop loopInProgress;
    private final ReconcileLoop loop;
    private final NetworkWatch networkWatch;
    private final AssignmentWatch watch;
    private final FleetSecretsWatch secrets;
    private final ManagementServer management;

    private volatile @Nullable Assignment lastAssignment;
    private volatile @Nullable LvsNodeStatus lastStatus;
    private volatile LvsNodeStatus.@Nullable Capabilities offered;

    Agent(AgentConfig config, KubernetesClient client, Clock clock, String version) throws IOException {
        this.clock = clock;
        registry.getPrometheusRegistry().register(traffic);
        StateDirectory state = new StateDirectory(config.stateDirectory());
        lastAssignment = state.loadAssignment(config.nodeName()).orElse(null);
        composer = new NodeStatusComposer(version);
        events = new NodeEvents(client, config.nodeName(), clock);
        status = new StatusWriter(client, config.nodeName());
        vrrp = VrrpThread.start(new Elections(), this::progress);
        NetlinkIpvs ipvs = new NetlinkIpvs(ipvsSocket);
        NetlinkTables tables = new NetlinkTables(tablesSocket);
        capabilities = new CapabilityProbe(ipvs, tables);
        NetlinkLinks links = new NetlinkLinks(linkSocket);
        NodeKernelSettings settings = new NodeKernelSettings(ipvs, config.writableKernelSettings());
        Reconciler reconciler = new Reconciler(
                new Kernel(ipvs, ipvs, tables, links, settings), new VrrpElection(vrrp), state, config.nodeName());
        loop = new ReconcileLoop(reconciler, this::assignment, this::passed);
        surroundings = new SurroundingsWatch(
                new NetlinkFirewall(firewallSocket),
                links,
                settings,
                config.nodeName(),
                System::nanoTime,
                loop::edited);
        networkWatch = new NetworkWatch(loop::poke);
        watch = new AssignmentWatch(client, config.nodeName(), loop::edited, status::writeAgain);
        secrets = new FleetSecretsWatch(client, config.fleetSecrets(), state, loop::edited);
        ConnectionTable connections = new ConnectionTable();
        answering = new AnsweringWatch(connections, loop::edited);
        management = new ManagementServer(config.management(), this::whyDead, this::whyUnready, registry, connections);
        metrics.fenced(() -> vrrp.status().fenced());
        loopInProgress = loop;
        loop.start();
    }

    /** What happens to the virtual routers. */
    private final class Elections implements TransitionListener {
        @Override
        public void changed(RouterKey router, Action.ReportTransition transition) {
            transitioned(router, transition);
        }

        /** The loop cannot tell it itself. */
        @Override
        public void fenced(boolean stuck) {
            @Nullable LvsNodeStatus before = lastStatus;
            events.say(
                    stuck ? NodeEvents.Reason.RECONCILE_LOOP_STUCK : NodeEvents.Reason.RECONCILE_LOOP_GOES_ON,
                    stuck ? NodeStatusComposer.STUCK : "the reconcile loop goes on");
            if (stuck && before != null) {
                status.report(composer.stuck(before, clock.instant()));
            }
        }
    }

    /** Changes with each step that the reconcile loop makes. */
    private long progress() {
        @Nullable ReconcileLoop started = loopInProgress;
        return started == null ? System.nanoTime() : ipvsSocket.exchanges() + started.rounds();
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
        Set<String> directed = assignment.map(Agent::directedFleets).orElse(Set.of());
        secrets.follow(directed);
        vrrp.learn(keys(directed), passwords(directed));
        // Before anything of it is applied.
        offered = assignment.filter(a -> !a.roles().directorRoles().isEmpty()).isPresent()
                ? capabilities.capabilities()
                : null;
        return assignment;
    }

    private Map<String, byte[]> keys(Set<String> fleets) {
        Map<String, byte[]> keys = new HashMap<>();
        fleets.forEach(fleet -> secrets.current().heartbeatKey(fleet).ifPresent(key -> keys.put(fleet, key)));
        return keys;
    }

    private Map<String, Authentication.Password> passwords(Set<String> fleets) {
        Map<String, Authentication.Password> passwords = new HashMap<>();
        fleets.forEach(fleet -> secrets.current()
                .vrrpPassword(fleet)
                .filter(Authentication.Password::isPossible)
                .ifPresent(password -> passwords.put(fleet, Authentication.Password.of(password))));
        return passwords;
    }

    private static Map<String, TableState> tables(Report report) {
        Map<String, TableState> tables = new HashMap<>();
        report.assignment()
                .fleets()
                .forEach((fleet, slices) -> tables.put(
                        fleet,
                        new TableState(
                                Objects.requireNonNullElse(report.hashDigests().get(fleet), ""),
                                slices.resourceVersion())));
        return tables;
    }

    private static Set<String> directedFleets(Assignment assignment) {
        return assignment.roles().directorRoles().stream()
                .map(role -> role.fleet())
                .collect(Collectors.toSet());
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
        loop.edited();
    }

    private void passed(Report report) {
        boolean directs = !report.assignment().roles().directorRoles().isEmpty();
        Optional<Surroundings> around = directs ? Optional.of(surroundings.after(report)) : Optional.empty();
        List<Problem> disturbances = around.map(Surroundings::complaints).orElse(List.of());
        metrics.passed(report, disturbances);
        traffic.passed(report);
        if (report.reached()) {
            vrrp.applied(tables(report));
        }
        metrics.elected(vrrp.status());
        news.ofPeers(vrrp.status().heartbeats()).forEach(this::tell);
        answering.passed(report);
        List<NotAnswering> notAnswering = answering.found();
        metrics.notAnswering(notAnswering.size());
        news.of(report, disturbances, notAnswering).forEach(this::tell);
        LvsNodeStatus composed =
                composer.compose(report, vrrp.status(), offered, notAnswering, around, lastStatus, clock.instant());
        lastStatus = composed;
        status.report(composed);
    }

    private void tell(NodeNews.Item item) {
        if (events.say(item.reason(), item.message())) {
            LOG.atLevel(item.reason().isWarning() ? Level.WARN : Level.INFO).log(item.message());
        }
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
        secrets.close();
        status.close();
        events.close();
        management.close();
        surroundings.close();
        try (ipvsSocket;
                linkSocket;
                tablesSocket;
                firewallSocket) {
            networkWatch.close();
        } catch (IOException e) {
            LOG.warn("closing: {}", e.getMessage());
        }
    }
}
