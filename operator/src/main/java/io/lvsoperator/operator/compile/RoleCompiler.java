package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Vrrp;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.ConnectionSync;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.DirectorRole;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.RealServerRole;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.VirtualRouter;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.api.v1alpha1.Transport;
import io.lvsoperator.operator.compile.FleetRoles.RouterIdConflict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compiles fleets to the roles of nodes. */
public final class RoleCompiler {
    /** A director that joins must not change the preferred one, so the oldest node comes first. */
    private static final Comparator<NodeView> PREFERENCE =
            Comparator.comparing(NodeView::created).thenComparing(NodeView::name);

    /** VRRP version 2 has no IPv6. */
    private static final int VERSION_OF_IPV6 = 3;

    private final List<FleetView> fleets;
    private final List<NodeView> nodes;
    private final Map<String, LvsNodeSpec> current;
    private final Map<String, Set<String>> listed;
    private final Map<String, Integer> routerIds;
    private final int heartbeatPort;
    private final SourceAddresses sources;

    private RoleCompiler(
            List<FleetView> fleets,
            List<NodeView> nodes,
            Map<String, LvsNodeSpec> current,
            Map<String, Set<String>> listed,
            Map<String, List<VirtualRouterStatus>> reported,
            int heartbeatPort) {
        this.heartbeatPort = heartbeatPort;
        this.fleets = fleets.stream().sorted(FleetView.SENIORITY).toList();
        this.nodes = nodes.stream().sorted(PREFERENCE).toList();
        this.current = current;
        this.listed = listed;
        this.routerIds = RouterIds.of(this.fleets, current);
        this.sources = new SourceAddresses(current, reported);
    }

    /**
     * Compiles.
     *
     * @param current roles that nodes have now, by node name
     * @param listed nodes that slices list as real servers, by fleet name; a fleet that has slices has an entry. They keep
     *     their role until no slice lists them any more, and a fleet that is being deleted keeps all roles until it has no
     *     slice left.
     * @param reported virtual routers that nodes report, by node name
     * @param heartbeatPort UDP port of the heartbeat between directors
     */
    public static Roles compile(
            List<FleetView> fleets,
            List<NodeView> nodes,
            Map<String, LvsNodeSpec> current,
            Map<String, Set<String>> listed,
            Map<String, List<VirtualRouterStatus>> reported,
            int heartbeatPort) {
        return new RoleCompiler(fleets, nodes, current, listed, reported, heartbeatPort).compile();
    }

    private Roles compile() {
        Map<String, FleetRoles> byFleet = new TreeMap<>();
        Map<String, List<DirectorRole>> directs = new TreeMap<>();
        Map<String, List<RealServerRole>> realServerFor = new TreeMap<>();
        fleets.forEach(fleet -> byFleet.put(fleet.name(), roles(fleet)));
        Map<String, Integer> syncIds = SyncIds.of(fleets, byFleet);
        for (FleetView fleet : fleets) {
            FleetRoles roles = Objects.requireNonNull(byFleet.get(fleet.name()));
            roles.directors()
                    .forEach(node -> directs.computeIfAbsent(node, n -> new ArrayList<>())
                            .add(directorRole(fleet, roles, node, syncIds.get(fleet.name()))));
            roles.realServerNodes()
                    .forEach(node -> realServerFor
                            .computeIfAbsent(node, n -> new ArrayList<>())
                            .add(new RealServerRole(fleet.name(), fleet.spec().network())));
        }
        Map<String, LvsNodeSpec> byNode = new TreeMap<>();
        Stream.concat(directs.keySet().stream(), realServerFor.keySet().stream())
                .distinct()
                .forEach(node -> byNode.put(
                        node,
                        new LvsNodeSpec(
                                directs.getOrDefault(node, List.of()), realServerFor.getOrDefault(node, List.of()))));
        return new Roles(byFleet, byNode);
    }

    private FleetRoles roles(FleetView fleet) {
        SortedSet<String> chosen = new TreeSet<>();
        List<String> directors = new ArrayList<>();
        SortedSet<String> realServers = new TreeSet<>();
        SortedSet<String> both = new TreeSet<>();
        List<RouterIdConflict> conflicts = new ArrayList<>();
        @Nullable Integer id = routerIds.get(fleet.name());
        for (NodeView node : nodes) {
            if (isRealServer(fleet, node)) {
                realServers.add(node.name());
            }
            if (!fleet.choosesAsDirector(node) || isGone(fleet)) {
                continue;
            }
            chosen.add(node.name());
            if (fleet.choosesAsRealServer(node)) {
                both.add(node.name());
            }
            if (id == null) {
                continue;
            }
            Optional<FleetView> holder = holderOfRouterId(fleet, id, node);
            holder.ifPresent(h -> conflicts.add(new RouterIdConflict(node.name(), h.name(), id)));
            if (holder.isEmpty() && !realServers.contains(node.name())) {
                directors.add(node.name());
            }
        }
        return new FleetRoles(chosen, directors, realServers, both, conflicts, id);
    }

