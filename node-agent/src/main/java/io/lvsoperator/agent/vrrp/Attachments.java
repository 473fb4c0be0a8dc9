package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.link.AddressFlag;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The attachments of all virtual routers, opened and closed as interfaces and addresses come and go. */
final class Attachments {

    /** One interface, by name, and one family on it. */
    record Place(String interfaceName, AddressFamily family) {
        static Place of(RouterKey key) {
            return new Place(key.interfaceName(), key.family());
        }
    }

    private final VrrpSockets sockets;
    private final Map<Place, Attachment> open = new HashMap<>();
    private final Map<Place, Problem> problems = new HashMap<>();

    Attachments(VrrpSockets sockets) {
        this.sockets = sockets;
    }

    Optional<Attachment> at(Place place) {
        return Optional.ofNullable(open.get(place));
    }

    /** Why there is no attachment; empty as well before the first {@link #follow}. */
    Optional<Problem> problem(Place place) {
        return Optional.ofNullable(problems.get(place));
    }

    /** The places with an attachment. */
    Collection<Place> places() {
        return List.copyOf(open.keySet());
    }

    /**
     * Attaches where that is possible and not done, detaches where it is not possible any more.
     *
     * @param wanted by the virtual routers, with whether one of them needs the group
     * @param vips addresses that are no source, whoever put them on an interface
     */
    void follow(NetworkState state, Map<Place, Boolean> wanted, Set<IpAddress> vips) {
        places().stream().filter(place -> !wanted.containsKey(place)).forEach(this::detach);
        problems.keySet().retainAll(wanted.keySet());
        wanted.forEach((place, group) -> {
            try {
                attach(place, group, state, vips);
                problems.remove(place);
            } catch (NotAttachable e) {
                detach(place);
                problems.put(place, e.problem);
            }
        });
    }

    /** Closes a socket that failed; the next {@link #follow} opens another. */
    void detach(Place place) {
        Attachment attachment = open.remove(place);
        if (attachment != null) {
            attachment.socket().close();
        }
    }

    void detachAll() {
        places().forEach(this::detach);
    }

    private void attach(Place place, boolean group, NetworkState state, Set<IpAddress> vips) throws NotAttachable {
        Link link = usableLink(place, state);
        MacAddress mac = link.hardware()
                .orElseThrow(() -> new NotAttachable(
                        Problem.Kind.INTERFACE_UNUSABLE,
                        "interface " + link.name() + " is not Ethernet: name an Ethernet interface"));
        IpAddress source = source(place, link, state, vips);
        Attachment before = open.get(place);
        if (before != null
                && before.link().index() == link.index()
                && before.source().equals(source)
                && before.group() == group) {
            open.put(place, before.withLink(link, mac));
            return;
        }
        detach(place);
        try {
            open.put(place, new Attachment(link, mac, source, sockets.open(link.index(), source, group), group));
        } catch (IOException e) {
            throw new NotAttachable(
                    Problem.Kind.SOCKET_FAILED,
                    "interface " + link.name() + ": no VRRP socket from " + source + ": " + e.getMessage() + wayOut(e));
        }
    }

    private static String wayOut(IOException e) {
        boolean forbidden = e instanceof NativeException failure && failure.is(Errno.EPERM);
        return forbidden ? ": give the agent CAP_NET_RAW" : "; it is tried again each second";
    }

    private static Link usableLink(Place place, NetworkState state) throws NotAttachable {
        Link link = state.link(place.interfaceName())
                .orElseThrow(() -> new NotAttachable(
                        Problem.Kind.INTERFACE_NOT_FOUND,
                        "interface " + place.interfaceName()
                                + " not found on this node: name one that it has, or take the node out of the fleet"));
        if (!link.isOperational()) {
            throw new NotAttachable(
                    Problem.Kind.INTERFACE_UNUSABLE,
                    "interface " + link.name() + " is down or has no carrier: set it up, check its cable");
        }
        return link;
    }

    /** The primary IPv4 address, or the link-local IPv6 one once duplicate address detection is done (section 7.2). */
    private static IpAddress source(Place place, Link link, NetworkState state, Set<IpAddress> vips)
            throws NotAttachable {
        return state.addressesOf(link).stream()
                .filter(held -> held.address().family() == place.family())
                .filter(held -> place.family() == AddressFamily.IPV4 || isUsableLinkLocal(held))
                .filter(held -> !held.isMarkedAsOurs() && !vips.contains(held.address()))
                .map(InterfaceAddress::address)
                .findFirst()
                .orElseThrow(() -> new NotAttachable(
                        Problem.Kind.NO_SOURCE_ADDRESS,
                        switch (place.family()) {
                            case IPV4 ->
                                "interface " + link.name()
                                        + " has no IPv4 address of its own to send from: give it one that is no VIP";
                            case IPV6 ->
                                "interface " + link.name()
                                        + " has no usable link-local address to send from: enable IPv6 on it";
                        }));
    }

    private static boolean isUsableLinkLocal(InterfaceAddress held) {
        return held.address().isLinkLocal()
                && !held.has(AddressFlag.IFA_F_TENTATIVE)
                && !held.has(AddressFlag.IFA_F_DADFAILED);
    }

    private static final class NotAttachable extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        NotAttachable(Problem.Kind kind, String message) {
            super(message, null, false, false);
            problem = new Problem(kind, message);
        }
    }
}
