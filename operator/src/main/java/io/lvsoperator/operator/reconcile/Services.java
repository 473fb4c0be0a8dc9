package io.lvsoperator.operator.reconcile;

import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.address.ServiceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All VirtualServices, out of the one informer that JOSDK runs for their reconciler. */
public final class Services {
    private static final String BY_FLEET = "fleet";
    private static final String BY_ADDRESS = "address";
    private static final String BY_MARK = "firewall-mark";
    private static final String BY_NAMESPACE = "of-namespace";

    private final AtomicReference<@Nullable IndexerResourceCache<VirtualService>> cache = new AtomicReference<>();
    private volatile boolean filled;

    /** Takes the cache when JOSDK has made it, before it starts. */
    void use(IndexerResourceCache<VirtualService> primaryCache) {
        primaryCache.addIndexers(Map.of(
                BY_FLEET, s -> List.of(s.getSpec().fleetRef().name()),
                BY_ADDRESS, Services::addresses,
                BY_MARK, s -> Cluster.indexed(s.getSpec().firewallMark()),
                BY_NAMESPACE, s -> List.of(s.getMetadata().getNamespace())));
        cache.set(primaryCache);
    }

    /** From the first reconciliation on the cache is filled; before, every service is yet to be looked at anyway. */
    void fill() {
        filled = true;
    }

    List<VirtualService> ofFleet(String fleet) {
        return byIndex(BY_FLEET, fleet);
    }

    List<VirtualService> withAddress(String address) {
        return byIndex(BY_ADDRESS, address);
    }

    List<VirtualService> withFirewallMark(long mark) {
        return byIndex(BY_MARK, Long.toString(mark));
    }

    List<VirtualService> ofNamespace(String namespace) {
        return byIndex(BY_NAMESPACE, namespace);
    }

    /** All of them, for counting. */
    public Stream<VirtualService> all() {
        return filled ? Optional.ofNullable(cache.get()).stream().flatMap(c -> c.list()) : Stream.empty();
    }

    static ServiceKey key(VirtualService service) {
        return new ServiceKey(
                service.getMetadata().getNamespace(), service.getMetadata().getName());
    }

    static List<String> addresses(VirtualService service) {
        return service.getSpec().addresses().stream()
                .map(a -> IpAddress.canonical(a.value()))
                .toList();
    }

    private List<VirtualService> byIndex(String index, String value) {
        IndexerResourceCache<VirtualService> current = cache.get();
        return current == null || !filled ? List.of() : current.byIndex(index, value);
    }
}
