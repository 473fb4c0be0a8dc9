package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the compiler needs to know of a fleet.
 *
 * @param reportedRouterId the virtual router id in its status
 */
public record FleetView(
        String name,
        String uid,
        Instant created,
        boolean deleting,
        DirectorFleetSpec spec,
        @Nullable Integer reportedRouterId) {
    /** Older first, then by uid. */
    public static final Comparator<FleetView> SENIORITY =
            Comparator.comparing(FleetView::created).thenComparing(FleetView::uid);

    /** Whether the fleet chooses this node as a director. */
    public boolean choosesAsDirector(NodeView node) {
        return spec.directors().nodeSelector().matches(node.labels());
    }

    /** Whether the fleet's choice of real-server nodes covers this node, be it a director too or not. */
    public boolean choosesAsRealServer(NodeView node) {
        DirectorFleetSpec.NodeChoice choice = spec.realServerNodes();
        return choice != null && choice.nodeSelector().matches(node.labels());
    }

    /** Whether this node may be a real server: a director never is one of its own fleet. */
    public boolean admitsAsRealServer(NodeView node) {
        return choosesAsRealServer(node) && !choosesAsDirector(node);
    }
}
