package io.lvsoperator.e2e.installation;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operator that is stopped and started as an annotation of its namespace says: tests in the guest see no process of the machine,
 * but the API server.
 */
final class OperatorOnDemand implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Resource<Namespace> namespace;
    private final Supplier<OperatorProcess> start;
    private volatile Optional<OperatorProcess> operator;

    /** Starts it. */
    OperatorOnDemand(ControlPlane controlPlane, Supplier<OperatorProcess> start) {
        this.namespace = controlPlane.client().namespaces().withName(Installation.NAMESPACE);
        this.start = start;
        this.operator = Optional.of(start.get());
    }

    /** Until it ends without having been asked to; returns its exit status. */
    int keep() throws InterruptedException {
        while (true) {
            boolean absent = Installation.ABSENT.equals(annotation(Installation.WANTED));
            if (absent) {
                close();
            } else if (operator.isEmpty()) {
                operator = Optional.of(start.get());
            } else if (!operator.get().isAlive()) {
                return operator.get().await();
            }
            tell(absent ? Installation.ABSENT : Installation.RUNNING);
            Thread.sleep(LOOK);
        }
    }

    private @Nullable String annotation(String name) {
        Map<String, String> annotations = namespace.require().getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }

    private void tell(String found) {
        if (!found.equals(annotation(Installation.FOUND))) {
            Conflicts.retried(() -> namespace.edit(now -> new NamespaceBuilder(now)
                    .editMetadata()
                    .addToAnnotations(Installation.FOUND, found)
                    .endMetadata()
                    .build()));
        }
    }

    @Override
    public void close() {
        operator.ifPresent(OperatorProcess::close);
        operator = Optional.empty();
    }
}
