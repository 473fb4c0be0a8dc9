package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.vrrp.machine.Lease;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts VIPs on interfaces and takes them away, and knows which of the addresses found there are ours: those that carry the
 * agent's mark, and those that it added itself on a kernel that knows no marks. Loopbacks are not looked at: the VIPs of real
 * servers live there.
 */
final class VipPlacement {

    private static final Logger LOG = LoggerFactory.getLogger(VipPlacement.class);

    /** IFNAMSIZ less the terminating zero. */
    private static final int MAX_LABEL_CHARACTERS = 15;

    private static final String LABEL_SUFFIX = ":lvs";

    /** An address on an interface. */
    record Vip(int interfaceIndex, IpAddress address) {}

    private final Links links;
    private final Set<Vip> added = new HashSet<>();
    private final Map<Vip, Problem> problems = new LinkedHashMap<>();
    private Set<Vip> ours = new HashSet<>();
    /** Of ours, as of the last look: the seconds that are left, {@link InterfaceAddress#FOREVER} without end. */
    private Map<Vip, Long> leftSeconds = Map.of();

    private Set<Vip> foreign = Set.of();

    VipPlacement(Links links) {
        this.links = links;
    }

    /** Adds what is not there. What fails is a problem, and left to {@link #reconcile}. */
    void add(Link link, Collection<IpAddress> vips, Lease lease) {
        vips.stream().filter(vip -> !ours.contains(new Vip(link.index(), vip))).forEach(vip -> add(link, vip, lease));
    }

    private boolean add(Link link, IpAddress address, Lease lease) {
        Vip vip = new Vip(link.index(), address);
        try {
            links.add(host(link, address, lease));
        } catch (RefusedException e) {
            if (e.is(Errno.EEXIST)) {
                return false; // ours or not: the next look at the interface tells
            }
            addFailed(vip, link, e);
            return false;
        } catch (NetlinkException e) {
            addFailed(vip, link, e);
            return false;
        }
        ours.add(vip);
        added.add(vip);
        problems.remove(vip);
        return true;
    }

    private static HostAddress host(Link link, IpAddress address, Lease lease) {
        return new HostAddress(
                link.index(),
                address,
                label(link, address),
                lease.isPermanent() ? InterfaceAddress.FOREVER : lease.validSeconds());
    }

    /** Gives those that are there and ours this lease from now on. */
    void renew(Link link, Collection<IpAddress> vips, Lease lease) {
        List<HostAddress> held = vips.stream()
                .filter(vip -> ours.contains(new Vip(link.index(), vip)))
                .map(vip -> host(link, vip, lease))
                .toList();
        if (held.isEmpty()) {
            return;
        }
        try {
            links.replaceAll(held).stream()
                    .flatMap(Optional::stream)
                    .findFirst()
                    .ifPresent(refusal -> LOG.warn("a VIP on {} was not renewed: {}", link.name(), refusal));
        } catch (NetlinkException e) {
            LOG.warn("VIPs on {} were not renewed: {}", link.name(), e.getMessage());
        }
    }

    /** The least that the kernel has left of those that are there and ours; empty when none is, or none has an end. */
    OptionalLong leastSecondsLeft(Link link, Collection<IpAddress> vips) {
        return vips.stream()
                .map(vip -> leftSeconds.getOrDefault(new Vip(link.index(), vip), InterfaceAddress.FOREVER))
                .filter(left -> left != InterfaceAddress.FOREVER)
                .mapToLong(Long::longValue)
                .min();
    }

    private void addFailed(Vip vip, Link link, NetlinkException e) {
        LOG.warn("cannot add VIP {} to {}: {}", vip.address(), link.name(), e.getMessage());
        problems.put(
                vip,
                new Problem(
                        Problem.Kind.VIP_NOT_ADDED,
                        "VIP " + vip.address() + " cannot be added to " + link.name() + ": " + e.getMessage()));
    }

    /** Removes what is there and ours. What fails is a problem, and left to {@link #reconcile}. */
    void remove(int interfaceIndex, Collection<IpAddress> vips) {
        vips.stream()
                .map(vip -> new Vip(interfaceIndex, vip))
                .filter(ours::contains)
                .toList()
                .forEach(this::remove);
    }

