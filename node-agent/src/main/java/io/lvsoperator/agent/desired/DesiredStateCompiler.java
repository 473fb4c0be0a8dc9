package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@link Assignment} into a {@link DesiredState}. It remembers what the slices came to, so that those that stayed as they
 * were cost nothing the next time. For one thread.
 */
public final class DesiredStateCompiler {
    private final String nodeName;
    private Map<SliceName, CompiledSlice> known = Map.of();
    private @Nullable Assignment last;
    private DesiredState compiled = DesiredState.EMPTY;

    /** For the node of this name. */
    public DesiredStateCompiler(String nodeName) {
        this.nodeName = nodeName;
    }

    /** Compiles for the node of this name. */
    public static DesiredState compile(Assignment assignment, String nodeName) {
        return new DesiredStateCompiler(nodeName).compile(assignment);
    }

    /** Compiles. */
    public DesiredState compile(Assignment assignment) {
        if (last == null || !assignment.asksTheSameAs(last)) {
            Run run = new Run(assignment);
            compiled = run.compile();
            known = run.met;
        }
        last = assignment;
        return compiled;
    }

    private final class Run {
        private final Assignment assignment;
        private final Map<SliceName, CompiledSlice> met = new HashMap<>();
        private final Map<VirtualServerKey, DesiredState.Service> services = new LinkedHashMap<>();
        private final Map<SliceName, Problem> rejected = new TreeMap<>();

        private Run(Assignment assignment) {
            this.assignment = assignment;
        }

        private DesiredState compile() {
            List<DesiredState.DirectedFleet> directs = new ArrayList<>();
            for (LvsNodeSpec.DirectorRole role : assignment.roles().directorRoles()) {
                directs.add(directed(role));
            }
            List<DesiredState.ServedFleet> serves = new ArrayList<>();
            for (LvsNodeSpec.RealServerRole role : assignment.roles().realServerRoles()) {
                serves.add(new DesiredState.ServedFleet(
                        role.fleet(), InterfaceChoice.of(role.network()), heldVips(role.fleet())));
            }
            DesiredSettings settings = DesiredSettings.of(assignment.roles().directorRoles(), nodeName);
            return new DesiredState(services, directs, serves, settings, rejected);
        }

        private DesiredState.DirectedFleet directed(LvsNodeSpec.DirectorRole role) {
            Set<IpAddress> vips = new LinkedHashSet<>();
            for (Assignment.Slice slice : assignment.slicesOf(role.fleet())) {
                CompiledSlice found = compiled(role.fleet(), slice);
                met.put(slice.name(), found);
                if (addServices(found)) {
                    vips.addAll(found.vips());
                }
            }
            return new DesiredState.DirectedFleet(
                    role.fleet(),
                    InterfaceChoice.of(role.network()),
                    role.virtualRouters(),
                    vips,
                    isUntracked(role),
                    Optional.ofNullable(role.connectionSync()).map(LvsNodeSpec.ConnectionSync::syncId),
                    Optional.ofNullable(role.heartbeat()));
        }

        /** An operator of an older version does not ask. */
        private static boolean isUntracked(LvsNodeSpec.DirectorRole role) {
            return role.firewall() != null && role.firewall().directRouting() == ConnectionTracking.UNTRACKED;
        }

        private CompiledSlice compiled(String fleet, Assignment.Slice slice) {
            @Nullable CompiledSlice before = known.get(slice.name());
            return before != null && before.isOf(fleet, slice) ? before : SliceCompiler.forDirector(fleet, slice);
        }

        /** False when the slice is rejected as a whole. */
        private boolean addServices(CompiledSlice slice) {
            for (DesiredState.Service service : slice.services()) {
                DesiredState.Service holder = services.get(service.server().key());
                if (holder != null) {
                    rejected.put(
                            slice.slice().name(),
                            new Problem(
                                    Problem.Reason.ADDRESS_CONFLICT,
                                    "%s is already served for %s"
                                            .formatted(service.server().key(), holder.origin())));
                    return false;
                }
            }
            slice.services().forEach(service -> services.put(service.server().key(), service));
            return true;
        }

        private Set<IpAddress> heldVips(String fleet) {
            Set<IpAddress> held = new LinkedHashSet<>();
            assignment.slicesOf(fleet).forEach(slice -> held.addAll(SliceCompiler.heldVips(slice.spec(), nodeName)));
            return held;
        }
    }
}
