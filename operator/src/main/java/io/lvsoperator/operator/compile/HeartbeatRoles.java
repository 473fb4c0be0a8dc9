package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.Heartbeat;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.HeartbeatPeer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the directors of a fleet reach each other: by their first InternalIP of a family that all of them have. */
final class HeartbeatRoles {
    private HeartbeatRoles() {}

    /**
     * The part of one director; none where no family is common to all.
     *
     * @param directors of the fleet, this one among them
     */
    static @Nullable Heartbeat of(String node, List<NodeView> directors, int port) {
        return commonFamily(directors)
                .flatMap(family -> directors.stream()
                        .filter(director -> director.name().equals(node))
                        .flatMap(director -> director.internalAddress(family).stream())
                        .findFirst()
                        .map(own -> new Heartbeat(own.text(), port, peers(node, directors, family))))
                .orElse(null);
    }

    private static Optional<AddressFamily> commonFamily(List<NodeView> directors) {
        return Arrays.stream(AddressFamily.values())
                .filter(family -> directors.stream()
                        .allMatch(director -> director.internalAddress(family).isPresent()))
                .findFirst();
    }

    private static @Nullable List<HeartbeatPeer> peers(String node, List<NodeView> directors, AddressFamily family) {
        List<HeartbeatPeer> peers = directors.stream()
                .filter(director -> !director.name().equals(node))
                .sorted(Comparator.comparing(NodeView::name))
                .map(director -> new HeartbeatPeer(
                        director.name(),
                        director.internalAddress(family).orElseThrow().text()))
                .toList();
        return peers.isEmpty() ? null : peers;
    }
}
