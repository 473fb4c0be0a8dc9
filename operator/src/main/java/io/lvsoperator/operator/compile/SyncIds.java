package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connection synchronization id of each fleet. A kernel has one pair of daemons whatever the number of fleets, so fleets that
 * share a director, or are linked by others that do, have one id: that of the oldest of them. A fleet that names an id has that.
 */
final class SyncIds {
    private SyncIds() {}

    /**
     * Ids by fleet name; none for a fleet that does not ask, or has no second director to tell.
     *
     * @param fleets senior ones first
     * @param roles by fleet name
     */
    static Map<String, Integer> of(List<FleetView> fleets, Map<String, FleetRoles> roles) {
        List<FleetView> asking = fleets.stream()
                .filter(fleet -> sync(fleet).enabled())
                .filter(fleet -> directors(fleet, roles).size() > 1)
                .toList();
        Map<String, Integer> ids = new HashMap<>();
        for (List<FleetView> group : groups(asking, roles)) {
            Optional<Integer> common = idOf(group.getFirst(), roles);
            group.forEach(fleet -> Optional.ofNullable(sync(fleet).syncId())
                    .or(() -> common)
                    .ifPresent(id -> ids.put(fleet.name(), id)));
        }
        return ids;
    }

    private static Optional<Integer> idOf(FleetView fleet, Map<String, FleetRoles> roles) {
        return Optional.ofNullable(sync(fleet).syncId())
                .or(() -> Optional.ofNullable(roles.get(fleet.name())).map(FleetRoles::virtualRouterId));
    }

    private static DirectorFleetSpec.ConnectionSync sync(FleetView fleet) {
        return fleet.spec().connectionSync();
    }

    private static List<String> directors(FleetView fleet, Map<String, FleetRoles> roles) {
        FleetRoles found = roles.get(fleet.name());
        return found == null ? List.of() : found.directors();
    }

    /** Fleets that share directors, directly or by others; senior ones first in each. */
    private static List<List<FleetView>> groups(List<FleetView> fleets, Map<String, FleetRoles> roles) {
        List<List<FleetView>> groups = new ArrayList<>();
        Set<FleetView> grouped = new HashSet<>();
        for (FleetView first : fleets) {
            if (grouped.contains(first)) {
                continue;
            }
            Set<FleetView> group = new HashSet<>(Set.of(first));
            Set<String> nodes = new HashSet<>(directors(first, roles));
            boolean grew = true;
            while (grew) {
                grew = false;
                for (FleetView fleet : fleets) {
                    if (!group.contains(fleet)
                            && directors(fleet, roles).stream().anyMatch(nodes::contains)) {
                        group.add(fleet);
                        nodes.addAll(directors(fleet, roles));
                        grew = true;
                    }
                }
            }
            grouped.addAll(group);
            groups.add(fleets.stream().filter(group::contains).toList());
        }
        return groups;
    }
}