    /** A fleet that is deleted and has no service left in the kernel of any node. */
    private boolean isGone(FleetView fleet) {
        return fleet.deleting() && !listed.containsKey(fleet.name());
    }

    private boolean isRealServer(FleetView fleet, NodeView node) {
        if (isGone(fleet)) {
            return false;
        }
        return fleet.admitsAsRealServer(node) || isStillListed(fleet, node);
    }

    /** A real server that is to go keeps its role until no slice lists it; until then it cannot be a director either. */
    private boolean isStillListed(FleetView fleet, NodeView node) {
        LvsNodeSpec spec = current.get(node.name());
        return spec != null
                && spec.realServerRoles().stream().anyMatch(r -> r.fleet().equals(fleet.name()))
                && listed.getOrDefault(fleet.name(), Set.of()).contains(node.name());
    }

    /** The fleet that has this fleet's router id on a node: the one that has it now, else the older one. */
    private Optional<FleetView> holderOfRouterId(FleetView fleet, Integer id, NodeView node) {
        return fleets.stream()
                .filter(other -> id.equals(routerIds.get(other.name())))
                .filter(other -> other.choosesAsDirector(node) && !isGone(other))
                .min(Comparator.comparing((FleetView other) -> !hasRouterIdNow(other, id, node))
                        .thenComparing(FleetView.SENIORITY))
                .filter(holder -> !holder.name().equals(fleet.name()));
    }

    private boolean hasRouterIdNow(FleetView fleet, Integer id, NodeView node) {
        LvsNodeSpec spec = current.get(node.name());
        return spec != null
                && spec.directorRoles().stream()
                        .filter(role -> role.fleet().equals(fleet.name()))
                        .flatMap(role -> role.virtualRouters().stream())
                        .anyMatch(router -> router.virtualRouterId().equals(id));
    }

    private DirectorRole directorRole(FleetView fleet, FleetRoles roles, String node, @Nullable Integer syncId) {
        Integer id = Objects.requireNonNull(roles.virtualRouterId(), "a fleet without router id has no director");
        List<String> directors = roles.directors();
        int priority = Priorities.of(directors.indexOf(node), directors.size());
        List<String> peers =
                directors.stream().filter(other -> !other.equals(node)).sorted().toList();
        return new DirectorRole(
                fleet.name(),
                fleet.spec().network(),
                List.of(
                        router(fleet, id, AddressFamily.IPV4, priority, node, peers),
                        router(fleet, id, AddressFamily.IPV6, priority, node, peers)),
                fleet.spec().kernelSettings(),
                fleet.spec().firewall(),
                syncId == null ? null : new ConnectionSync(syncId),
                HeartbeatRoles.of(node, views(directors), heartbeatPort));
    }

    private List<NodeView> views(List<String> names) {
        return nodes.stream().filter(node -> names.contains(node.name())).toList();
    }

    private VirtualRouter router(
            FleetView fleet, Integer id, AddressFamily family, int priority, String node, List<String> peers) {
        Vrrp vrrp = fleet.spec().vrrp();
        @Nullable
        String linkLocal = family == AddressFamily.IPV6
                ? LinkLocalAddress.of(fleet.name(), id).text()
                : null;
        boolean authenticated = family == AddressFamily.IPV4
                && FleetPassword.reference(fleet.spec()).isPresent();
        boolean unicast = vrrp.transport() == Transport.UNICAST;
        List<String> peerAddresses = sources.of(peers, fleet.name(), family);
        return new VirtualRouter(
                family,
                id,
                priority,
                vrrp.advertisementIntervalMilliseconds(),
                vrrp.preemption().mode(),
                vrrp.checksum(),
                linkLocal,
                peers.isEmpty() ? null : peers,
                family == AddressFamily.IPV6 ? Integer.valueOf(VERSION_OF_IPV6) : vrrp.version(),
                vrrp.preemption().delaySeconds(),
                vrrp.transport(),
                unicast ? sources.of(node, fleet.name(), family).orElse(null) : null,
                unicast && !peerAddresses.isEmpty() ? peerAddresses : null,
                authenticated ? AuthenticationType.PASSWORD : null);
    }

    /** Nodes that slices list, by fleet, out of one pair per slice. */
    public static Map<String, Set<String>> listedByFleet(Stream<Map.Entry<String, Set<String>>> slices) {
        Map<String, Set<String>> byFleet = new HashMap<>();
        slices.forEach(slice ->
                byFleet.computeIfAbsent(slice.getKey(), f -> new TreeSet<>()).addAll(slice.getValue()));
        return byFleet;
    }
}
