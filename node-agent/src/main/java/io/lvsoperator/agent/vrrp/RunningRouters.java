package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.Attachments.Place;
import io.lvsoperator.agent.vrrp.VipPlacement.Vip;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The virtual routers that run, and what they hold and want together. */
final class RunningRouters {

    private final Map<RouterKey, RunningRouter> routers = new LinkedHashMap<>();

    /** A copy: it stays what it is while routers come and go. */
    List<RunningRouter> all() {
        return List.copyOf(routers.values());
    }

    Optional<RunningRouter> get(RouterKey key) {
        return Optional.ofNullable(routers.get(key));
    }

    void add(RunningRouter router) {
        routers.put(router.key(), router);
    }

    void remove(RunningRouter router) {
        routers.remove(router.key());
    }

    Optional<RunningRouter> at(Place place, int virtualRouterId) {
        return routers.values().stream()
                .filter(router -> router.key().virtualRouterId() == virtualRouterId
                        && Place.of(router.key()).equals(place))
                .findFirst();
    }

    /** Where they are, and whether one of them needs the group there. */
    Map<Place, Boolean> places() {
        return routers.values().stream()
                .collect(Collectors.toMap(
                        router -> Place.of(router.key()),
                        router -> router.config().route() instanceof Route.Multicast,
                        Boolean::logicalOr));
    }

    /** All VIPs of all routers, held or not. */
    Set<IpAddress> configuredVips() {
        return routers.values().stream()
                .flatMap(router -> router.config().allVips().stream())
                .collect(Collectors.toSet());
    }

    /** Whether an Active one must have this address on that interface. */
    boolean isWanted(Vip vip) {
        return activeOn(vip.interfaceIndex(), router -> true)
                .anyMatch(router -> router.machine().settings().vips().contains(vip.address()));
    }

    /** What is left of these VIPs without those that another Active one has on the same interface. */
    List<IpAddress> notHeldByOthers(RunningRouter router, Collection<IpAddress> vips) {
        Set<IpAddress> others = activeOn(router.interfaceIndex(), other -> other != router)
                .flatMap(other -> other.machine().settings().vips().stream())
                .collect(Collectors.toSet());
        return vips.stream().filter(vip -> !others.contains(vip)).toList();
    }

    private Stream<RunningRouter> activeOn(int interfaceIndex, Predicate<RunningRouter> which) {
        return routers.values().stream()
                .filter(router -> router.isActive() && router.interfaceIndex() == interfaceIndex)
                .filter(which);
    }

    /** VIPs that may stay where they are, though nobody holds them. */
    Set<Vip> tolerated() {
        return routers.values().stream()
                .filter(RunningRouter::toleratesVips)
                .flatMap(router ->
                        router.machine().settings().vips().stream().map(vip -> new Vip(router.interfaceIndex(), vip)))
                .collect(Collectors.toSet());
    }
}
