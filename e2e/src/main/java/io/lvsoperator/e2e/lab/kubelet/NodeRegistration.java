package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a Node object Ready and its lease fresh, as a kubelet does. */
public final class NodeRegistration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);

    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final int LEASE_SECONDS = 40;
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private static final Map<String, Quantity> CAPACITY =
            Map.of("cpu", new Quantity("2"), "memory", new Quantity("2Gi"), "pods", new Quantity("110"));

    private final NodeFacts node;
    private final Map<String, String> labels;
    private final KubernetesClient client;
    private final Clock clock;
    private final Thread thread;

    private NodeRegistration(NodeFacts node, Map<String, String> labels, KubernetesClient client, Clock clock) {
        this.node = node;
        this.labels = Map.copyOf(labels);
        this.client = client;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("node-" + node.name()).unstarted(this::keepUp);
    }

    /** Registers the node, or takes over the object that there is, and keeps it up; the node is Ready on return. */
    public static NodeRegistration start(
            NodeFacts node, Map<String, String> labels, KubernetesClient client, Clock clock) {
        NodeRegistration registration = new NodeRegistration(node, labels, client, clock);
        registration.register();
        registration.thread.start();
        return registration;
    }

    /** Deletes the Node object and its lease. */
    public void remove() {
        client.nodes().withName(node.name()).delete();
        client.leases().inNamespace(LEASE_NAMESPACE).withName(node.name()).delete();
    }

    /** Stops keeping it up: after the grace period of the node controller it is NotReady. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void register() {
        if (client.nodes().withName(node.name()).get() == null) {
            client.nodes()
                    .resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName(node.name())
                            .withLabels(labels)
                            .addToLabels("kubernetes.io/hostname", node.name())
                            .addToLabels("kubernetes.io/os", "linux")
                            .addToLabels("kubernetes.io/arch", "amd64")
                            .endMetadata()
                            .build())
                    .create();
        }
        renewLease();
        writeReady();
    }

    private void writeReady() {
        Conflicts.retried(() -> client.nodes().withName(node.name()).editStatus(this::ready));
    }

    private Node ready(Node present) {
        return new NodeBuilder(present).withStatus(status(present)).build();
    }

    private NodeStatus status(Node present) {
        List<NodeAddress> addresses = new ArrayList<>();
        node.addresses().forEach(address -> addresses.add(new NodeAddress(address, "InternalIP")));
        addresses.add(new NodeAddress(node.name(), "Hostname"));
        Instant now = clock.instant();
        return new NodeStatusBuilder(present.getStatus())
                .withAddresses(addresses)
                .withCapacity(CAPACITY)
                .withAllocatable(CAPACITY)
                .withConditions(
                        condition(present, "Ready", "True", "KubeletReady", now),
                        condition(present, "MemoryPressure", "False", "KubeletHasSufficientMemory", now),
                        condition(present, "DiskPressure", "False", "KubeletHasNoDiskPressure", now),
                        condition(present, "PIDPressure", "False", "KubeletHasSufficientPID", now))
                .withNewNodeInfo()
                .withArchitecture("amd64")
                .withOperatingSystem("linux")
                .withOsImage("process node of the lvs-operator lab")
                .withKernelVersion(System.getProperty("os.version"))
                .withKubeletVersion("v0.0.0-process")
                .withKubeProxyVersion("")
                .withContainerRuntimeVersion("process://1")
                .withMachineID(node.name())
                .withSystemUUID(node.name())
                .withBootID(node.name())
                .endNodeInfo()
                .build();
    }

    private static NodeCondition condition(Node present, String type, String status, String reason, Instant now) {
        String since = present.getStatus().getConditions().stream()
                .filter(old -> old.getType().equals(type) && old.getStatus().equals(status))
                .map(NodeCondition::getLastTransitionTime)
                .findFirst()
                .orElse(PodStatuses.time(now));
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage("")
                .withLastHeartbeatTime(PodStatuses.time(now))
                .withLastTransitionTime(since)
                .build();
    }

    private void keepUp() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(RENEWAL);
                try {
                    renewLease();
                    restoreReady();
                } catch (KubernetesClientException e) {
                    LOG.warn("node {}: lease not renewed, tried again: {}", node.name(), e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The node controller sets Ready to Unknown when the lease was late. */
    private void restoreReady() {
        Node present = client.nodes().withName(node.name()).get();
        if (present != null
                && present.getStatus().getConditions().stream()
                        .noneMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"))) {
            client.nodes().withName(node.name()).editStatus(this::ready);
        }
    }

    private void renewLease() {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        var leases = client.leases().inNamespace(LEASE_NAMESPACE);
        var present = leases.withName(node.name()).get();
        if (present == null) {
            leases.resource(new LeaseBuilder()
                            .withNewMetadata()
                            .withName(node.name())
                            .withNamespace(LEASE_NAMESPACE)
                            .endMetadata()
                            .withNewSpec()
                            .withHolderIdentity(node.name())
                            .withLeaseDurationSeconds(LEASE_SECONDS)
                            .withRenewTime(now)
                            .endSpec()
                            .build())
                    .create();
        } else {
            leases.withName(node.name())
                    .edit(lease -> new LeaseBuilder(lease)
                            .editSpec()
                            .withHolderIdentity(node.name())
                            .withRenewTime(now)
                            .endSpec()
                            .build());
        }
    }
}
