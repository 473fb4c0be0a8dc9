package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares desired state, kernel and ledger.
 *
 * <p>The order of the steps is part of the meaning: an interface is told to keep silent about the VIPs before the loopback
 * gets one, and may speak again only after the last is gone; IPVS is extended before it is reduced.
 */
public final class Planner {
    private static final String LOOPBACK_LABEL = "lo:lvs";
    private static final Map<DeviceSetting, Integer> SILENT_ABOUT_VIPS =
            Map.of(DeviceSetting.ARP_IGNORE, 1, DeviceSetting.ARP_ANNOUNCE, 2);

    private final DesiredState desired;
    private final Observed observed;
    private final Ledger ledger;
    private final String nodeName;

    private final Map<String, Problem> problems = new TreeMap<>();
    private final Map<VirtualServerKey, Problem> unservable = new HashMap<>();
    private final Map<Link, DeviceDemand> demands = new LinkedHashMap<>();
    private final Map<IpAddress, String> heldVips = new LinkedHashMap<>();
    private final Set<IpAddress> keptVips = new HashSet<>();

    private record DeviceDemand(Map<DeviceSetting, Integer> settings, String fleet) {}

    private Planner(DesiredState desired, Observed observed, Ledger ledger, String nodeName) {
        this.desired = desired;
        this.observed = observed;
        this.ledger = ledger;
        this.nodeName = nodeName;
    }

    /** The plan for the node of this name. */
    public static Plan plan(DesiredState desired, Observed observed, Ledger ledger, String nodeName) {
        return new Planner(desired, observed, ledger, nodeName).plan();
    }

    private Plan plan() {
        desired.directs().forEach(this::demandOfDirector);
        desired.serves().forEach(this::demandOfRealServer);

        SettingsPlanner settings = SettingsPlanner.plan(desired.settings(), observed.settings(), ledger, nodeName);
        List<Step> steps = new ArrayList<>(settings.steps());
        Map<String, Map<DeviceSetting, Integer>> saved = configureDevices(steps);
        Set<IpAddress> loopbackVips = holdVips(steps);
        Set<VirtualServerKey> adopted = new HashSet<>();
        int foreign = planIpvs(steps, adopted);
        Map<String, String> digests = observed.ipvs() instanceof Observed.Table(var table)
                ? HashDigest.byFleet(desired.services(), table, steps)
                : Map.of();
        releaseVips(steps);
        Map<String, Map<DeviceSetting, Integer>> savedAfter = restoreDevices(steps, saved);

        Set<VirtualServerKey> services = ledger.services();
        if (observed.ipvs() instanceof Observed.Table(var table)) {
            services = oursThen(table);
        }
        Ledger after = known(new Ledger(services, loopbackVips, savedAfter, settings.saved(), ledger.syncDaemons()));
        Ledger before = known(ledger.union(new Ledger(services, loopbackVips, saved, settings.saved())));
        return new Plan(steps, before, after, problems, unservable, settings.problems(), adopted, foreign, digests);
    }

    /** The services that are ours once the steps are done; the set that there is where it is no other, as there are thousands. */
    private Set<VirtualServerKey> oursThen(IpvsTable table) {
        Set<VirtualServerKey> wanted = desired.services().keySet();
        List<VirtualServerKey> placeholders = heldFamilies(table).stream()
                .map(family -> Placeholder.of(family).key())
                .filter(key -> !wanted.contains(key))
                .toList();
        Set<VirtualServerKey> known = ledger.services();
        if (known.size() == wanted.size() + placeholders.size()
                && known.containsAll(placeholders)
                && known.containsAll(wanted)) {
            return known;
        }
        List<VirtualServerKey> ours = new ArrayList<>(wanted);
        ours.addAll(placeholders);
        return Set.of(ours.toArray(VirtualServerKey[]::new));
    }

    /** The very ledger that there is, where nothing is to be written. */
    private Ledger known(Ledger other) {
        return other.equals(ledger) ? ledger : other;
    }

    /**
     * The families whose hooks stay in the kernel: those with services, and while the node directs anything those that had some,
     * as a service may be deleted only to come back.
     */
    private Set<AddressFamily> heldFamilies(IpvsTable table) {
        Set<AddressFamily> held = EnumSet.noneOf(AddressFamily.class);
        desired.services().keySet().forEach(key -> held.add(key.family()));
        for (AddressFamily family : AddressFamily.values()) {
            if (!desired.directs().isEmpty()
                    && table.servers().containsKey(Placeholder.of(family).key())) {
                held.add(family);
            }
        }
        return held;
    }

