package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.settings.KernelSetting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the report of a pass that reached its assignment, met nothing and did nothing, but for what is said. */
public final class Reports {
    private final Assignment assignment;
    private Map<String, Problem> fleetProblems = Map.of();
    private Map<KernelSetting, Problem> settingProblems = Map.of();
    private Map<Applied.Change, Integer> repaired = Map.of();
    private Report.Untracked untracked = Report.Untracked.NONE;
    private Report.Sync sync = Report.Sync.NOT_ASKED;
    private Optional<Comparison> comparison = Optional.empty();

    private Reports(Assignment assignment) {
        this.assignment = assignment;
    }

    public static Reports of(Assignment assignment) {
        return new Reports(assignment);
    }

    public Reports fleetProblem(String fleet, Problem problem) {
        fleetProblems = Map.of(fleet, problem);
        return this;
    }

    public Reports settingProblem(KernelSetting setting, Problem problem) {
        settingProblems = Map.of(setting, problem);
        return this;
    }

    public Reports untracked(Report.Untracked found) {
        untracked = found;
        return this;
    }

    public Reports sync(Report.Sync found) {
        sync = found;
        return this;
    }

    /** What somebody had changed, and the pass put right. */
    public Reports repaired(Map<Applied.Change, Integer> changes) {
        repaired = changes;
        return this;
    }

    public Reports comparison(Optional<Comparison> read) {
        comparison = read;
        return this;
    }

    public Report report() {
        return new Report(
                assignment,
                true,
                Optional.empty(),
                fleetProblems,
                Map.of(),
                settingProblems,
                Map.of(),
                repaired,
                List.of(),
                !repaired.isEmpty(),
                Set.of(),
                0,
                Map.of(),
                comparison,
                untracked,
                sync,
                Report.Extent.EVERYTHING,
                Duration.ZERO);
    }
}
