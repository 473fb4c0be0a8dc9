package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.EditedSlice;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.plan.Exemption;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.plan.Observed;
import io.lvsoperator.agent.plan.Plan;
import io.lvsoperator.agent.plan.Planner;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much of the kernel an edit has to look at: the services that it changes, when nothing else of the node depends on them, or
 * everything. Pure.
 */
sealed interface Focus {

    /** Says why. */
    record Everything(String why) implements Focus {}

    /**
     * Nothing but services.
     *
     * @param wanted those that are new or asked for differently
     * @param gone those that nobody asks for any more; their VIPs stay
     * @param newVips by fleet, to be offered once the services stand
     */
    record Services(
            Map<VirtualServerKey, DesiredState.Service> wanted,
            Set<VirtualServerKey> gone,
            Map<String, Set<IpAddress>> newVips)
            implements Focus {

        /** All that have to be looked at. */
        Set<VirtualServerKey> keys() {
            Set<VirtualServerKey> keys = new LinkedHashSet<>(wanted.keySet());
            keys.addAll(gone);
            return keys;
        }

        /** The plan for these alone; the placeholders stand, or a pass would not have reached its assignment. */
        Plan plan(IpvsTable seen, Ledger ledger, String nodeName) {
            List<ObservedServer> table = new ArrayList<>(seen.servers().values());
            for (AddressFamily family : AddressFamily.values()) {
                table.add(new ObservedServer(Placeholder.of(family), Statistics.ZERO, List.of()));
            }
            Set<VirtualServerKey> ours = keys();
            ours.retainAll(ledger.services());
            return Planner.plan(
                    new DesiredState(wanted, List.of(), List.of(), DesiredSettings.NONE, Map.of()),
                    new Observed(
                            new Observed.Table(IpvsTable.of(table)), new NetworkState(List.of(), List.of()), Map.of()),
                    new Ledger(ours, Set.of(), Map.of(), Map.of()),
                    nodeName);
        }

        /** The fleets with their new VIPs. */
        List<DesiredState.DirectedFleet> directs(List<DesiredState.DirectedFleet> before) {
            return newVips.isEmpty()
                    ? before
                    : before.stream().map(this::withNewVips).toList();
        }

        private DesiredState.DirectedFleet withNewVips(DesiredState.DirectedFleet fleet) {
            @Nullable Set<IpAddress> more = newVips.get(fleet.fleet());
            if (more == null) {
                return fleet;
            }
            Set<IpAddress> vips = new LinkedHashSet<>(fleet.vips());
            vips.addAll(more);
            return new DesiredState.DirectedFleet(
                    fleet.fleet(),
                    fleet.network(),
                    fleet.routers(),
                    vips,
                    fleet.untracked(),
                    fleet.syncId(),
                    fleet.heartbeat());
        }
    }

    /** What the way from where the node stands to this assignment has to look at. */
    static Focus of(Standing standing, Assignment assignment, String nodeName) {
        return assignment.hasTheRolesOf(standing.assignment())
                ? new Reading(standing, nodeName).of(assignment)
                : new Everything("the node's roles are others");
    }

    /** Reads the edited slices one by one. */
    final class Reading {
        private final Standing standing;
        private final String nodeName;
        private final Map<VirtualServerKey, DesiredState.Service> wanted = new LinkedHashMap<>();
        private final Set<VirtualServerKey> gone = new LinkedHashSet<>();
        private final Map<String, Set<IpAddress>> newVips = new HashMap<>();

        private Reading(Standing standing, String nodeName) {
            this.standing = standing;
            this.nodeName = nodeName;
        }

        private Focus of(Assignment assignment) {
            for (EditedSlice slice : EditedSlice.between(standing.assignment(), assignment, nodeName)) {
                Optional<String> obstacle = take(slice);
                if (obstacle.isPresent()) {
                    return new Everything(slice.name() + " " + obstacle.get());
                }
            }
            return new Services(wanted, gone, newVips);
        }

