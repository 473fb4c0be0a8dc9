package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.operator.rollout.ResourceVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of one kind: only what differs, and at most once a second per object.
 *
 * @param <S> the status
 * @param <R> the kind
 */
final class StatusWriter<S, R extends CustomResource<?, S>> {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Clock clock;
    private final Supplier<R> empty;
    private final Map<String, Written<S>> written = new ConcurrentHashMap<>();

    /** The last status that was written to an object. */
    private record Written<S>(String resourceVersion, S status, Instant at) {}

    StatusWriter(KubernetesClient client, Clock clock, Supplier<R> empty) {
        this.client = client;
        this.clock = clock;
        this.empty = empty;
    }

    /** The latest known status: the one that was written last, as long as the reconciler's cache has not seen it. */
    @Nullable
    S latest(R resource) {
        Written<S> last = written.get(resource.getMetadata().getUid());
        boolean seen = last == null
                || ResourceVersion.hasReached(resource.getMetadata().getResourceVersion(), last.resourceVersion());
        return seen || last == null ? resource.getStatus() : last.status();
    }

    /**
     * Writes a status unless it is there already.
     *
     * @return how long to wait before trying again, when the last write is too young
     */
    Optional<Duration> write(R resource, S status) {
        if (status.equals(latest(resource))) {
            return Optional.empty();
        }
        String uid = resource.getMetadata().getUid();
        Written<S> last = written.get(uid);
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.at().plus(INTERVAL))) {
            return Optional.of(Duration.between(now, last.at().plus(INTERVAL)));
        }
        R intent = empty.get();
        intent.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .withUid(uid)
                .build());
        intent.setStatus(status);
        R answer = client.resource(intent).subresource("status").patch(Writes.apply(), intent);
        written.put(uid, new Written<>(answer.getMetadata().getResourceVersion(), status, now));
        return Optional.empty();
    }

    /** Forgets an object that is gone. */
    void forget(R resource) {
        written.remove(resource.getMetadata().getUid());
    }
}
