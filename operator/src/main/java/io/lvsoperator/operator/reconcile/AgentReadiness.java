package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the agent of a node is ready, by its pod and its node, and since when it is not. */
final class AgentReadiness {
    private static final String READY = "Ready";

    private final Cluster cluster;
    private final Clock clock;
    private final Map<String, Instant> firstSeenNotReady = new ConcurrentHashMap<>();

    /** One condition of a pod or a node. */
    private record Reading(
            String type, String status, @Nullable String since) {}

    AgentReadiness(Cluster cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /**
     * Since when the agent is not ready; null while it is. The API says when a condition turned; where nobody wrote one, as
     * when a pod is gone, it is when this operator first noticed, so that a restart of the operator waits again.
     */
    @Nullable
    Instant notReadySince(Node node) {
        String name = node.getMetadata().getName();
        Optional<Reading> nodeReady = ready(readings(node));
        if (nodeReady.filter(AgentReadiness::isTrue).isEmpty()) {
            return since(name, nodeReady);
        }
        List<Pod> pods = cluster.agentPods.byIndex(Cluster.BY_NODE, name).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
        if (pods.stream()
                .anyMatch(pod ->
                        ready(readings(pod)).filter(AgentReadiness::isTrue).isPresent())) {
            firstSeenNotReady.remove(name);
            return null;
        }
        return since(
                name,
                pods.stream().flatMap(pod -> ready(readings(pod)).stream()).findFirst());
    }

    /** Whether a pod is ready. */
    static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && ready(readings(pod)).filter(AgentReadiness::isTrue).isPresent();
    }

    /** Whether a node is ready. */
    static boolean isReady(Node node) {
        return ready(readings(node)).filter(AgentReadiness::isTrue).isPresent();
    }

    private Instant since(String node, Optional<Reading> notReady) {
        Instant noticed = firstSeenNotReady.computeIfAbsent(node, n -> clock.instant());
        return notReady.map(Reading::since).map(Instant::parse).orElse(noticed);
    }

    private static boolean isTrue(Reading reading) {
        return "True".equals(reading.status());
    }

    private static Optional<Reading> ready(Stream<Reading> readings) {
        return readings.filter(r -> READY.equals(r.type())).findFirst();
    }

    private static Stream<Reading> readings(Pod pod) {
        return pod.getStatus() == null
                ? Stream.empty()
                : pod.getStatus().getConditions().stream()
                        .map(c -> new Reading(c.getType(), c.getStatus(), c.getLastTransitionTime()));
    }

    private static Stream<Reading> readings(Node node) {
        return node.getStatus() == null
                ? Stream.empty()
                : node.getStatus().getConditions().stream()
                        .map(c -> new Reading(c.getType(), c.getStatus(), c.getLastTransitionTime()));
    }
}
