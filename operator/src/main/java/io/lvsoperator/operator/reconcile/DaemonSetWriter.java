package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.operator.compile.AgentDaemonSet;
import io.lvsoperator.operator.config.OperatorConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the agents' DaemonSet as it must be. */
final class DaemonSetWriter {
    private static final int UNPROCESSABLE = 422;
    private static final String IN_THE_WAY =
            ". Delete the one that is there, if it is another's, and the operator makes its own";

    private final KubernetesClient client;
    private final Cluster cluster;
    private final OperatorConfig config;
    private @Nullable Applied applied;

    /** A DaemonSet as the API server had it after our last write: same uid and generation means same spec. */
    private record Applied(String uid, Long generation) {}

    DaemonSetWriter(KubernetesClient client, Cluster cluster, OperatorConfig config) {
        this.client = client;
        this.cluster = cluster;
        this.config = config;
    }

    /**
     * Applies the DaemonSet once per run of the operator, and again whenever somebody has changed or deleted it. The
     * generation says so better than a comparison, which would have to know every default of the API server.
     *
     * @throws AgentsNotDeployedException when the API server refuses it, such as where another one has its name
     */
    synchronized void ensure() {
        Optional<DaemonSet> existing =
                cluster.daemonSets.get(config.namespace(), config.agent().daemonSet());
        boolean asApplied = existing.filter(d ->
                        new Applied(d.getMetadata().getUid(), d.getMetadata().getGeneration()).equals(applied))
                .isPresent();
        if (asApplied) {
            return;
        }
        DaemonSet written = write();
        cluster.daemonSets.wrote(written);
        applied = new Applied(
                written.getMetadata().getUid(), written.getMetadata().getGeneration());
    }

    private DaemonSet write() {
        try {
            DaemonSet daemonSet = AgentDaemonSet.of(config, OperatorDeployment.asOwner(client, config));
            return client.resource(daemonSet).patch(Writes.apply(), daemonSet);
        } catch (KubernetesClientException | IllegalStateException e) {
            String why = e instanceof KubernetesClientException refusal && refusal.getStatus() != null
                    ? refusal.getStatus().getMessage()
                    : e.getMessage();
            throw new AgentsNotDeployedException(
                    "the agents' DaemonSet '" + config.agent().daemonSet() + "' in namespace '" + config.namespace()
                            + "' cannot be written: " + why + (isInTheWay(e) ? IN_THE_WAY : ""),
                    e);
        }
    }

    private static boolean isInTheWay(RuntimeException refusal) {
        return refusal instanceof KubernetesClientException e && e.getCode() == UNPROCESSABLE;
    }
}
