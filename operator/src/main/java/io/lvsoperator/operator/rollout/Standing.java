package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FailedSlice;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Failure;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.operator.address.ServiceKey;
import java.util.List;
import java.util.Optional;

/** Where one node stands with one version of a slice. */
public sealed interface Standing {
    /** The node has applied it whole. */
    record Applied() implements Standing {}

    /** The node has not come to it yet. */
    record Pending() implements Standing {}

    /** The node could not apply it. */
    record Failed(String reason, String message) implements Standing {}

    /** Where a node stands with a slice of a resourceVersion. */
    static Standing of(AgentView agent, String fleet, ServiceKey slice, String resourceVersion) {
        Optional<FleetProgress> reported = agent.progress(fleet);
        if (reported.isEmpty()) {
            return new Pending();
        }
        FleetProgress progress = reported.get();
        Failure failure = progress.failure();
        if (failure != null) {
            return new Failed(failure.reason(), failure.message());
        }
        List<FailedSlice> failed = progress.failedSlices() == null ? List.of() : progress.failedSlices();
        Optional<FailedSlice> own = failed.stream()
                .filter(f -> f.namespace().equals(slice.namespace()) && f.name().equals(slice.name()))
                .findFirst();
        if (own.isPresent()) {
            return new Failed(own.get().reason(), own.get().message());
        }
        // The list is cut off; this slice may be among those that it does not name.
        boolean unnamed = progress.failedSliceCount() > failed.size();
        boolean reached = ResourceVersion.hasReached(progress.appliedResourceVersion(), resourceVersion);
        return reached && !unnamed ? new Applied() : new Pending();
    }
}
