package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.settings.KernelSetting;
import java.time.Duration;
import java.util.List;
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
 * @param settingProblems settings of the kernel that are not as a fleet asks
 * @param settings those that fleets ask for, with the value that was asked for and the one that was read back
 * @param done number of changes, by kind
 * @param first the first changes, in words
 * @param drift the changes put right what somebody else had changed, rather than carry out a new assignment
 * @param adopted services that were taken over
 * @param foreignServices number of virtual servers that are none of ours
 * @param hashDigests by fleet, what its mh tables are made of; left out while they are being changed
 * @param comparison what was compared; empty when the table could not be read
 * @param untracked what conntrack passes over
 * @param sync connection synchronization with the other directors
 * @param extent how much of the kernel was looked at
 * @param took from the look at the kernel until the last change
 */
public record Report(
        Assignment assignment,
        boolean reached,
        Optional<Problem> nodeProblem,
        Map<String, Problem> fleetProblems,
        Map<SliceName, Problem> sliceProblems,
        Map<KernelSetting, Problem> settingProblems,
        Map<KernelSetting, ReadBack> settings,
        Map<Applied.Change, Integer> done,
        List<String> first,
        boolean drift,
        Set<VirtualServerKey> adopted,
        int foreignServices,
        Map<String, String> hashDigests,
        Optional<Comparison> comparison,
        Untracked untracked,
        Sync sync,
        Extent extent,
        Duration took) {

    /** How much of the kernel a pass looked at. */
    public enum Extent {
        EVERYTHING("everything"),
        EDITED_SERVICES("edited_services");

        private final String label;

        Extent(String label) {
            this.label = label;
        }

        /** As it stands in metrics. */
        public String label() {
            return label;
        }
    }

    /**
     * Virtual servers and VIPs whose packets conntrack passes over.
     *
     * @param entries how many fleets ask for and how many were read back; empty when none asks
     * @param problem why they are not as fleets ask
     */
    public record Untracked(Optional<ReadBack> entries, Optional<Problem> problem) {
        public static final Untracked NONE = new Untracked(Optional.empty(), Optional.empty());
    }

    /**
     * Connection synchronization.
     *
     * @param asked whether a fleet asks for it
     * @param problem why it is not as fleets ask
     */
    public record Sync(boolean asked, Optional<Problem> problem) {
        public static final Sync NOT_ASKED = new Sync(false, Optional.empty());
    }

    /** A setting; {@code value} is empty where the kernel has none such. */
    public record ReadBack(int wanted, Optional<Integer> value) {}

    static Report failed(Assignment assignment, Problem problem) {
        return new Report(
                assignment,
                false,
                Optional.of(problem),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                false,
                Set.of(),
                0,
                Map.of(),
                Optional.empty(),
                Untracked.NONE,
                Sync.NOT_ASKED,
                Extent.EVERYTHING,
                Duration.ZERO);
    }

    Report withTook(Duration duration) {
        return new Report(
                assignment,
                reached,
                nodeProblem,
                fleetProblems,
                sliceProblems,
                settingProblems,
                settings,
                done,
                first,
                drift,
                adopted,
                foreignServices,
                hashDigests,
                comparison,
                untracked,
                sync,
                extent,
                duration);
    }
}
