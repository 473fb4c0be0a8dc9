package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.operator.compile.RoleCompiler;
import io.lvsoperator.operator.compile.Roles;
import io.lvsoperator.operator.config.OperatorConfig;
import io.lvsoperator.operator.rollout.AgentView;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the LvsNodes, and the label that puts an agent on a node, to what the fleets ask for. */
final class NodeRolesWriter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRolesWriter.class);
    private static final LvsNodeSpec NO_ROLES = new LvsNodeSpec(List.of(), List.of());

    private final KubernetesClient client;
    private final Cluster cluster;
    private final Clock clock;
    private final OperatorConfig config;

    NodeRolesWriter(KubernetesClient client, Cluster cluster, Clock clock, OperatorConfig config) {
        this.client = client;
        this.cluster = cluster;
        this.clock = clock;
        this.config = config;
    }

    /**
     * Compiles all fleets and writes what differs. One at a time: a node's roles come from several fleets.
     *
     * @throws KubernetesClientException when a node could not be written; the others were
     */
    synchronized Roles write() {
        Map<String, LvsNode> existing = new HashMap<>();
        cluster.lvsNodes.all().forEach(node -> existing.put(node.getMetadata().getName(), node));
        Map<String, LvsNodeSpec> current = new HashMap<>();
        existing.forEach((name, node) -> current.put(name, Views.spec(node)));
        Roles roles = RoleCompiler.compile(
                cluster.fleetViews(),
                cluster.nodeViews(),
                current,
                cluster.listedNodes(),
                routers(existing),
                config.agent().heartbeatPort());

        @Nullable KubernetesClientException failure = null;
        for (Node node : cluster.nodes.all()) {
            String name = node.getMetadata().getName();
            try {
                write(
                        node,
                        Optional.ofNullable(existing.get(name)),
                        Optional.ofNullable(roles.byNode().get(name)));
            } catch (KubernetesClientException e) {
                LOG.warn("Could not write the roles of node '{}': {}", name, e.getMessage());
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return roles;
    }

    private static Map<String, List<VirtualRouterStatus>> routers(Map<String, LvsNode> nodes) {
        Map<String, List<VirtualRouterStatus>> routers = new HashMap<>();
        nodes.forEach((name, node) -> {
            LvsNodeStatus status = node.getStatus();
            if (status != null && status.virtualRouters() != null) {
                routers.put(name, status.virtualRouters());
            }
        });
        return routers;
    }

    private void write(Node node, Optional<LvsNode> existing, Optional<LvsNodeSpec> wanted) {
        if (wanted.isPresent()) {
            boolean same =
                    existing.filter(e -> Views.spec(e).equals(wanted.get())).isPresent();
            if (!same) {
                apply(node, wanted.get());
            }
            setLabel(node, true);
        } else if (existing.isEmpty()) {
            setLabel(node, false);
        } else if (!Views.spec(existing.get()).equals(NO_ROLES)) {
            apply(node, NO_ROLES);
        } else if (hasNothingLeft(existing.get())) {
            setLabel(node, false);
            client.resource(existing.get()).delete();
            cluster.lvsNodes.deleted(existing.get());
            LOG.info(
                    "Node '{}' has no role any more and is clean",
                    node.getMetadata().getName());
        }
    }

    private boolean hasNothingLeft(LvsNode lvsNode) {
        return cluster.agent(lvsNode)
                .filter(agent -> (agent.hasObservedRoles() && agent.fleets().isEmpty()) || isGivenUp(agent))
                .isPresent();
    }

    /** Whether a node that does not report itself clean is not waited for any more. */
    boolean isGivenUp(AgentView agent) {
        return givenUpAt(agent).filter(at -> !at.isAfter(clock.instant())).isPresent();
    }

    /** When a node that is not ready is waited for no more. */
    Optional<Instant> givenUpAt(AgentView agent) {
        return Optional.ofNullable(agent.notReadySince()).map(since -> since.plus(config.nodeLossTimeout()));
    }

    private void apply(Node node, LvsNodeSpec spec) {
        LvsNode lvsNode = new LvsNode();
        lvsNode.setMetadata(new ObjectMetaBuilder()
                .withName(node.getMetadata().getName())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(node.getMetadata().getName())
                        .withUid(node.getMetadata().getUid())
                        .build())
                .build());
        lvsNode.setSpec(spec);
        cluster.lvsNodes.wrote(client.resource(lvsNode).patch(Writes.apply(), lvsNode));
        LOG.info(
                "Node '{}' directs {} and may be a real server for {}",
                node.getMetadata().getName(),
                new TreeSet<>(spec.directorRoles().stream().map(r -> r.fleet()).toList()),
                new TreeSet<>(
                        spec.realServerRoles().stream().map(r -> r.fleet()).toList()));
    }

    private void setLabel(Node node, boolean wanted) {
        Map<String, String> labels = node.getMetadata().getLabels();
        @Nullable String present = labels == null ? null : labels.get(Api.AGENT_NODE_LABEL);
        if (wanted ? "".equals(present) : present == null) {
            return;
        }
        String value = wanted ? "\"\"" : "null";
        try {
            cluster.nodes.wrote(client.nodes()
                    .withName(node.getMetadata().getName())
                    .patch(
                            Writes.merge(),
                            "{\"metadata\":{\"labels\":{\"" + Api.AGENT_NODE_LABEL + "\":" + value + "}}}"));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