    private void demandOfDirector(DesiredState.DirectedFleet role) {
        if (observed.ipvs() instanceof Observed.Unavailable(Problem problem)) {
            problems.put(role.fleet(), problem);
            return;
        }
        switch (role.network().resolve(observed.network(), nodeName)) {
            case InterfaceChoice.NotFound(String message) ->
                problems.put(role.fleet(), new Problem(Problem.Reason.INTERFACE_NOT_FOUND, message));
            case InterfaceChoice.Found(Link link) ->
                desired.services().values().stream()
                        .filter(service -> service.fleet().equals(role.fleet()))
                        .filter(DesiredState.Service::translatesAddresses)
                        .forEach(service -> demandForwarding(service, link));
        }
    }

    /** Replies of NAT real servers are forwarded packets. */
    private void demandForwarding(DesiredState.Service service, Link fleetInterface) {
        switch (service.server().key().family()) {
            case IPV4 -> demandInterfaceForwarding(service, fleetInterface);
            case IPV6 -> requireIpv6Forwarding(service);
        }
    }

    /** Netlink cannot switch it on, and it makes a node deaf to router advertisements: not ours to change unasked. */
    private void requireIpv6Forwarding(DesiredState.Service service) {
        Integer present = observed.settings().get(KernelSetting.IPV6_FORWARDING);
        if (present == null || present == 0) {
            unservable.put(
                    service.server().key(),
                    new Problem(
                            Problem.Reason.FORWARDING_OFF,
                            "NAT over IPv6 needs %s = 1, and on node %s it is %s: set it there or by the fleet's spec.kernelSettings.ipv6Forwarding (with accept_ra = 2 on interfaces that learn their routes from router advertisements), or use forwarding.method DR"
                                    .formatted(
                                            KernelSetting.IPV6_FORWARDING.text(),
                                            nodeName,
                                            present == null ? "absent" : present)));
        }
    }

    private void demandInterfaceForwarding(DesiredState.Service service, Link fleetInterface) {
        forwardingLinks(service, fleetInterface, observed.network())
                .forEach(link -> demand(link, Map.of(DeviceSetting.FORWARDING, 1), service.fleet()));
    }

    /** The interfaces that have to forward for the service: its fleet's, and those that replies come in by. None but for NAT over IPv4. */
    public static Set<Link> forwardingLinks(DesiredState.Service service, Link fleetInterface, NetworkState network) {
        if (!service.translatesAddresses() || service.server().key().family() != AddressFamily.IPV4) {
            return Set.of();
        }
        Set<Link> links = new LinkedHashSet<>(Set.of(fleetInterface));
        service.destinations()
                .keySet()
                .forEach(destination -> network.links().stream()
                        .filter(link -> isOnLink(link, destination.address(), network))
                        .forEach(links::add));
        return links;
    }

    private static boolean isOnLink(Link link, IpAddress address, NetworkState network) {
        return !link.has(LinkFlag.IFF_LOOPBACK)
                && network.addressesOf(link).stream()
                        .anyMatch(held -> held.address().sharesPrefix(address, held.prefixLength()));
    }

    private void demandOfRealServer(DesiredState.ServedFleet role) {
        switch (role.network().resolve(observed.network(), nodeName)) {
            case InterfaceChoice.NotFound(String message) -> {
                problems.put(role.fleet(), new Problem(Problem.Reason.INTERFACE_NOT_FOUND, message));
                keptVips.addAll(role.vips());
            }
            case InterfaceChoice.Found(Link link) -> {
                if (!role.vips().isEmpty()) {
                    demand(link, SILENT_ABOUT_VIPS, role.fleet());
                    role.vips().forEach(vip -> heldVips.put(vip, role.fleet()));
                }
            }
        }
    }

    private void demand(Link link, Map<DeviceSetting, Integer> settings, String fleet) {
        Map<DeviceSetting, Integer> merged = new EnumMap<>(DeviceSetting.class);
        DeviceDemand before = demands.get(link);
        if (before != null) {
            merged.putAll(before.settings());
        }
        merged.putAll(settings);
        demands.put(link, new DeviceDemand(merged, fleet));
    }

