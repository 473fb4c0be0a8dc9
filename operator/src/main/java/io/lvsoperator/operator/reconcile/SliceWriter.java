package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.rollout.Progress;
import io.lvsoperator.operator.rollout.SliceProgress;
import io.lvsoperator.operator.rollout.SliceProgress.Patience;
import io.lvsoperator.operator.rollout.SliceRollout;
import io.lvsoperator.operator.rollout.Step;
import io.lvsoperator.operator.rollout.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Takes a service's slice one step towards its target, and writes the step. */
final class SliceWriter {
    private static final Progress NO_SLICE = new Progress(Set.of(), Set.of(), true, true);

    private final KubernetesClient client;
    private final Cluster cluster;
    private final Clock clock;
    private final Duration nodeLossTimeout;
    private final Map<ServiceKey, Version> versions = new ConcurrentHashMap<>();

    /** Since when a slice has been as it is. */
    private record Version(String resourceVersion, Instant since) {}

    /**
     * How a slice is after a step.
     *
     * @param slice null when there is none (any more)
     * @param progress of the nodes with it
     */
    record Outcome(
            @Nullable VirtualServerSlice slice, @Nullable SliceProgress progress) {
        boolean isGone() {
            return slice == null;
        }

        @Nullable
        VirtualServerSliceSpec spec() {
            return slice == null ? null : slice.getSpec();
        }
    }

    SliceWriter(KubernetesClient client, Cluster cluster, Clock clock, Duration nodeLossTimeout) {
        this.client = client;
        this.cluster = cluster;
        this.clock = clock;
        this.nodeLossTimeout = nodeLossTimeout;
    }

    /** Takes one step, if one is due. */
    Outcome advance(VirtualService service, Target target) {
        ServiceKey key = key(service);
        Optional<VirtualServerSlice> slice = cluster.slice(key);
        @Nullable SliceProgress progress = slice.map(s -> progress(key, s)).orElse(null);
        Step step = SliceRollout.next(
                slice.map(VirtualServerSlice::getSpec).orElse(null),
                target,
                progress == null ? NO_SLICE : progress.progress());
        return switch (step) {
            case Step.Stay stay -> new Outcome(slice.orElse(null), progress);
            case Step.Gone gone -> new Outcome(null, null);
            case Step.Delete delete -> {
                slice.ifPresent(this::delete);
                versions.remove(key);
                yield new Outcome(null, null);
            }
            case Step.Write write -> {
                VirtualServerSlice written = write(service, slice, write.slice());
                yield new Outcome(written, progress(key, written));
            }
        };
    }

    private SliceProgress progress(ServiceKey key, VirtualServerSlice slice) {
        String fleet = slice.getSpec().fleet();
        String version = slice.getMetadata().getResourceVersion();
        Instant now = clock.instant();
        Version seen = versions.compute(
                key,
                (k, before) -> before != null && before.resourceVersion().equals(version)
                        ? before
                        : new Version(version, now));
        return SliceProgress.of(
                cluster.agents(fleet), fleet, key, version, new Patience(now, nodeLossTimeout, seen.since()));
    }

    private VirtualServerSlice write(
            VirtualService service, Optional<VirtualServerSlice> previous, VirtualServerSliceSpec spec) {
        VirtualServerSlice slice = new VirtualServerSlice();
        slice.setMetadata(new ObjectMetaBuilder()
                .withName(service.getMetadata().getName())
                .withNamespace(service.getMetadata().getNamespace())
                // Refuses a step from a state that is not there any more.
                .withResourceVersion(
                        previous.map(p -> p.getMetadata().getResourceVersion()).orElse(null))
                .withLabels(Map.of(Api.FLEET_LABEL, spec.fleet()))
                // Deleted from outside (a foreground deletion of the service does), it is still withdrawn in order.
                .withFinalizers(Api.FINALIZER)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(service.getApiVersion())
                        .withKind(service.getKind())
                        .withName(service.getMetadata().getName())
                        .withUid(service.getMetadata().getUid())
                        .withController(true)
                        .build())
                .build());
        slice.setSpec(spec);
        VirtualServerSlice written = client.resource(slice).patch(Writes.apply(), slice);
        cluster.slices.wrote(written);
        return written;
    }

    private void delete(VirtualServerSlice slice) {
        if (slice.getMetadata().getDeletionTimestamp() == null) {
            client.resource(slice).delete();
        }
        client.resources(VirtualServerSlice.class)
                .inNamespace(slice.getMetadata().getNamespace())
                .withName(slice.getMetadata().getName())
                .patch(Writes.merge(), "{\"metadata\":{\"finalizers\":null}}");
        cluster.slices.deleted(slice);
    }

    static ServiceKey key(VirtualService service) {
        return new ServiceKey(
                service.getMetadata().getNamespace(), service.getMetadata().getName());
    }

    static List<String> addresses(VirtualService service) {
        return service.getSpec().addresses().stream().map(a -> a.value()).toList();
    }
}
