package io.lvsoperator.agent.kube;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slices of a fleet as they were read last. An informer keeps an object until a newer one replaces it, so what is the same object
 * again is the same slice again, in its place: reading thousands for the sake of one costs neither their names nor their order anew.
 */
final class ReadSlices {
    private final IdentityHashMap<VirtualServerSlice, Integer> places = new IdentityHashMap<>();
    private List<Assignment.Slice> sorted = List.of();

    /**
     * Reads them again.
     *
     * @param resourceVersion that the watch had reached before {@code listed} was listed
     * @param listed in any order
     */
    Assignment.FleetSlices read(String resourceVersion, Collection<VirtualServerSlice> listed) {
        Assignment.@Nullable Slice[] known = new Assignment.@Nullable Slice[sorted.size()];
        List<VirtualServerSlice> fresh = new ArrayList<>();
        for (VirtualServerSlice slice : listed) {
            @Nullable Integer place = places.get(slice);
            if (place == null) {
                fresh.add(slice);
            } else {
                known[place] = sorted.get(place);
            }
        }
        if (fresh.isEmpty() && listed.size() == sorted.size()) {
            return new Assignment.FleetSlices(resourceVersion, sorted);
        }
        Map<SliceName, VirtualServerSlice> objects = new HashMap<>();
        places.forEach((slice, place) -> objects.put(sorted.get(place).name(), slice));
        List<Assignment.Slice> all =
                new ArrayList<>(Arrays.stream(known).filter(Objects::nonNull).toList());
        for (VirtualServerSlice slice : fresh) {
            Assignment.Slice read = new Assignment.Slice(
                    new SliceName(
                            slice.getMetadata().getNamespace(),
                            slice.getMetadata().getName()),
                    slice.getSpec());
            objects.put(read.name(), slice);
            all.add(read);
        }
        Assignment.FleetSlices slices = new Assignment.FleetSlices(resourceVersion, all);
        sorted = slices.slices();
        places.clear();
        for (int place = 0; place < sorted.size(); place++) {
            places.put(Objects.requireNonNull(objects.get(sorted.get(place).name())), place);
        }
        return slices;
    }
}
