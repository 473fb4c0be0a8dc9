package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import java.util.List;
import java.util.stream.Collectors;

/** How a fleet names its interface. */
public sealed interface InterfaceChoice {

    /** By its name. */
    record ByName(String name) implements InterfaceChoice {}

    /** By a prefix that it holds an address of. */
    record ByPrefix(IpAddress network, int prefixLength) implements InterfaceChoice {
        @Override
        public String toString() {
            return network + "/" + prefixLength;
        }
    }

    /** What the choice came to on this node. */
    sealed interface Resolution {}

    /** The interface. */
    record Found(Link link) implements Resolution {}

    /** There is none, or not exactly one. */
    record NotFound(String message) implements Resolution {}

    /** Reads the fleet's network, which the schema has validated. */
    static InterfaceChoice of(DirectorFleetSpec.Network network) {
        if (network.interfaceName() != null) {
            return new ByName(network.interfaceName());
        }
        if (network.interfaceFor() == null) {
            throw new IllegalArgumentException("network has neither interface nor interfaceFor");
        }
        String[] parts = network.interfaceFor().split("/", 2);
        return new ByPrefix(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The interface on this node, or a message that names what there is instead. */
    default Resolution resolve(NetworkState network, String nodeName) {
        return switch (this) {
            case ByName(String name) ->
                network.link(name)
                        .<Resolution>map(Found::new)
                        .orElseGet(() -> new NotFound(
                                "node %s has no interface '%s' (it has %s): set the fleet's network.interface, or interfaceFor"
                                        .formatted(nodeName, name, names(network.links()))));
            case ByPrefix prefix -> resolvePrefix(prefix, network, nodeName);
        };
    }

    private static Resolution resolvePrefix(ByPrefix prefix, NetworkState network, String nodeName) {
        List<Link> holding = network.linksHolding(prefix.network(), prefix.prefixLength());
        return switch (holding.size()) {
            case 1 -> new Found(holding.getFirst());
            case 0 ->
                new NotFound(
                        "no interface of node %s holds an address of %s (it has %s): set the fleet's network.interfaceFor"
                                .formatted(nodeName, prefix, names(network.links())));
            default ->
                new NotFound(
                        "several interfaces of node %s hold an address of %s (%s): set the fleet's network.interface"
                                .formatted(nodeName, prefix, names(holding)));
        };
    }

    private static String names(List<Link> links) {
        return links.stream()
                .filter(link -> !link.has(LinkFlag.IFF_LOOPBACK))
                .map(Link::name)
                .collect(Collectors.joining(", "));
    }
}