        /** Takes it in, or says why it is about more than services. */
        private Optional<String> take(EditedSlice slice) {
            EditedSlice.Side before = slice.before();
            EditedSlice.Side after = slice.after();
            if (standing.report().sliceProblems().containsKey(slice.name())) {
                return Optional.of("has failed before");
            }
            if (!before.heldVips().equals(after.heldVips())) {
                return Optional.of("has the node hold other VIPs");
            }
            if (!after.vips().containsAll(before.vips())) {
                return Optional.of("gives up a VIP");
            }
            if (after.services().isEmpty() && !after.vips().isEmpty()) {
                return Optional.of("has VIPs without services");
            }
            if (standing.directs().stream().anyMatch(DesiredState.DirectedFleet::untracked)
                    && Exemption.differ(before.services(), after.services())) {
                return Optional.of("changes what conntrack passes over");
            }
            Set<IpAddress> more = new HashSet<>(after.vips());
            more.removeAll(before.vips());
            if (!more.isEmpty()) {
                newVips.computeIfAbsent(slice.fleet(), fleet -> new HashSet<>()).addAll(more);
            }
            return takeServices(slice).or(() -> forwarding(slice));
        }

        private Optional<String> takeServices(EditedSlice slice) {
            Map<VirtualServerKey, DesiredState.Service> left = new LinkedHashMap<>();
            slice.before()
                    .services()
                    .forEach(service -> left.put(service.server().key(), service));
            for (DesiredState.Service service : slice.after().services()) {
                VirtualServerKey key = service.server().key();
                DesiredState.@Nullable Service was = left.remove(key);
                if (was == null) {
                    if (isTaken(key)) {
                        return Optional.of("asks for %s, which another one has".formatted(key));
                    }
                    if (!standing.sawServer(Placeholder.of(key.family()).key())) {
                        return Optional.of("brings the first service of its family");
                    }
                }
                if (!service.equals(was)) {
                    wanted.put(key, service);
                }
            }
            gone.addAll(left.keySet());
            boolean keysDiffer = !left.isEmpty()
                    || slice.after().services().size()
                            != slice.before().services().size();
            return keysDiffer && !standing.looked().rejected().isEmpty()
                    ? Optional.of("may settle a conflict of addresses")
                    : Optional.empty();
        }

        /** By a slice that stands, or by another one of this edit. */
        private boolean isTaken(VirtualServerKey key) {
            return standing.service(key).isPresent() || wanted.containsKey(key);
        }

        /** NAT has the node's interfaces forward; those that do already may serve more, and all must be needed still. */
        private Optional<String> forwarding(EditedSlice slice) {
            Set<Link> before = forwardingLinks(slice.before().services());
            Set<Link> after = forwardingLinks(slice.after().services());
            if (!after.containsAll(before)) {
                return Optional.of("no longer needs an interface to forward");
            }
            if (!after.stream().allMatch(link -> before.contains(link) || forwards(link))) {
                return Optional.of("needs an interface to forward");
            }
            boolean ipv6 = slice.after().services().stream()
                    .anyMatch(service ->
                            service.server().key().family() == AddressFamily.IPV6 && service.translatesAddresses());
            Integer forwarding = standing.observed().settings().get(KernelSetting.IPV6_FORWARDING);
            return ipv6 && (forwarding == null || forwarding == 0)
                    ? Optional.of("needs IPv6 forwarding")
                    : Optional.empty();
        }

        private static boolean forwards(Link link) {
            return Integer.valueOf(1).equals(link.settings().get(DeviceSetting.FORWARDING));
        }

        private Set<Link> forwardingLinks(List<DesiredState.Service> services) {
            NetworkState network = standing.observed().network();
            Set<Link> links = new HashSet<>();
            for (DesiredState.DirectedFleet fleet : standing.directs()) {
                if (services.stream().anyMatch(service -> service.fleet().equals(fleet.fleet()))
                        && fleet.network().resolve(network, nodeName) instanceof InterfaceChoice.Found(Link link)) {
                    services.forEach(service -> links.addAll(Planner.forwardingLinks(service, link, network)));
                }
            }
            return links;
        }
    }
}
