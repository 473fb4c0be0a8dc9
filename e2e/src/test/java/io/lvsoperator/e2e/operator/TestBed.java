package io.lvsoperator.e2e.operator;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import io.lvsoperator.operator.LvsOperator;
import io.lvsoperator.operator.config.OperatorConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A namespace with an operator in it, which runs in this process with a service account of exactly the operator's rights, and
 * nodes whose kubelets and agents are played. Names of nodes, fleets and labels carry the namespace, so that tests may follow
 * each other on one control plane.
 */
final class TestBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(TestBed.class);
    private static final Map<String, Quantity> ROOM =
            Map.of("pods", new Quantity("110"), "cpu", new Quantity("2"), "memory", new Quantity("4Gi"));
    private static final String SERVICE_ACCOUNT = "operator";

    final ControlPlane controlPlane;
    final KubernetesClient client;
    final String namespace;
    final Segment segment = new Segment();

    private final Map<String, FakeAgent> agents = new TreeMap<>();
    private final Set<String> sickPods = new HashSet<>();
    private final List<Throwable> troubles = new ArrayList<>();
    private final Thread world = Thread.ofPlatform().name("played-world").unstarted(this::turns);
    private final Duration nodeLossTimeout;
    private final boolean leaderElection;
    private @Nullable LvsOperator operator;
    private @Nullable KubernetesClient operatorClient;

    TestBed(ControlPlane controlPlane, Duration nodeLossTimeout) {
        this(controlPlane, nodeLossTimeout, false);
    }

    TestBed(ControlPlane controlPlane, Duration nodeLossTimeout, boolean leaderElection) {
        this.controlPlane = controlPlane;
        this.client = controlPlane.client();
        this.nodeLossTimeout = nodeLossTimeout;
        this.leaderElection = leaderElection;
        installCrds();
        namespace = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("op-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
        grantRights();
        world.start();
    }

    private void installCrds() {
        try (Stream<Path> files = Files.list(root().resolve("crds/manifests"))) {
            files.filter(f -> f.getFileName().toString().contains(".lvs-operator.io"))
                    .forEach(file -> {
                        try (InputStream in = Files.newInputStream(file)) {
                            client.load(in).serverSideApply();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> Stream.of(
                                DirectorFleet.class, VirtualService.class, VirtualServerSlice.class, LvsNode.class)
                        .forEach(kind -> client.resources(kind).inAnyNamespace().list()));
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(p -> Files.isDirectory(p.resolve("crds/manifests")))
                .findFirst()
                .orElseThrow();
    }

    private void grantRights() {
        InputStream rights = Objects.requireNonNull(TestBed.class.getResourceAsStream("/operator/rbac.yaml"));
        client.load(rights).serverSideApply();
        for (String account : List.of(SERVICE_ACCOUNT, "lvs-node-agent")) {
            client.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName(account)
                            .withNamespace(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "operator-under-test")
                        .addNewSubject("", "ServiceAccount", SERVICE_ACCOUNT, namespace)
                        .build())
                .create();
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("operator")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "operator-under-test-namespace")
                        .addNewSubject("", "ServiceAccount", SERVICE_ACCOUNT, namespace)
                        .build())
                .create();
    }

    // -- the operator

    OperatorConfig config() {
        return new OperatorConfig(
                namespace,
                "operator-0",
                Optional.empty(),
                "lvs-operator",
                leaderElection,
                0,
                nodeLossTimeout,
                "lvs-operator-fleet-secrets",
                new OperatorConfig.Agent(
                        "lvs-node-agent",
                        "agent:test",
                        "IfNotPresent",
                        List.of(new LocalObjectReference("registry")),
                        "lvs-node-agent",
                        "system-node-critical",
                        new ResourceRequirements(),
                        List.of(new TolerationBuilder().withOperator("Exists").build()),
                        "INFO",
                        9470,
                        9471,
                        false));
    }

    LvsOperator startOperator() {
        operatorClient = controlPlane.clientAsServiceAccount(namespace, SERVICE_ACCOUNT);
        operator = new LvsOperator(config(), operatorClient, Clock.systemUTC(), () -> {});
        operator.start();
        return operator;
    }

    void stopOperator() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
        if (operatorClient != null) {
            operatorClient.close();
            operatorClient = null;
        }
    }

    // -- the agents' DaemonSet

    void removeDaemonSetKeepingItsPods() {
        String uid = agentsDaemonSet().get().getMetadata().getUid();
        agentsDaemonSet().withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
        await().atMost(PATIENCE).until(() -> {
            DaemonSet present = agentsDaemonSet().get(); // an operator that runs makes its own at once
            return present == null || !present.getMetadata().getUid().equals(uid);
        });
    }

    /** Puts one in its place that has nothing to do with agents. */
    void replaceDaemonSetKeepingItsPods() {
        removeDaemonSetKeepingItsPods();
        Map<String, String> labels = Map.of("app", "another");
        client.resource(new DaemonSetBuilder()
                        .withNewMetadata()
                        .withName(config().agent().daemonSet())
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .withMatchLabels(labels)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeSelector(Map.of("test/nowhere", ""))
                        .addNewContainer()
                        .withName("another")
                        .withImage("another")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    private Resource<DaemonSet> agentsDaemonSet() {
        return client.apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName(config().agent().daemonSet());
    }

    // -- nodes

    String nodeName(String name) {
        return namespace + "-" + name;
    }

    /** A label value that belongs to this test alone. */
    String own(String value) {
        return namespace + "-" + value;
    }

    FakeAgent addNode(String name, Map<String, String> labels, String... internalAddresses) {
        String node = nodeName(name);
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(node)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        List<NodeAddress> addresses = Stream.of(internalAddresses)
                .map(a -> new NodeAddressBuilder()
                        .withType("InternalIP")
                        .withAddress(a)
                        .build())
                .toList();
        Conflicts.retried(() -> setNodeReady(node, true, addresses));
        FakeAgent agent = new FakeAgent(client, node, segment);
        synchronized (agents) {
            agents.put(node, agent);
        }
        return agent;
    }

    private Node setNodeReady(String node, boolean ready, @Nullable List<NodeAddress> addresses) {
        return client.nodes().withName(node).editStatus(n -> {
            var builder = new NodeBuilder(n).editOrNewStatus();
            if (addresses != null) {
                builder.withAddresses(addresses);
                builder.withAllocatable(ROOM).withCapacity(ROOM);
            }
            String status = ready ? "True" : "False";
            boolean same = n.getStatus() != null
                    && n.getStatus().getConditions().stream()
                            .anyMatch(c ->
                                    c.getType().equals("Ready") && c.getStatus().equals(status));
            if (!same) {
                builder.withConditions()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(status)
                        .withReason("Played")
                        .withMessage("played by a test")
                        .withLastTransitionTime(now())
                        .withLastHeartbeatTime(now())
                        .endCondition();
            }
            return builder.endStatus().build();
        });
    }

    FakeAgent agent(String name) {
        synchronized (agents) {
            return Objects.requireNonNull(agents.get(nodeName(name)), name);
        }
    }

    List<VirtualService> services() {
        return client.resources(VirtualService.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    void label(String name, String key, @Nullable String value) {
        String patch = value == null ? "null" : "\"" + value + "\"";
        client.nodes()
                .withName(nodeName(name))
                .patch(
                        io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                                io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"" + key + "\":" + patch + "}}}");
    }

    void removeNode(String name) {
        synchronized (agents) {
            agents.remove(nodeName(name));
        }
        segment.clear(nodeName(name));
        client.nodes().withName(nodeName(name)).delete();
    }

    /** The agent's pod stops being ready, and the agent does nothing any more. */
    void crash(String name) {
        synchronized (agents) {
            sickPods.add(nodeName(name));
            Objects.requireNonNull(agents.get(nodeName(name))).holdUp();
        }
    }

    void recover(String name) {
        synchronized (agents) {
            sickPods.remove(nodeName(name));
            Objects.requireNonNull(agents.get(nodeName(name))).goOn();
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    // -- what kubelets and agents do

    private void turns() {
        try {
            while (true) {
                turn();
                Thread.sleep(Duration.ofMillis(50));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() {
        try {
            kubelets();
            List<FakeAgent> present;
            synchronized (agents) {
                present = List.copyOf(agents.values());
            }
            Set<String> running = new HashSet<>();
            agentPods().stream()
                    .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                    .forEach(p -> running.add(String.valueOf(p.getSpec().getNodeName())));
            present.stream().filter(a -> running.contains(a.node())).forEach(FakeAgent::pass);
        } catch (KubernetesClientException e) {
            // Conflicts and the end of the control plane; the next turn tries again.
            LOG.debug("A turn of the played world failed", e);
        } catch (RuntimeException | Error e) {
            synchronized (troubles) {
                troubles.add(e);
            }
            LOG.error("The played world is broken", e);
        }
    }

    List<Pod> agentPods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", "lvs-node-agent")
                .list()
                .getItems();
    }

    private void kubelets() {
        for (Pod pod : agentPods()) {
            String node = pod.getSpec().getNodeName();
            if (node == null) {
                continue;
            }
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                client.resource(pod).withGracePeriod(0).delete();
                continue;
            }
            boolean ready;
            synchronized (agents) {
                ready = agents.containsKey(node) && !sickPods.contains(node);
            }
            boolean isReady = pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
            boolean isUnready = pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("False"));
            if (ready ? !isReady : !isUnready) {
                client.resource(pod)
                        .editStatus(p -> new PodBuilder(p)
                                .editStatus()
                                .withPhase("Running")
                                .removeMatchingFromConditions(c -> c.getType().equals("Ready"))
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus(ready ? "True" : "False")
                                .withLastTransitionTime(now())
                                .endCondition()
                                .endStatus()
                                .build());
            }
        }
    }

    // -- objects

    <T extends io.fabric8.kubernetes.api.model.HasMetadata> T apply(T object) {
        return client.resource(object).serverSideApply();
    }

    DirectorFleet fleet(String name) {
        return Objects.requireNonNull(
                client.resources(DirectorFleet.class).withName(own(name)).get(), own(name));
    }

    VirtualService service(String name) {
        return Objects.requireNonNull(
                client.resources(VirtualService.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get(),
                name);
    }

    @Nullable
    VirtualServerSlice slice(String name) {
        return client.resources(VirtualServerSlice.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    @Nullable
    LvsNode lvsNode(String name) {
        return client.resources(LvsNode.class).withName(nodeName(name)).get();
    }

    @Nullable
    Node node(String name) {
        return client.nodes().withName(nodeName(name)).get();
    }

    @Override
    public void close() {
        try {
            client.resources(VirtualService.class).inNamespace(namespace).delete();
            client.resources(DirectorFleet.class).list().getItems().stream()
                    .filter(f -> f.getMetadata().getName().startsWith(namespace))
                    .forEach(f -> client.resource(f).delete());
            synchronized (agents) {
                sickPods.clear();
                agents.values().forEach(FakeAgent::goOn);
                agents.values().forEach(a -> a.failWholeFleet(null));
                agents.values().forEach(a -> a.failEverySlice(null));
            }
            if (operator != null) {
                await("everything to be withdrawn at the end of a test")
                        .atMost(PATIENCE)
                        .until(() -> client.resources(VirtualService.class)
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems()
                                        .isEmpty()
                                && client.resources(DirectorFleet.class).list().getItems().stream()
                                        .noneMatch(
                                                f -> f.getMetadata().getName().startsWith(namespace)));
            }
        } finally {
            stopOperator();
            world.interrupt();
            client.nodes().list().getItems().stream()
                    .filter(n -> n.getMetadata().getName().startsWith(namespace + "-"))
                    .forEach(n -> client.resource(n).delete());
            client.rbac().clusterRoleBindings().withName(namespace).delete();
            client.namespaces().withName(namespace).delete();
        }
        synchronized (troubles) {
            if (!troubles.isEmpty()) {
                throw new AssertionError("the played world broke", troubles.getFirst());
            }
        }
    }
}
