package io.lvsoperator.operator.reconcile;

import io.lvsoperator.operator.address.ServiceKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Services that wait for nodes. A node's report that says no more than how far it is concerns only them, so that one change
 * among ten thousand services costs the work for one.
 */
final class Unsettled {
    private final Map<ServiceKey, String> fleets = new ConcurrentHashMap<>();

    /** Before a service is looked at: a report that comes from here on will have it looked at again. */
    void add(ServiceKey service, String fleet) {
        fleets.put(service, fleet);
    }

    void remove(ServiceKey service) {
        fleets.remove(service);
    }

    Set<ServiceKey> of(String fleet) {
        return fleets.entrySet().stream()
                .filter(entry -> entry.getValue().equals(fleet))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
