package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.vrrp.wire.DropReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All virtual routers of this node at one moment.
 *
 * @param configured whether a configuration was taken in; before that nothing is touched
 * @param routers in the order in which they were configured first
 * @param strayDrops packets that belong to none of them
 * @param failure what ended the thread, other than {@link VrrpThread#close}
 */
public record VrrpStatus(
        boolean configured, List<RouterStatus> routers, Map<DropReason, Long> strayDrops, Optional<String> failure) {

    /** Before the first configuration. */
    public static final VrrpStatus INITIAL = new VrrpStatus(false, List.of(), Map.of(), Optional.empty());

    /** Copies the collections. */
    public VrrpStatus {
        routers = List.copyOf(routers);
        strayDrops = Map.copyOf(strayDrops);
    }

    /** The router of this key. */
    public Optional<RouterStatus> router(RouterKey key) {
        return routers.stream().filter(router -> router.key().equals(key)).findFirst();
    }
}
