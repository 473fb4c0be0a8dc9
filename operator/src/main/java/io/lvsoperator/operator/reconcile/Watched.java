package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.lvsoperator.operator.rollout.ResourceVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one type: the one informer of that type, overlaid with what the operator has just written itself and the
 * informer has not seen yet. Without the overlay a decision could be taken twice, from a slice that is not there any more.
 *
 * @param <T> type of the objects
 */
final class Watched<T extends HasMetadata> {
    private final Map<String, Function<T, List<String>>> indexers;
    private final SharedIndexInformer<T> informer;
    private final Map<String, Own<T>> own = new ConcurrentHashMap<>();

    /** What the operator wrote: the object as the API server answered, or the last one before it was deleted. */
    private record Own<T>(T object, boolean deleted) {}

    /** Says that an object has come (no old one), changed, or gone (no new one). */
    interface Listener<T> {
        void onChange(@Nullable T before, @Nullable T after);
    }

    Watched(Informable<T> source, Map<String, Function<T, List<String>>> indexers) {
        this.indexers = indexers;
        this.informer = source.runnableInformer(0);
        informer.itemStore(new LeanStore<>());
        informer.addIndexers(Map.copyOf(indexers));
        informer.addEventHandler(
                new Forward((before, after) -> forgetOwn(after == null ? before : after, after == null)));
    }

    /** Hears of changes; after the cache has them. */
    void listen(Listener<T> listener) {
        informer.addEventHandler(new Forward(listener::onChange));
    }

    CompletionStage<Void> start() {
        return informer.start();
    }

    void stop() {
        informer.stop();
    }

    boolean isSynced() {
        return informer.hasSynced();
    }

    boolean isRunning() {
        return informer.isRunning();
    }

    /** The latest known state of an object. */
    Optional<T> get(String key) {
        T cached = informer.getIndexer().getByKey(key);
        Own<T> written = own.get(key);
        if (written == null) {
            return Optional.ofNullable(cached);
        }
        if (cached != null && reaches(cached, written.object()) && !written.deleted()) {
            return Optional.of(cached);
        }
        if (!written.deleted()) {
            return Optional.of(written.object());
        }
        return Optional.ofNullable(cached).filter(c -> !sameUid(c, written.object()));
    }

    Optional<T> get(@Nullable String namespace, String name) {
        return get(Cache.namespaceKeyFunc(namespace, name));
    }

    List<T> all() {
        Set<String> keys = new HashSet<>(informer.getIndexer().listKeys());
        keys.addAll(own.keySet());
        return keys.stream().flatMap(key -> get(key).stream()).toList();
    }

    /** Objects with a value in an index. */
    List<T> byIndex(String index, String value) {
        Function<T, List<String>> values = Objects.requireNonNull(indexers.get(index), index);
        List<T> found = new ArrayList<>();
        Set<String> seen = new HashSet<>(own.keySet());
        for (T cached : informer.getIndexer().byIndex(index, value)) {
            if (!seen.contains(Cache.metaNamespaceKeyFunc(cached))) {
                found.add(cached);
            }
        }
        seen.stream()
                .flatMap(key -> get(key).stream())
                .filter(object -> values.apply(object).contains(value))
                .forEach(found::add);
        return found;
    }

    /** Notes the API server's answer to a write. */
    void wrote(T object) {
        own.put(Cache.metaNamespaceKeyFunc(object), new Own<>(object, false));
        forgetSeen(object);
    }

    /** Notes that an object was deleted. */
    void deleted(T object) {
        String key = Cache.metaNamespaceKeyFunc(object);
        own.put(key, new Own<>(object, true));
        if (informer.getIndexer().getByKey(key) == null) {
            own.remove(key);
        }
    }

    /** The informer may have seen the write before its answer came. */
    private void forgetSeen(T object) {
        String key = Cache.metaNamespaceKeyFunc(object);
        T cached = informer.getIndexer().getByKey(key);
        if (cached != null) {
            forgetOwn(cached, false);
        }
    }

    private void forgetOwn(@Nullable T seen, boolean gone) {
        if (seen == null) {
            return;
        }
        own.computeIfPresent(Cache.metaNamespaceKeyFunc(seen), (key, written) -> {
            boolean over = gone
                    ? sameUid(seen, written.object())
                    : written.deleted() ? !sameUid(seen, written.object()) : reaches(seen, written.object());
            return over ? null : written;
        });
    }

    private static boolean reaches(HasMetadata seen, HasMetadata written) {
        return ResourceVersion.hasReached(
                seen.getMetadata().getResourceVersion(), written.getMetadata().getResourceVersion());
    }

    private static boolean sameUid(HasMetadata a, HasMetadata b) {
        return Objects.equals(a.getMetadata().getUid(), b.getMetadata().getUid());
    }

    private final class Forward implements ResourceEventHandler<T> {
        private final BiConsumer<@Nullable T, @Nullable T> to;

        Forward(BiConsumer<@Nullable T, @Nullable T> to) {
            this.to = to;
        }

        @Override
        public void onAdd(T object) {
            to.accept(null, object);
        }

        @Override
        public void onUpdate(T before, T after) {
            to.accept(before, after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            to.accept(object, null);
        }
    }

    /** Keeps objects without their managed fields, which are most of a Node and which nobody here reads. */
    private static final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
        LeanStore() {
            super(Cache::metaNamespaceKeyFunc);
        }

        @Override
        public T put(String key, T object) {
            object.getMetadata().setManagedFields(null);
            return super.put(key, object);
        }
    }
}
