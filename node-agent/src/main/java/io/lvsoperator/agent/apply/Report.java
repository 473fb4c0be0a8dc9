package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one pass of the reconcile loop came to.
 *
 * @param assignment that was applied
 * @param reached whether nothing of an older assignment is left on the node
 * @param nodeProblem that kept the whole pass from being made
 * @param fleetProblems roles that could not be applied
 * @param sliceProblems slices that could not be applied
 * @param done number of changes, by kind of object
 * @param drift the changes put right what somebody else had changed, rather than carry out a new assignment
 * @param adopted services that were taken over
 * @param foreignServices number of virtual servers that are none of ours
 * @param comparison what was compared; empty when the table could not be read
 * @param took from the look at the kernel until the last change
 */
public record Report(
        Assignment assignment,
        boolean reached,
        Optional<Problem> nodeProblem,
        Map<String, Problem> fleetProblems,
        Map<SliceName, Problem> sliceProblems,
        Map<Applied.ObjectKind, Integer> done,
        boolean drift,
        Set<VirtualServerKey> adopted,
        int foreignServices,
        Optional<Comparison> comparison,
        Duration took) {

    static Report failed(Assignment assignment, Problem problem) {
        return new Report(
                assignment,
                false,
                Optional.of(problem),
                Map.of(),
                Map.of(),
                Map.of(),
                false,
                Set.of(),
                0,
                Optional.empty(),
                Duration.ZERO);
    }

    Report withTook(Duration duration) {
        return new Report(
                assignment,
                reached,
                nodeProblem,
                fleetProblems,
                sliceProblems,
                done,
                drift,
                adopted,
                foreignServices,
                comparison,
                duration);
    }
}
