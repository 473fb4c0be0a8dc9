package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A slice that two assignments have differently, or that only one of them has.
 *
 * @param before what it asked of the node
 * @param after what it asks of the node now
 */
public record EditedSlice(SliceName name, String fleet, Side before, Side after) {

    /**
     * One of the two; empty where the slice was not there, or where the node has no such role in its fleet.
     *
     * @param services of a director
     * @param vips of a director
     * @param heldVips of a real server
     */
    public record Side(List<DesiredState.Service> services, Set<IpAddress> vips, Set<IpAddress> heldVips) {
        public Side {
            services = List.copyOf(services);
            vips = Set.copyOf(vips);
            heldVips = Set.copyOf(heldVips);
        }
    }

    /**
     * The slices that differ between assignments of the same roles. Those that are the same object on both sides cost a
     * comparison of references.
     */
    public static List<EditedSlice> between(Assignment before, Assignment after, String nodeName) {
        List<EditedSlice> edited = new ArrayList<>();
        for (String fleet : after.fleets().keySet()) {
            new Walk(after.roles(), fleet, nodeName, edited).over(before.slicesOf(fleet), after.slicesOf(fleet));
        }
        return edited;
    }

    /** Side by side through lists that are in the order of their names. */
    private record Walk(LvsNodeSpec roles, String fleet, String nodeName, List<EditedSlice> edited) {
        void over(List<Assignment.Slice> before, List<Assignment.Slice> after) {
            int b = 0;
            int a = 0;
            while (b < before.size() || a < after.size()) {
                Assignment.@Nullable Slice was = b < before.size() ? before.get(b) : null;
                Assignment.@Nullable Slice is = a < after.size() ? after.get(a) : null;
                int order = order(was, is);
                if (order == 0 && !Objects.equals(was, is)) {
                    note(was, is);
                } else if (order < 0) {
                    note(was, null);
                } else if (order > 0) {
                    note(null, is);
                }
                b += order <= 0 ? 1 : 0;
                a += order >= 0 ? 1 : 0;
            }
        }

        /** By name; a list that has ended comes last. */
        private static int order(Assignment.@Nullable Slice was, Assignment.@Nullable Slice is) {
            if (Objects.equals(was, is)) {
                return 0;
            }
            return was == null ? 1 : is == null ? -1 : was.name().compareTo(is.name());
        }

        private void note(Assignment.@Nullable Slice was, Assignment.@Nullable Slice is) {
            SliceName name = Optional.ofNullable(is)
                    .or(() -> Optional.ofNullable(was))
                    .orElseThrow()
                    .name();
            edited.add(new EditedSlice(name, fleet, side(was), side(is)));
        }

        private Side side(Assignment.@Nullable Slice slice) {
            if (slice == null) {
                return new Side(List.of(), Set.of(), Set.of());
            }
            boolean directs =
                    roles.directorRoles().stream().anyMatch(role -> role.fleet().equals(fleet));
            boolean serves = roles.realServerRoles().stream()
                    .anyMatch(role -> role.fleet().equals(fleet));
            Set<IpAddress> held = serves ? SliceCompiler.heldVips(slice.spec(), nodeName) : Set.of();
            if (!directs) {
                return new Side(List.of(), Set.of(), held);
            }
            CompiledSlice compiled = SliceCompiler.forDirector(fleet, slice);
            return new Side(compiled.services(), new HashSet<>(compiled.vips()), held);
        }
    }
}
