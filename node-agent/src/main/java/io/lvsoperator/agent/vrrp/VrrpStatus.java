package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.HeartbeatStatus;
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
 * @param heartbeats of the other directors
 * @param fenced whether the reconcile loop is stuck, so that this director wants another one to serve
 * @param failure what ended the thread, other than {@link VrrpThread#close}
 */
public record VrrpStatus(
        boolean configured,
        List<RouterStatus> routers,
        Map<DropReason, Long> strayDrops,
        HeartbeatStatus heartbeats,
        boolean fenced,
        Optional<String> failure) {

    /** Before the first configuration. */
    public static final VrrpStatus INITIAL =
            new VrrpStatus(false, List.of(), Map.of(), HeartbeatStatus.NONE, false, Optional.empty());

    /** Copies the collections. */
    public VrrpStatus {
        routers = List.copyOf(routers);
        strayDrops = Map.copyOf(strayDrops);
    }

    /** The same after the thread has ended for this reason. */
    VrrpStatus endedBy(Optional<String> reason) {
        return new VrrpStatus(configured, routers, strayDrops, heartbeats, fenced, reason);
    }

    /** The router of this key. */
    public Optional<RouterStatus> router(RouterKey key) {
        return routers.stream().filter(router -> router.key().equals(key)).findFirst();
    }
}
