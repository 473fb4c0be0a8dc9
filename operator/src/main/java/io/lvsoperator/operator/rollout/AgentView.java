package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node's roles and what its agent has reported.
 *
 * @param generation of the roles
 * @param status null when the agent has not reported yet
 * @param notReadySince null while the agent is ready
 */
public record AgentView(
        String node,
        long generation,
        LvsNodeSpec spec,
        @Nullable LvsNodeStatus status,
        @Nullable Instant notReadySince) {

    /** Whether the agent's pod and its node are ready. */
    public boolean isReady() {
        return notReadySince == null;
    }

    /** Whether the agent has applied the roles that it has now. */
    public boolean hasObservedRoles() {
        return status != null && status.observedGeneration() != null && status.observedGeneration() >= generation;
    }

    /** Whether the node directs a fleet. */
    public boolean directs(String fleet) {
        return spec.directorRoles().stream().anyMatch(role -> role.fleet().equals(fleet));
    }

    /** Whether the node may be a real server of a fleet. */
    public boolean servesFor(String fleet) {
        return spec.realServerRoles().stream().anyMatch(role -> role.fleet().equals(fleet));
    }

    /** Whether the node has, or still has something of, a fleet. */
    public boolean isConcernedBy(String fleet) {
        return directs(fleet) || servesFor(fleet) || progress(fleet).isPresent();
    }

    /** Whether the node holds nothing of a fleet that it has no role in. */
    public boolean isCleanOf(String fleet) {
        return hasObservedRoles() && progress(fleet).isEmpty();
    }

    /** What the agent reports of a fleet. */
    public Optional<FleetProgress> progress(String fleet) {
        return fleets().stream().filter(p -> p.fleet().equals(fleet)).findFirst();
    }

    /** All that the agent reports of fleets. */
    public List<FleetProgress> fleets() {
        return status == null || status.fleets() == null ? List.of() : status.fleets();
    }
}
