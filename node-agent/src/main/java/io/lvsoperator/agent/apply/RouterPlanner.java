package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.heartbeat.HeartbeatConfig;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.Route;
import io.lvsoperator.agent.vrrp.RouterConfig;
import io.lvsoperator.agent.vrrp.RouterKey;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which virtual routers run on this node, and with which VIPs. Pure. */
final class RouterPlanner {
    private RouterPlanner() {}

    /**
     * The routers of all fleets that are not in {@code excluded}, with those of their VIPs that are in {@code servable}. A
     * family without such a VIP has no router, so that nobody is elected for nothing.
     */
    static VrrpConfig plan(
            List<DesiredState.DirectedFleet> directs,
            NetworkState network,
            String nodeName,
            Set<IpAddress> servable,
            Set<String> excluded) {
        List<RouterConfig> routers = new ArrayList<>();
        for (DesiredState.DirectedFleet fleet : directs) {
            if (!excluded.contains(fleet.fleet())
                    && fleet.network().resolve(network, nodeName) instanceof InterfaceChoice.Found(var link)) {
                for (LvsNodeSpec.VirtualRouter router : fleet.routers()) {
                    List<IpAddress> vips = fleet.vips().stream()
                            .filter(vip -> vip.family() == familyOf(router) && servable.contains(vip))
                            .toList();
                    if (!vips.isEmpty()) {
                        routers.add(router(fleet.fleet(), link.name(), router, vips));
                    }
                }
            }
        }
        return new VrrpConfig(
                routers,
                directs.stream()
                        .flatMap(fleet -> fleet.heartbeat().stream()
                                .map(heartbeat -> heartbeat(fleet.fleet(), nodeName, heartbeat)))
                        .toList());
    }

    private static HeartbeatConfig heartbeat(String fleet, String nodeName, LvsNodeSpec.Heartbeat heartbeat) {
        return new HeartbeatConfig(
                fleet,
                nodeName,
                IpAddress.parse(heartbeat.address()),
                heartbeat.port(),
                heartbeat.others().stream()
                        .collect(Collectors.toMap(peer -> peer.node(), peer -> IpAddress.parse(peer.address()))));
    }

    private static RouterConfig router(
            String fleet, String interfaceName, LvsNodeSpec.VirtualRouter router, List<IpAddress> vips) {
        return new RouterConfig(
                new RouterKey(fleet, interfaceName, familyOf(router), router.virtualRouterId()),
                versionOf(router),
                router.priority(),
                router.advertisementIntervalMilliseconds(),
                Preemption.of(router.preemption(), delayOf(router)),
                router.checksum(),
                Optional.ofNullable(router.linkLocalAddress()).map(IpAddress::parse),
                vips,
                router.peers() == null ? Set.of() : Set.copyOf(router.peers()),
                routeOf(router),
                router.authentication() == null ? AuthenticationType.NONE : router.authentication());
    }

    /** An operator that knows one version only gives none. */
    private static Version versionOf(LvsNodeSpec.VirtualRouter router) {
        return router.version() == null
                ? Version.VERSION_3
                : Version.ofNumber(router.version())
                        .orElseThrow(() -> new IllegalArgumentException("virtual router " + router.virtualRouterId()
                                + ": version is " + router.version() + ", it must be 2 or 3"));
    }

    private static Route routeOf(LvsNodeSpec.VirtualRouter router) {
        if (router.transport() != Transport.UNICAST) {
            return new Route.Multicast();
        }
        List<String> peers = router.peerAddresses() == null ? List.of() : router.peerAddresses();
        return new Route.Unicast(
                Optional.ofNullable(router.sourceAddress()).map(IpAddress::parse),
                peers.stream().map(IpAddress::parse).collect(Collectors.toSet()));
    }

    private static int delayOf(LvsNodeSpec.VirtualRouter router) {
        return router.preemptionDelaySeconds() == null ? 0 : router.preemptionDelaySeconds();
    }

    private static AddressFamily familyOf(LvsNodeSpec.VirtualRouter router) {
        return switch (router.family()) {
            case IPV4 -> AddressFamily.IPV4;
            case IPV6 -> AddressFamily.IPV6;
        };
    }
}
