package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.operator.rollout.AgentView;
import io.lvsoperator.operator.rollout.ResourceVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether the mh scheduler does the same on all directors of a fleet, by the digests that their agents report. */
final class HashTables {
    private HashTables() {}

    /**
     * Names the directors whose tables differ; empty when none do. Those that have not applied every slice yet are left out.
     *
     * @param newestSlice resourceVersion of the slice that was written last
     */
    static Optional<String> difference(List<AgentView> directors, String fleet, Optional<String> newestSlice) {
        Map<String, Set<String>> nodesByDigest = new TreeMap<>();
        for (AgentView director : directors) {
            director.progress(fleet)
                    .filter(progress ->
                            ResourceVersion.hasReached(progress.appliedResourceVersion(), newestSlice.orElse(null)))
                    .flatMap(HashTables::digest)
                    .ifPresent(digest -> nodesByDigest
                            .computeIfAbsent(digest, none -> new TreeSet<>())
                            .add(director.node()));
        }
        return nodesByDigest.size() < 2
                ? Optional.empty()
                : Optional.of("the tables of scheduler mh differ between directors ("
                        + Words.sentences(nodesByDigest.entrySet().stream()
                                .map(entry -> "digest " + entry.getKey() + " on " + Words.names(entry.getValue()))
                                .toList())
                        + "), so that a client may get another real server when the VIP moves: see what else changes"
                        + " IPVS on these nodes");
    }

    private static Optional<String> digest(FleetProgress progress) {
        @Nullable String digest = progress.hashDigest();
        return Optional.ofNullable(digest);
    }
}
