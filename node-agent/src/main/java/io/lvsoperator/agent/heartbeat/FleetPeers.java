package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.peers.Complaint;
import java.util.List;
import java.util.Set;

/**
 * The other directors of a fleet at one moment.
 *
 * @param peers names of all of them
 * @param living those that are known to live and to hear us
 * @param sent datagrams sent
 * @param received datagrams that told something new
 * @param complaints what is wrong, and has been for a while
 */
public record FleetPeers(
        String fleet, Set<String> peers, Set<String> living, long sent, long received, List<Complaint> complaints) {
    /** Copies the collections. */
    public FleetPeers {
        peers = Set.copyOf(peers);
        living = Set.copyOf(living);
        complaints = List.copyOf(complaints);
    }
}
