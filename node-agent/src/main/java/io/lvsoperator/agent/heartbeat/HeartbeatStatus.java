package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.peers.Complaint;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All heartbeats of this node at one moment.
 *
 * @param rejected datagrams that changed nothing, by reason
 */
public record HeartbeatStatus(List<FleetPeers> fleets, Map<Rejection, Long> rejected) {
    public static final HeartbeatStatus NONE = new HeartbeatStatus(List.of(), Map.of());

    /** Copies the collections. */
    public HeartbeatStatus {
        fleets = List.copyOf(fleets);
        rejected = Map.copyOf(rejected);
    }

    /** What is wrong with the other directors of all fleets, the worst first. */
    public List<Complaint> complaints() {
        return fleets.stream()
                .flatMap(fleet -> fleet.complaints().stream())
                .sorted(Comparator.comparing(Complaint::kind))
                .toList();
    }

    /** Whether there is another director at all. */
    public boolean hasPeers() {
        return fleets.stream().anyMatch(fleet -> !fleet.peers().isEmpty());
    }
}
