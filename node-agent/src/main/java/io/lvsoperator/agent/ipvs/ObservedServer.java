package io.lvsoperator.agent.ipvs;

import java.util.List;

/**
 * A virtual server as it was found in the kernel.
 *
 * @param destinations in the kernel's order, which the mh scheduler depends on: the one added last comes first
 */
public record ObservedServer(VirtualServer server, Statistics statistics, List<ObservedDestination> destinations) {
    public ObservedServer {
        destinations = List.copyOf(destinations);
    }
}
