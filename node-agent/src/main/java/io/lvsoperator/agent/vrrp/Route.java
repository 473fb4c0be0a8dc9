package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;
import java.util.Set;

/** How the advertisements of a virtual router travel. */
public sealed interface Route {

    /** To VRRP's group, as the RFCs want. */
    record Multicast() implements Route {}

    /**
     * To each peer, of which alone they are taken.
     *
     * @param announced the address of this node that the peers were told; empty as long as they were told none
     * @param peers the addresses that are known so far, of the router's family
     */
    record Unicast(Optional<IpAddress> announced, Set<IpAddress> peers) implements Route {
        /** Copies the set. */
        public Unicast {
            peers = Set.copyOf(peers);
        }
    }
}
