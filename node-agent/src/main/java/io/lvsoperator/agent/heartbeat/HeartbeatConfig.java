package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Map;

/**
 * With whom, and how, this node exchanges heartbeats for one fleet.
 *
 * @param own address of this node that they are sent from and heard at
 * @param port UDP, the same on all nodes
 * @param peers addresses of the other directors, by node; all of the family of {@code own}
 */
public record HeartbeatConfig(String fleet, String node, IpAddress own, int port, Map<String, IpAddress> peers) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException naming the fleet and what cannot be
     */
    public HeartbeatConfig {
        peers = Map.copyOf(peers);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("fleet " + fleet + ": heartbeat port is " + port + ", give 1 to 65535");
        }
        peers.forEach((peer, address) -> {
            if (address.family() != own.family()) {
                throw new IllegalArgumentException("fleet " + fleet + ": heartbeats go from " + own + ", and " + address
                        + " of node " + peer + " is of the other family");
            }
        });
    }
}
