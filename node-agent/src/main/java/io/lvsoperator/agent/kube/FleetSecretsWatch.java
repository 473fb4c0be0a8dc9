package io.lvsoperator.agent.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lvsoperator.agent.config.ObjectName;
import io.lvsoperator.agent.secrets.FleetSecrets;
import io.lvsoperator.agent.state.StateDirectory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the agents' Secret while this node is a director. What was read last stays known while the API server is away, and
 * over a restart of the node, since it is on disk too; of fleets that the node directs and of no other.
 */
public final class FleetSecretsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSecretsWatch.class);

    private final KubernetesClient client;
    private final Optional<ObjectName> secret;
    private final StateDirectory state;
    private final Runnable onChange;
    private @Nullable SharedIndexInformer<Secret> informer;
    private Set<String> fleets = Set.of();
    private Map<String, String> read = Map.of();
    private volatile FleetSecrets current;

    /**
     * Begins with what is on disk.
     *
     * @param secret where it is; without, nothing is ever read
     * @param onChange is called on the client's threads whenever {@link #current} differs
     */
    public FleetSecretsWatch(
            KubernetesClient client, Optional<ObjectName> secret, StateDirectory state, Runnable onChange)
            throws IOException {
        this.client = client;
        this.secret = secret;
        this.state = state;
        this.onChange = onChange;
        this.current = state.loadSecrets();
    }

    /** What is known now. */
    public FleetSecrets current() {
        return current;
    }

    /** From now on this node directs these fleets. */
    public synchronized void follow(Set<String> directed) {
        if (directed.equals(fleets)) {
            return;
        }
        fleets = Set.copyOf(directed);
        if (directed.isEmpty()) {
            stop();
        } else if (informer == null) {
            secret.ifPresent(this::watch);
        }
        update();
    }

    private void watch(ObjectName name) {
        SharedIndexInformer<Secret> watching = client.secrets()
                .inNamespace(name.namespace())
                .withField("metadata.name", name.name())
                .runnableInformer(0);
        watching.addEventHandler(new Reader());
        watching.exceptionHandler((isStarted, error) -> {
            LOG.warn("watching Secret {}: {}; trying again", name, error.getMessage());
            return true;
        });
        informer = watching;
        var started = watching.start();
        started.whenComplete((done, error) -> {
            if (error != null) {
                LOG.error("watching Secret {} ended: {}", name, error.getMessage());
            }
        });
    }

    private void take(Secret seen) {
        boolean changed;
        synchronized (this) {
            read = seen.getData() == null ? Map.of() : Map.copyOf(seen.getData());
            changed = update();
        }
        if (changed) {
            onChange.run();
        }
    }

    private boolean update() {
        FleetSecrets known = current.updatedBy(read).ofFleets(fleets);
        if (known.equals(current)) {
            return false;
        }
        current = known;
        try {
            state.save(known);
        } catch (IOException e) {
            LOG.warn(
                    "the secrets of fleets are not on disk, and unknown after a restart of the node: {}", e.toString());
        }
        return true;
    }

    private void stop() {
        if (informer != null) {
            informer.stop();
            informer = null;
        }
        read = Map.of();
    }

    @Override
    public synchronized void close() {
        stop();
    }

    private final class Reader implements ResourceEventHandler<Secret> {
        @Override
        public void onAdd(Secret added) {
            take(added);
        }

        @Override
        public void onUpdate(Secret before, Secret after) {
            take(after);
        }

        @Override
        public void onDelete(Secret deleted, boolean finalStateUnknown) {
            LOG.warn(
                    "Secret {} is gone; what was read last stays in force",
                    deleted.getMetadata().getName());
        }
    }
}
