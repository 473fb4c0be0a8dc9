package io.lvsoperator.agent.desired;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the cluster says about this node at one moment. It is also what the agent keeps on disk, so that it can start
 * without the API server.
 *
 * @param generation of the LvsNode that {@code roles} is the spec of
 * @param fleets the slices of each fleet that the node has a role in, by the fleet's name
 */
public record Assignment(long generation, LvsNodeSpec roles, Map<String, FleetSlices> fleets) {
    public Assignment {
        fleets = Map.copyOf(fleets);
    }

    /** The fleets in the order of their names. */
    public Map<String, FleetSlices> sortedFleets() {
        return new TreeMap<>(fleets);
    }

    /**
     * The slices of one fleet.
     *
     * @param resourceVersion that the watch had reached before {@code slices} were read from it
     */
    public record FleetSlices(String resourceVersion, List<Slice> slices) {
        public FleetSlices {
            slices = List.copyOf(slices);
        }
    }

    /** One slice. */
    public record Slice(SliceName name, VirtualServerSliceSpec spec) {}
}
