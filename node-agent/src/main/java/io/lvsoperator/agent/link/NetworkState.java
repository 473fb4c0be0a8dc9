package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;
import java.util.Optional;

/** The interfaces of this network namespace and the addresses they hold, both in the kernel's order. */
public record NetworkState(List<Link> links, List<InterfaceAddress> addresses) {
    public NetworkState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
    }

    public Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    public Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    /** The addresses of one interface. */
    public List<InterfaceAddress> addressesOf(Link link) {
        return addresses.stream()
                .filter(address -> address.interfaceIndex() == link.index())
                .toList();
    }

    /**
     * The interfaces that hold an address of the prefix {@code network/prefixLength}.
     *
     * <p>A VIP says nothing about the segment an interface is on, so loopbacks and the addresses that this agent added do not
     * count.
     */
    public List<Link> linksHolding(IpAddress network, int prefixLength) {
        return links.stream()
                .filter(link -> !link.has(LinkFlag.IFF_LOOPBACK))
                .filter(link -> addressesOf(link).stream()
                        .filter(held -> !held.isMarkedAsOurs())
                        .anyMatch(held -> held.address().sharesPrefix(network, prefixLength)))
                .toList();
    }

    /** Whether both have the same interfaces and addresses, however long those are to live. */
    public boolean isLike(NetworkState other) {
        if (addresses.size() != other.addresses.size() || !links.equals(other.links)) {
            return false;
        }
        for (int i = 0; i < addresses.size(); i++) {
            if (!addresses.get(i).isLike(other.addresses.get(i))) {
                return false;
            }
        }
        return true;
    }
}
