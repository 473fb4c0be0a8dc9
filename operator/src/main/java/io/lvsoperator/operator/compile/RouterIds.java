package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The virtual router id of each fleet: the one it names, else one that no other fleet of the cluster has. Which fleets share a
 * segment is not known here, so no two share an id. An id in use is kept whatever else happens, as another one would be a
 * fail-over; a fleet without one gets the one that its name stands for or the next free, so that a cluster that is built again
 * gets the same ids.
 */
final class RouterIds {
    /** RFC 9568, section 5.2.3. */
    private static final int IDS = 255;

    private final List<FleetView> fleets;
    private final Map<String, LvsNodeSpec> current;

    private RouterIds(List<FleetView> fleets, Map<String, LvsNodeSpec> current) {
        this.fleets = fleets;
        this.current = current;
    }

    /**
     * Ids by fleet name; a fleet that found none free has no entry.
     *
     * @param fleets senior ones first
     * @param current roles that nodes have now, by node name
     */
    static Map<String, Integer> of(List<FleetView> fleets, Map<String, LvsNodeSpec> current) {
        return new RouterIds(fleets, current).allocate();
    }

    private Map<String, Integer> allocate() {
        Map<String, Integer> ids = new HashMap<>();
        List<FleetView> undecided = new ArrayList<>();
        for (FleetView fleet : fleets) {
            Optional.ofNullable(fleet.spec().vrrp().firstVirtualRouterId())
                    .or(() -> inUse(fleet))
                    .ifPresentOrElse(id -> ids.put(fleet.name(), id), () -> undecided.add(fleet));
        }
        Set<Integer> taken = new HashSet<>(ids.values());
        for (FleetView fleet : undecided) {
            Stream.concat(Stream.ofNullable(fleet.reportedRouterId()), candidates(fleet))
                    .filter(taken::add)
                    .findFirst()
                    .ifPresent(id -> ids.put(fleet.name(), id));
        }
        return ids;
    }

    /** The id that the fleet's directors have. */
    private Optional<Integer> inUse(FleetView fleet) {
        return roles(fleet.name()).min(Integer::compare);
    }

    private Stream<Integer> roles(String fleet) {
        return current.values().stream().flatMap(spec -> ids(spec, fleet));
    }

    private static Stream<Integer> ids(LvsNodeSpec spec, String fleet) {
        return spec.directorRoles().stream()
                .filter(role -> role.fleet().equals(fleet))
                .flatMap(role -> role.virtualRouters().stream())
                .map(LvsNodeSpec.VirtualRouter::virtualRouterId);
    }

    /** All ids, from the one that the name stands for. */
    private static Stream<Integer> candidates(FleetView fleet) {
        CRC32C checksum = new CRC32C();
        checksum.update(fleet.name().getBytes(StandardCharsets.UTF_8));
        int first = (int) (checksum.getValue() % IDS);
        return IntStream.range(0, IDS).mapToObj(step -> (first + step) % IDS + 1);
    }
}
