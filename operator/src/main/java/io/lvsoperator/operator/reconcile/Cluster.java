package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.compile.AgentDaemonSet;
import io.lvsoperator.operator.compile.FleetView;
import io.lvsoperator.operator.compile.NodeView;
import io.lvsoperator.operator.config.OperatorConfig;
import io.lvsoperator.operator.rollout.AgentView;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the operator knows of the cluster: one informer per type, shared by all reconcilers, and views for the compiler. */
public final class Cluster implements AutoCloseable {
    static final String BY_FLEET = "fleet";
    static final String BY_ADDRESS = "address";
    static final String BY_MARK = "firewall-mark";
    static final String BY_NODE = "node";

    private static final long SYNC_SECONDS = 60;

    final Watched<DirectorFleet> fleets;
    final Watched<Node> nodes;
    final Watched<Namespace> namespaces;
    final Watched<Pod> agentPods;
    final Watched<DaemonSet> daemonSets;
    final Watched<Secret> secrets;
    final Watched<LvsNode> lvsNodes;
    final Watched<VirtualServerSlice> slices;

    private final AgentReadiness readiness;
    private final Map<String, SeenNode> nodeViews = new ConcurrentHashMap<>();

    private record SeenNode(String resourceVersion, NodeView view) {}

    public Cluster(KubernetesClient client, OperatorConfig config, Clock clock) {
        fleets = new Watched<>(client.resources(DirectorFleet.class), Map.of());
        nodes = new Watched<>(client.nodes(), Map.of());
        namespaces = new Watched<>(client.namespaces(), Map.of());
        agentPods = new Watched<>(
                client.pods().inNamespace(config.namespace()).withLabels(AgentDaemonSet.selectorLabels(config)),
                Map.of(BY_NODE, pod -> List.of(String.valueOf(pod.getSpec().getNodeName()))));
        daemonSets = new Watched<>(client.apps().daemonSets().inNamespace(config.namespace()), Map.of());
        // Only the one: the operator may read no other.
        secrets = new Watched<>(
                client.secrets().inNamespace(config.namespace()).withField("metadata.name", config.fleetSecrets()),
                Map.of());
        lvsNodes =
                new Watched<>(client.resources(LvsNode.class), Map.of(BY_FLEET, node -> List.copyOf(fleetsOf(node))));
        slices = new Watched<>(
                client.resources(VirtualServerSlice.class).inAnyNamespace(),
                Map.of(
                        BY_FLEET, slice -> List.of(slice.getSpec().fleet()),
                        BY_ADDRESS,
                                slice -> slice.getSpec().addresses().stream()
                                        .map(a -> a.value())
                                        .toList(),
                        BY_MARK, slice -> indexed(slice.getSpec().firewallMark())));
        readiness = new AgentReadiness(this, clock);
    }

    /**
     * Starts the informers and waits until all have listed what there is.
     *
     * @throws IllegalStateException when one of them cannot, such as for lack of permission
     */
    public void start() {
        CompletableFuture<?>[] starts =
                watched().map(w -> w.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(starts).get(SYNC_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the informers were starting", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("an informer could not list its objects: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the informers did not list their objects within " + SYNC_SECONDS + " s", e);
        }
    }

    /** Whether every informer has listed what there is. */
    public boolean isSynced() {
        return watched().allMatch(Watched::isSynced);
    }

    /** Whether every informer goes on following changes. */
    public boolean isRunning() {
        return watched().allMatch(Watched::isRunning);
    }

    @Override
    public void close() {
        watched().forEach(Watched::stop);
    }

    private Stream<Watched<? extends HasMetadata>> watched() {
        return Stream.of(fleets, nodes, namespaces, agentPods, daemonSets, secrets, lvsNodes, slices);
    }

    // -- views

    Optional<FleetView> fleet(String name) {
        return fleets.get(null, name).map(Views::of);
    }

    List<FleetView> fleetViews() {
        return fleets.all().stream().map(Views::of).toList();
    }

    List<NodeView> nodeViews() {
        return nodes.all().stream().map(this::view).toList();
    }

    private NodeView view(Node node) {
        String version = String.valueOf(node.getMetadata().getResourceVersion());
        return nodeViews
                .compute(
                        node.getMetadata().getName(),
                        (name, seen) -> seen != null && seen.resourceVersion().equals(version)
                                ? seen
                                : new SeenNode(version, Views.of(node)))
                .view();
    }

    Map<String, String> namespaceLabels(String namespace) {
        return namespaces
                .get(null, namespace)
                .map(n -> n.getMetadata().getLabels())
                .orElse(Map.of());
    }

    /** Nodes that have a role in a fleet, or have yet to clean up after it; without those whose Node is gone. */
    List<AgentView> agents(String fleet) {
        return lvsNodes.byIndex(BY_FLEET, fleet).stream()
                .flatMap(node -> agent(node).stream())
                .toList();
    }

    Optional<AgentView> agent(LvsNode node) {
        String name = node.getMetadata().getName();
        return nodes.get(null, name)
                .map(n -> new AgentView(
                        name,
                        Optional.ofNullable(node.getMetadata().getGeneration()).orElse(0L),
                        Views.spec(node),
                        node.getStatus(),
                        readiness.notReadySince(n)));
    }

    /** Nodes that slices list as real servers, by fleet; a fleet that has slices has an entry. */
    Map<String, Set<String>> listedNodes() {
        return slices.all().stream()
                .collect(Collectors.groupingBy(
                        slice -> slice.getSpec().fleet(),
                        Collectors.flatMapping(
                                slice -> Views.listedNodes(slice).stream(), Collectors.toCollection(TreeSet::new))));
    }

    Optional<VirtualServerSlice> slice(ServiceKey key) {
        return slices.get(key.namespace(), key.name());
    }

    /** The key under which a firewall mark is indexed. */
    static List<String> indexed(@Nullable Long firewallMark) {
        return firewallMark == null ? List.of() : List.of(Long.toString(firewallMark));
    }

    /** Fleets that an LvsNode has to do with. */
    static Set<String> fleetsOf(LvsNode node) {
        LvsNodeSpec spec = Views.spec(node);
        Set<String> names = new TreeSet<>();
        spec.directorRoles().forEach(role -> names.add(role.fleet()));
        spec.realServerRoles().forEach(role -> names.add(role.fleet()));
        if (node.getStatus() != null && node.getStatus().fleets() != null) {
            node.getStatus().fleets().forEach(progress -> names.add(progress.fleet()));
        }
        return names;
    }
}