    /** Returns the former values of all that is in demand, by interface. */
    private Map<String, Map<DeviceSetting, Integer>> configureDevices(List<Step> steps) {
        Map<String, Map<DeviceSetting, Integer>> saved = new HashMap<>();
        demands.forEach((link, demand) -> {
            Map<DeviceSetting, Integer> changes = new EnumMap<>(DeviceSetting.class);
            Map<DeviceSetting, Integer> former = new EnumMap<>(DeviceSetting.class);
            demand.settings().forEach((setting, wanted) -> {
                Integer present = link.settings().get(setting);
                if (!wanted.equals(present)) {
                    changes.put(setting, wanted);
                }
                ledger.saved(link.name(), setting)
                        .or(() -> Optional.ofNullable(present).filter(value -> !wanted.equals(value)))
                        .ifPresent(value -> former.put(setting, value));
            });
            if (!changes.isEmpty()) {
                steps.add(new Step.ConfigureDevice(link.index(), link.name(), changes, Optional.of(demand.fleet())));
            }
            if (!former.isEmpty()) {
                saved.put(link.name(), Map.copyOf(former));
            }
        });
        return saved;
    }

    /** Returns the VIPs on the loopback that are ours once the steps are done. */
    private Set<IpAddress> holdVips(List<Step> steps) {
        Set<IpAddress> ours = new HashSet<>();
        for (Link loopback : loopbacks()) {
            heldVips.forEach((vip, fleet) -> {
                Optional<InterfaceAddress> held = heldOn(loopback, vip);
                if (held.isEmpty()) {
                    Optional<String> label =
                            vip.family() == AddressFamily.IPV4 ? Optional.of(LOOPBACK_LABEL) : Optional.empty();
                    steps.add(new Step.HoldVip(new HostAddress(loopback.index(), vip, label), fleet));
                    ours.add(vip);
                } else if (isOurs(held.get())) {
                    ours.add(vip);
                }
            });
        }
        keptVips.stream().filter(ledger.loopbackVips()::contains).forEach(ours::add);
        return ours;
    }

    private int planIpvs(List<Step> steps, Set<VirtualServerKey> adopted) {
        if (!(observed.ipvs() instanceof Observed.Table(var table))) {
            return 0;
        }
        steps.addAll(IpvsPlanner.steps(desired.services(), heldFamilies(table), table, ledger.services()));
        int foreign = 0;
        for (VirtualServerKey present : table.servers().keySet()) {
            if (ledger.services().contains(present) || Placeholder.is(present)) {
                continue;
            }
            if (desired.services().containsKey(present)) {
                adopted.add(present);
            } else {
                foreign++;
            }
        }
        return foreign;
    }

    private void releaseVips(List<Step> steps) {
        for (Link loopback : loopbacks()) {
            for (InterfaceAddress address : observed.network().addressesOf(loopback)) {
                boolean isVip =
                        address.prefixLength() == address.address().family().addressBits();
                boolean wanted = heldVips.containsKey(address.address()) || keptVips.contains(address.address());
                if (isVip && isOurs(address) && !wanted) {
                    steps.add(new Step.ReleaseVip(loopback.index(), address.address()));
                }
            }
        }
    }

    /**
     * Returns what stays saved afterwards: the settings that are still in demand. While a role's interface cannot be told,
     * nothing is restored, since it may be one of these.
     */
    private Map<String, Map<DeviceSetting, Integer>> restoreDevices(
            List<Step> steps, Map<String, Map<DeviceSetting, Integer>> stillDemanded) {
        if (problems.values().stream().anyMatch(p -> p.reason() == Problem.Reason.INTERFACE_NOT_FOUND)) {
            return ledger.union(new Ledger(Set.of(), Set.of(), stillDemanded, Map.of()))
                    .savedSettings();
        }
        ledger.savedSettings()
                .forEach((name, former) -> observed.network().link(name).ifPresent(link -> {
                    Map<DeviceSetting, Integer> demanded = stillDemanded.getOrDefault(name, Map.of());
                    Map<DeviceSetting, Integer> restored = new EnumMap<>(DeviceSetting.class);
                    former.forEach((setting, value) -> {
                        if (!demanded.containsKey(setting)
                                && !value.equals(link.settings().get(setting))) {
                            restored.put(setting, value);
                        }
                    });
                    if (!restored.isEmpty()) {
                        steps.add(new Step.ConfigureDevice(link.index(), name, restored, Optional.empty()));
                    }
                }));
        return stillDemanded;
    }

    private List<Link> loopbacks() {
        return observed.network().links().stream()
                .filter(link -> link.has(LinkFlag.IFF_LOOPBACK))
                .limit(1)
                .toList();
    }

    private Optional<InterfaceAddress> heldOn(Link loopback, IpAddress vip) {
        return observed.network().addressesOf(loopback).stream()
                .filter(held -> held.address().equals(vip)
                        && held.prefixLength() == vip.family().addressBits())
                .findFirst();
    }

    private boolean isOurs(InterfaceAddress address) {
        return address.isMarkedAsOurs() || ledger.loopbackVips().contains(address.address());
    }
}
