package io.lvsoperator.agent.ipvs;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything in the kernel's table at one moment, ours and foreign, in the kernel's order. */
public record IpvsTable(Map<VirtualServerKey, ObservedServer> servers) {
    public static final IpvsTable EMPTY = new IpvsTable(Map.of());

    public IpvsTable {
        servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    }

    public static IpvsTable of(Collection<ObservedServer> servers) {
        var byKey = new LinkedHashMap<VirtualServerKey, ObservedServer>();
        servers.forEach(observed -> byKey.put(observed.server().key(), observed));
        return new IpvsTable(byKey);
    }
}
