package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.operator.config.OperatorConfig;
import java.time.Clock;
import java.time.Duration;

/** The reconcilers of both kinds, on one view of the cluster. */
public final class Reconcilers {
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final Services services = new Services();
    private final VirtualServiceReconciler virtualServices;
    private final DirectorFleetReconciler fleets;

    public Reconcilers(KubernetesClient client, OperatorConfig config, Clock clock, Cluster cluster) {
        Unsettled unsettled = new Unsettled();
        Parts parts = new Parts(
                client,
                config,
                clock,
                cluster,
                services,
                new Triggers(cluster, services, unsettled),
                unsettled,
                new Announcements(client, clock, config.podName()));
        virtualServices = new VirtualServiceReconciler(parts);
        fleets = new DirectorFleetReconciler(parts);
    }

    /** Registers both with JOSDK. */
    public void register(Operator operator) {
        operator.register(virtualServices, configuration -> configure(configuration, "virtualservice"));
        operator.register(fleets, configuration -> configure(configuration, "directorfleet"));
    }

    /** All services, for the metrics. */
    public Services services() {
        return services;
    }

    private static <R extends HasMetadata> void configure(
            ControllerConfigurationOverrider<R> configuration, String name) {
        configuration
                .withName(name)
                .withFinalizer(Api.FINALIZER)
                .withFieldManager(Api.OPERATOR_FIELD_MANAGER)
                .withGenerationAware(true)
                .withRetry(new GenericRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(FIRST_RETRY)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(LONGEST_RETRY.toMillis()));
    }
}