    private void remove(Vip vip) {
        try {
            links.delete(
                    vip.interfaceIndex(), vip.address(), vip.address().family().addressBits());
        } catch (RefusedException e) {
            if (!e.is(Errno.EADDRNOTAVAIL) && !e.is(Errno.ENODEV)) {
                removeFailed(vip, e);
                return;
            }
        } catch (NetlinkException e) {
            removeFailed(vip, e);
            return;
        }
        ours.remove(vip);
        added.remove(vip);
        problems.remove(vip);
    }

    private void removeFailed(Vip vip, NetlinkException e) {
        LOG.warn("cannot remove VIP {} from interface {}: {}", vip.address(), vip.interfaceIndex(), e.getMessage());
        problems.put(
                vip,
                new Problem(
                        Problem.Kind.VIP_NOT_REMOVED,
                        "VIP " + vip.address() + " cannot be removed: " + e.getMessage()));
    }

    /** Takes in what the interfaces hold. */
    void observe(NetworkState state) {
        Set<Integer> eligible = state.links().stream()
                .filter(link -> !link.has(LinkFlag.IFF_LOOPBACK))
                .map(Link::index)
                .collect(Collectors.toSet());
        Set<Vip> marked = new HashSet<>();
        Set<Vip> unmarked = new HashSet<>();
        Map<Vip, Long> left = new HashMap<>();
        for (InterfaceAddress held : state.addresses()) {
            if (eligible.contains(held.interfaceIndex())) {
                Vip vip = new Vip(held.interfaceIndex(), held.address());
                (held.isMarkedAsOurs() ? marked : unmarked).add(vip);
                left.put(vip, held.validSeconds());
            }
        }
        added.removeIf(vip -> !marked.contains(vip) && !unmarked.contains(vip));
        unmarked.removeAll(added);
        marked.addAll(added);
        ours = marked;
        foreign = unmarked;
        left.keySet().retainAll(marked);
        leftSeconds = left;
    }

    /**
     * Makes what was observed what it should be.
     *
     * @param wanted what must be on each interface, and for how long without a renewal
     * @param tolerated what may stay if it is there
     * @return what was missing and has been added, by interface
     */
    Map<Link, List<IpAddress>> reconcile(Map<Link, Map<IpAddress, Lease>> wanted, Set<Vip> tolerated) {
        problems.clear();
        Set<Vip> keep = new HashSet<>(tolerated);
        Map<Link, List<IpAddress>> restored = new HashMap<>();
        wanted.forEach((link, addresses) -> {
            addresses.keySet().forEach(address -> keep.add(new Vip(link.index(), address)));
            addresses.forEach((address, lease) -> endOrKeep(link, address, lease));
            List<IpAddress> missing = addresses.keySet().stream()
                    .filter(address -> isMissing(new Vip(link.index(), address)))
                    .filter(address -> add(link, address, Objects.requireNonNull(addresses.get(address))))
                    .toList();
            if (!missing.isEmpty()) {
                restored.put(link, missing);
            }
        });
        ours.stream().filter(vip -> !keep.contains(vip)).toList().forEach(this::remove);
        return restored;
    }

    /** What failed when the lease was changed is made good. */
    private void endOrKeep(Link link, IpAddress address, Lease lease) {
        Vip vip = new Vip(link.index(), address);
        long left = leftSeconds.getOrDefault(vip, InterfaceAddress.FOREVER);
        boolean ends = left != InterfaceAddress.FOREVER;
        if (ours.contains(vip) && leftSeconds.containsKey(vip) && ends == lease.isPermanent()) {
            renew(link, List.of(address), lease);
        }
    }

    private boolean isMissing(Vip vip) {
        return !ours.contains(vip) && !foreign.contains(vip);
    }

    /** The problem with one VIP, as of the last attempt. */
    Optional<Problem> problem(Link link, IpAddress address) {
        Vip vip = new Vip(link.index(), address);
        if (foreign.contains(vip)) {
            return Optional.of(
                    new Problem(
                            Problem.Kind.VIP_FOREIGN,
                            "VIP " + address + " is on " + link.name()
                                    + " by another program's doing: remove it there, this agent neither adopts nor removes it"));
        }
        return Optional.ofNullable(problems.get(vip));
    }

    private static Optional<String> label(Link link, IpAddress address) {
        String label = link.name() + LABEL_SUFFIX;
        return switch (address.family()) {
            case IPV4 -> label.length() > MAX_LABEL_CHARACTERS ? Optional.empty() : Optional.of(label);
            case IPV6 -> Optional.empty();
        };
    }
}
