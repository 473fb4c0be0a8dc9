package io.lvsoperator.agent.desired;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that the cluster says about this node at one moment. It is also what the agent keeps on disk, so that it can start
 * without the API server.
 *
 * @param generation of the LvsNode that {@code roles} is the spec of
 * @param fleets the slices of each fleet that the node has a role in, by the fleet's name
 */
public record Assignment(long generation, LvsNodeSpec roles, Map<String, FleetSlices> fleets) {
    /** Complete, even where it comes from a file. */
    public Assignment {
        Objects.requireNonNull(roles, "roles");
        fleets = Map.copyOf(fleets);
    }

    /** Whether both ask for the same, though one may have been read later. */
    public boolean asksTheSameAs(Assignment other) {
        return roles.equals(other.roles)
                && fleets.keySet().equals(other.fleets.keySet())
                && fleets.entrySet().stream()
                        .allMatch(entry -> entry.getValue().slicesAreThoseOf(other.fleets.get(entry.getKey())));
    }

    /**
     * The slices of one fleet.
     *
     * @param resourceVersion that the watch had reached before {@code slices} were read from it
     * @param slices in the order of their names
     */
    public record FleetSlices(String resourceVersion, List<Slice> slices) {
        public FleetSlices {
            slices = slices.stream().sorted(Comparator.comparing(Slice::name)).toList();
        }

        private boolean slicesAreThoseOf(@Nullable FleetSlices other) {
            return other != null && slices.equals(other.slices);
        }
    }

    /** One slice. */
    public record Slice(SliceName name, VirtualServerSliceSpec spec) {
        public Slice {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(spec, "spec");
        }
    }
}
