package io.lvsoperator.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.lvsoperator.operator.config.OperatorConfig;
import io.lvsoperator.operator.management.ManagementServer;
import io.lvsoperator.operator.management.OperatorMetrics;
import io.lvsoperator.operator.reconcile.Cluster;
import io.lvsoperator.operator.reconcile.Reconcilers;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator as a whole, to be started in a process of its own or inside a test. */
public final class LvsOperator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LvsOperator.class);
    private static final Duration LAST_RECONCILIATIONS = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final OperatorMetrics metrics;
    private final Operator operator;
    private final ManagementServer management;
    private volatile boolean closing;

    /**
     * Makes it; nothing is watched or written before {@link #start()}. The client is not closed with it.
     *
     * @param whenDeposed called when another replica has become the leader; this one must not go on
     */
    public LvsOperator(OperatorConfig config, KubernetesClient client, Clock clock, Runnable whenDeposed) {
        cluster = new Cluster(client, config, clock);
        metrics = new OperatorMetrics();
        Reconcilers reconcilers = new Reconcilers(client, config, clock, cluster);
        metrics.countServices(() -> reconcilers.services().all());
        operator = new Operator(overrider -> {
            overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withMetrics(metrics)
                    .checkingCRDAndValidateLocalModel(false)
                    .withUseSSAToPatchPrimaryResource(true)
                    .withReconciliationTerminationTimeout(LAST_RECONCILIATIONS);
            if (config.leaderElection()) {
                overrider.withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(config.leaseName())
                                .withLeaseNamespace(config.namespace())
                                .withIdentity(config.podName())
                                // Its own exit comes from within our shutdown hook too, and would wait for that for
                                // ever.
                                .withExitOnStopLeading(false)
                                .withLeaderCallbacks(new LeaderCallbacks(
                                        () -> LOG.info("This replica leads"),
                                        () -> stoppedLeading(whenDeposed),
                                        leader -> LOG.info("The leader is {}", leader)))
                                .build());
            }
        });
        reconcilers.register(operator);
        management = new ManagementServer(config.managementPort(), this::isLive, this::isReady, metrics::scrape);
    }

    /**
     * Starts watching, and acting as soon as it leads.
     *
     * @throws IllegalStateException when the cluster cannot be read
     */
    public void start() {
        cluster.start();
        operator.start();
        LOG.info("The operator has started; health and metrics are on port {}", management.port());
    }

    private void stoppedLeading(Runnable whenDeposed) {
        if (!closing) {
            LOG.error("This replica no longer leads");
            whenDeposed.run();
        }
    }

    /** Port of health and metrics. */
    public int managementPort() {
        return management.port();
    }

    private boolean isLive() {
        return !operator.getRuntimeInfo().isStarted() || cluster.isRunning();
    }

    /** A stand-by is ready as well: it has all that it needs to take over. */
    private boolean isReady() {
        return cluster.isSynced()
                && operator.getRuntimeInfo().isStarted()
                && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    @Override
    public void close() {
        closing = true;
        operator.stop();
        cluster.close();
        management.close();
        metrics.close();
    }
}
