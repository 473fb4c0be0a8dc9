package io.lvsoperator.operator.management;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.status.ConditionTypes;
import io.lvsoperator.operator.status.Conditions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The operator's metrics. Labels are bounded: none carries the name of an object. */
public final class OperatorMetrics implements Metrics, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    public OperatorMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        gc.bindTo(registry);
        String version = OperatorMetrics.class.getPackage().getImplementationVersion();
        Gauge.builder("lvs_operator_build_info", () -> 1)
                .description("The operator's version, as a label of the constant 1")
                .tag("version", version == null ? "unknown" : version)
                .register(registry);
    }

    /** Counts services by condition, whenever it is asked. */
    public void countServices(Supplier<Stream<VirtualService>> services) {
        Gauge.builder("lvs_operator_virtual_services", services, s -> s.get().count())
                .description("VirtualServices there are")
                .strongReference(true) // nobody else holds the supplier
                .register(registry);
        for (String type : List.of(ConditionTypes.ACCEPTED, ConditionTypes.PROGRAMMED, ConditionTypes.READY)) {
            Gauge.builder(
                            "lvs_operator_virtual_services_with_condition",
                            services,
                            s -> s.get().filter(service -> holds(service, type)).count())
                    .description("VirtualServices of which a condition is True")
                    .strongReference(true)
                    .tag("condition", type)
                    .register(registry);
        }
    }

    private static boolean holds(VirtualService service, String type) {
        return service.getStatus() != null
                && Conditions.of(service.getStatus().conditions(), type)
                        .map(Condition::status)
                        .filter(status -> status == ConditionStatus.TRUE)
                        .isPresent();
    }

    /** All metrics in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Timer.Sample sample = Timer.start(registry);
        String outcome = "error";
        try {
            T result = execution.execute();
            outcome = "success";
            return result;
        } finally {
            sample.stop(Timer.builder("lvs_operator_reconciliation")
                    .description("Time that reconciliations took")
                    .tag("controller", execution.controllerName())
                    .tag("operation", execution.name())
                    .tag("outcome", outcome)
                    .register(registry));
        }
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        registry.counter("lvs_operator_reconciliation_failures", "kind", resource.getKind())
                .increment();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
