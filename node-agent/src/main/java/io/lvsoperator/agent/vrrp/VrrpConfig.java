package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.HeartbeatConfig;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All virtual routers that this node shall run; one that is in the configuration before and not in this one is withdrawn.
 *
 * @param routers no two with one id on one interface and family
 * @param heartbeats with the other directors of each fleet, whether it has virtual routers yet or not
 */
public record VrrpConfig(List<RouterConfig> routers, List<HeartbeatConfig> heartbeats) {

    /** A node that is no director: nothing of ours may remain on its interfaces. */
    public static final VrrpConfig NONE = new VrrpConfig(List.of());

    /** Without heartbeats. */
    public VrrpConfig(List<RouterConfig> routers) {
        this(routers, List.of());
    }

    /**
     * Looks for clashes.
     *
     * @throws IllegalArgumentException naming two virtual routers that would take each other's advertisements
     */
    public VrrpConfig {
        routers = List.copyOf(routers);
        heartbeats = List.copyOf(heartbeats);
        Map<Place, RouterKey> places = new HashMap<>();
        for (RouterConfig router : routers) {
            RouterKey key = router.key();
            RouterKey other = places.put(Place.of(key), key);
            if (other != null) {
                throw new IllegalArgumentException(
                        other + " and " + key + " have one id on one interface: give each fleet an id of its own");
            }
        }
    }

    private record Place(String interfaceName, AddressFamily family, int virtualRouterId) {
        static Place of(RouterKey key) {
            return new Place(key.interfaceName(), key.family(), key.virtualRouterId());
        }
    }
}
