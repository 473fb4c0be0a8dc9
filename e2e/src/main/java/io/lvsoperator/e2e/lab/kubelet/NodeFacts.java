package io.lvsoperator.e2e.lab.kubelet;

import java.util.List;

/**
 * What pods learn of their node.
 *
 * @param name the Node object's name
 * @param namespace the network namespace that is the node's host network
 * @param addresses the node's internal addresses, at most one per family
 * @param apiServerHost the API server as the node reaches it
 * @param apiServerPort its port
 * @param patience how many times longer probes wait here than their pod says, before they fail and before they end a
 *     container; 1 where nothing is emulated
 */
public record NodeFacts(
        String name, String namespace, List<String> addresses, String apiServerHost, int apiServerPort, int patience) {

    public NodeFacts {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("node %s: needs an address".formatted(name));
        }
    }

    String primaryAddress() {
        return addresses.getFirst();
    }
}
