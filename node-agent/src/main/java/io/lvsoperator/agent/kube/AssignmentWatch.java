package io.lvsoperator.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches this node's LvsNode and the slices of the fleets that it names. While the API server is away the informers keep
 * what they had; what was never read whole is not given out.
 */
public final class AssignmentWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AssignmentWatch.class);

    private final KubernetesClient client;
    private final Runnable onChange;
    private final SharedIndexInformer<LvsNode> nodeInformer;
    private final Map<String, SharedIndexInformer<VirtualServerSlice>> sliceInformers = new HashMap<>();
    private final Map<String, ReadSlices> read = new HashMap<>();

    /**
     * Starts to watch.
     *
     * @param onChange is called on the client's threads whenever {@link #current} may differ
     * @param onStatusMissing is called on the client's threads when the LvsNode is seen without a status
     */
    public AssignmentWatch(KubernetesClient client, String nodeName, Runnable onChange, Runnable onStatusMissing) {
        this.client = client;
        this.onChange = onChange;
        this.nodeInformer = client.resources(LvsNode.class)
                .withField("metadata.name", nodeName)
                .runnableInformer(0);
        nodeInformer.addEventHandler(new MissingStatus(onStatusMissing));
        start(nodeInformer, "LvsNode " + nodeName);
    }

    /**
     * What the cluster assigns to this node; empty while it is not known whole. A missing LvsNode is such an unknown too: the
     * operator takes roles away by writing an LvsNode without them, and deletes it only after the node has reported itself
     * clean.
     */
    public synchronized Optional<Assignment> current() {
        if (!nodeInformer.hasSynced()) {
            return Optional.empty();
        }
        Optional<LvsNode> node = nodeInformer.getStore().list().stream().findFirst();
        if (node.isEmpty()) {
            return Optional.empty();
        }
        LvsNodeSpec roles = node.get().getSpec();
        Set<String> fleets = fleetsOf(roles);
        follow(fleets);
        Map<String, Assignment.FleetSlices> slices = new HashMap<>();
        for (String fleet : fleets) {
            SharedIndexInformer<VirtualServerSlice> informer = sliceInformers.get(fleet);
            if (informer == null || !informer.hasSynced()) {
                return Optional.empty();
            }
            // Read first: the store may only be newer than this.
            @Nullable String resourceVersion = informer.lastSyncResourceVersion();
            if (resourceVersion == null) {
                return Optional.empty();
            }
            slices.put(
                    fleet,
                    read.computeIfAbsent(fleet, name -> new ReadSlices())
                            .read(resourceVersion, informer.getStore().list()));
        }
        return Optional.of(new Assignment(node.get().getMetadata().getGeneration(), roles, slices));
    }

    private static Set<String> fleetsOf(LvsNodeSpec roles) {
        Set<String> fleets = new HashSet<>();
        roles.directorRoles().forEach(role -> fleets.add(role.fleet()));
        roles.realServerRoles().forEach(role -> fleets.add(role.fleet()));
        return fleets;
    }

    private void follow(Set<String> fleets) {
        for (String fleet : fleets) {
            sliceInformers.computeIfAbsent(fleet, this::followSlices);
        }
        Set<String> ended = new HashSet<>(sliceInformers.keySet());
        ended.removeAll(fleets);
        for (String fleet : ended) {
            read.remove(fleet);
            SharedIndexInformer<VirtualServerSlice> informer = sliceInformers.remove(fleet);
            if (informer != null) {
                informer.stop();
            }
        }
    }

    private SharedIndexInformer<VirtualServerSlice> followSlices(String fleet) {
        SharedIndexInformer<VirtualServerSlice> informer = client.resources(VirtualServerSlice.class)
                .inAnyNamespace()
                .withLabel(Api.FLEET_LABEL, fleet)
                .runnableInformer(0);
        start(informer, "slices of fleet " + fleet);
        return informer;
    }

    private <T> void start(SharedIndexInformer<T> informer, String what) {
        informer.addEventHandler(new Poke<>());
        informer.exceptionHandler((isStarted, error) -> {
            LOG.warn("watching {}: {}; trying again", what, error.getMessage());
            return true;
        });
        var started = informer.start();
        started.whenComplete((done, error) -> {
            if (error != null) {
                LOG.error("watching {} ended: {}", what, error.getMessage());
            }
            onChange.run();
        });
    }

    private final class Poke<T> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T added) {
            onChange.run();
        }

        @Override
        public void onUpdate(T before, T after) {
            onChange.run();
        }

        @Override
        public void onDelete(T deleted, boolean finalStateUnknown) {
            onChange.run();
        }
    }

    private record MissingStatus(Runnable tell) implements ResourceEventHandler<LvsNode> {
        @Override
        public void onAdd(LvsNode added) {
            tellIfMissing(added);
        }

        @Override
        public void onUpdate(LvsNode before, LvsNode after) {
            tellIfMissing(after);
        }

        @Override
        public void onDelete(LvsNode deleted, boolean finalStateUnknown) {
            // Another one comes, or none is asked for.
        }

        private void tellIfMissing(LvsNode node) {
            if (node.getStatus() == null) {
                tell.run();
            }
        }
    }

    @Override
    public synchronized void close() {
        nodeInformer.stop();
        sliceInformers.values().forEach(SharedIndexInformer::stop);
    }
}
