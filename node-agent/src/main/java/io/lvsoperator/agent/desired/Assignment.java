package io.lvsoperator.agent.desired;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
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
    @SuppressWarnings("ReferenceEquality") // for the quick way out
    public boolean asksTheSameAs(Assignment other) {
        if (this == other) {
            return true;
        }
        return hasTheRolesOf(other)
                && fleets.entrySet().stream()
                        .allMatch(entry -> entry.getValue().slicesAreThoseOf(other.fleets.get(entry.getKey())));
    }

    /** Whether nothing but slices of the same fleets can differ. */
    public boolean hasTheRolesOf(Assignment other) {
        return roles.equals(other.roles) && fleets.keySet().equals(other.fleets.keySet());
    }

    /** The slices of a fleet in the order of their names; none where the node has no role in it. */
    public List<Slice> slicesOf(String fleet) {
        FleetSlices slices = fleets.get(fleet);
        return slices == null ? List.of() : slices.slices();
    }

    /**
     * The slices of one fleet.
     *
     * @param resourceVersion that the watch had reached before {@code slices} were read from it
     * @param slices in the order of their names
     */
    public record FleetSlices(String resourceVersion, List<Slice> slices) {
        public FleetSlices {
            List<Slice> sorted = new ArrayList<>(slices);
            sorted.sort(Comparator.comparing(Slice::name));
            slices = List.copyOf(sorted);
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

        /** By hand for the quick way out: thousands are compared with themselves for each one that was edited. */
        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            return other instanceof Slice(var otherName, var otherSpec)
                    && name.equals(otherName)
                    && spec.equals(otherSpec);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }
}
