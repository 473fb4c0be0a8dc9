package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.ConnectionSync;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SyncIdsTest {
    private final Map<String, FleetRoles> roles = new HashMap<>();

    @Test
    @DisplayName("A fleet that names none has its virtual router id")
    void theRouterIdIsTheSyncId() {
        FleetView edge = fleet("edge", 51, null, "d1", "d2");

        assertThat(SyncIds.of(List.of(edge), roles)).isEqualTo(Map.of("edge", 51));
    }

    @Test
    @DisplayName("A fleet of one director has nobody to tell, and one that asks for none has none")
    void whoDoesNotSynchronizeHasNoId() {
        FleetView alone = fleet("alone", 51, null, "d1");
        FleetView off = with(new ConnectionSync(false, null), fleet("off", 52, null, "d2", "d3"));

        assertThat(SyncIds.of(List.of(alone, off), roles)).isEmpty();
    }

    @Test
    @DisplayName("Fleets that share a director, if only by a third one, have the id of the oldest")
    void fleetsThatShareADirectorHaveOneId() {
        FleetView oldest = fleet("oldest", 51, null, "d1", "d2");
        FleetView apart = fleet("apart", 52, null, "d8", "d9");
        FleetView far = fleet("far", 53, null, "d3", "d4");
        FleetView link = fleet("link", 54, null, "d2", "d3");

        assertThat(SyncIds.of(List.of(oldest, apart, far, link), roles))
                .isEqualTo(Map.of("oldest", 51, "apart", 52, "far", 51, "link", 51));
    }

    @Test
    @DisplayName("The id that a fleet names stands, so that a conflict on a node can be told")
    void aNamedIdStands() {
        FleetView older = with(new ConnectionSync(true, 7), fleet("older", 51, null, "d1", "d2"));
        FleetView named = with(new ConnectionSync(true, 9), fleet("named", 52, null, "d1", "d2"));
        FleetView silent = fleet("silent", 53, null, "d1", "d2");

        assertThat(SyncIds.of(List.of(older, named, silent), roles))
                .isEqualTo(Map.of("older", 7, "named", 9, "silent", 7));
    }

    private FleetView fleet(String name, int routerId, @Nullable Integer syncId, String... directors) {
        List<String> nodes = List.of(directors);
        roles.put(
                name,
                new FleetRoles(new TreeSet<>(nodes), nodes, new TreeSet<>(), new TreeSet<>(), List.of(), routerId));
        return with(new ConnectionSync(true, syncId), Given.fleet(name, 0, routerId));
    }

    private static FleetView with(ConnectionSync sync, FleetView fleet) {
        DirectorFleetSpec spec = fleet.spec();
        return new FleetView(
                fleet.name(),
                fleet.uid(),
                fleet.created(),
                fleet.deleting(),
                new DirectorFleetSpec(
                        spec.directors(),
                        spec.realServerNodes(),
                        spec.network(),
                        spec.vrrp(),
                        spec.allowedNamespaces(),
                        spec.kernelSettings(),
                        spec.firewall(),
                        sync),
                fleet.reportedRouterId());
    }
}
