package io.lvsoperator.agent.kube;

import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.heartbeat.HeartbeatStatus;
import io.lvsoperator.agent.heartbeat.peers.Complaint;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.surroundings.Surroundings;
import io.lvsoperator.agent.vrrp.RouterStatus;
import io.lvsoperator.agent.vrrp.VrrpStatus;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.StuckExtent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the agent reports, made from what its parts say. Pure. */
public final class NodeStatusComposer {
    private static final int LONGEST_MESSAGE = 1024;
    private static final String READY = "Ready";
    private static final String KERNEL_SETTINGS = "KernelSettings";
    private static final String FIREWALL = "Firewall";
    private static final String CONNECTION_SYNC = "ConnectionSync";
    private static final String UNDISTURBED = "Undisturbed";
    private static final String PEERS = "Peers";

    /** Said while the reconcile loop makes no progress. */
    public static final String STUCK =
            "the reconcile loop of the agent is stuck: nothing is programmed any more, and the node advertises priority 1, so that any"
                    + " other director takes over; see the agent's log, the agent is restarted if this lasts for two minutes";

    private final String agentVersion;

    public NodeStatusComposer(String agentVersion) {
        this.agentVersion = agentVersion;
    }

    /**
     * The status after a pass.
     *
     * @param capabilities of the kernel; null where nobody asked, as the node is no director
     * @param notAnswering real servers that do not answer
     * @param surroundings what else there is on a director; empty where the node is none
     * @param before what was reported last, so that unchanged conditions keep their time
     */
    public LvsNodeStatus compose(
            Report report,
            VrrpStatus election,
            LvsNodeStatus.@Nullable Capabilities capabilities,
            List<NotAnswering> notAnswering,
            Optional<Surroundings> surroundings,
            @Nullable LvsNodeStatus before,
            Instant now) {
        @Nullable
        Long generation = report.reached() ? Long.valueOf(report.assignment().generation()) : observedBefore(before);
        return new LvsNodeStatus(
                generation,
                agentVersion,
                capabilities,
                fleets(report, before),
                routers(election),
                settings(report),
                Stream.of(
                                Optional.of(ready(report, election, before, now)),
                                kernelSettings(report, before, now),
                                firewall(report, before, now),
                                connectionSync(report, before, now),
                                surroundings.map(around -> undisturbed(report, around, before, now)),
                                peers(report, election.heartbeats(), before, now))
                        .flatMap(Optional::stream)
                        .toList(),
                notAnswering.isEmpty() ? null : Integer.valueOf(notAnswering.size()),
                notAnswering.isEmpty() ? null : named(notAnswering),
                report.untracked()
                        .entries()
                        .map(entries -> new LvsNodeStatus.UntrackedStatus(
                                entries.wanted(), entries.value().orElse(null)))
                        .orElse(null));
    }

    private static @Nullable List<LvsNodeStatus.KernelSettingStatus> settings(Report report) {
        return report.settings().isEmpty()
                ? null
                : report.settings().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> new LvsNodeStatus.KernelSettingStatus(
                                entry.getKey().text(),
                                entry.getValue().wanted(),
                                entry.getValue().value().orElse(null)))
                        .toList();
    }

    /** Empty when nobody asks for a setting and none is left to be restored. */
    private static Optional<Condition> kernelSettings(Report report, @Nullable LvsNodeStatus before, Instant now) {
        if (report.settings().isEmpty() && report.settingProblems().isEmpty()) {
            return Optional.empty();
        }
        String problems = report.settingProblems().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().message())
                .collect(Collectors.joining("; "));
        ConditionStatus status = problems.isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        return Optional.of(new Condition(
                KERNEL_SETTINGS,
                status,
                problems.isEmpty() ? "AsAsked" : Problem.Reason.KERNEL_SETTING_NOT_APPLIED.word(),
                problems.isEmpty() ? "the settings of the kernel are as the fleets ask" : shorten(problems),
                report.assignment().generation(),
                since(KERNEL_SETTINGS, status, before, now)));
    }

    /** Empty when nobody asks for rules and none are left to be removed. */
    private static Optional<Condition> firewall(Report report, @Nullable LvsNodeStatus before, Instant now) {
        Report.Untracked untracked = report.untracked();
        if (untracked.equals(Report.Untracked.NONE)) {
            return Optional.empty();
        }
        ConditionStatus status = untracked.problem().isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        return Optional.of(new Condition(
                FIREWALL,
                status,
                untracked.problem().map(p -> p.reason().word()).orElse("AsAsked"),
                shorten(untracked.problem().map(Problem::message).orElse("the agent's table is as the fleets ask")),
                report.assignment().generation(),
                since(FIREWALL, status, before, now)));
    }

    /** Empty when nobody asks for it and nothing is left of it. */
    private static Optional<Condition> connectionSync(Report report, @Nullable LvsNodeStatus before, Instant now) {
        Report.Sync sync = report.sync();
        if (sync.equals(Report.Sync.NOT_ASKED)) {
            return Optional.empty();
        }
        ConditionStatus status = sync.problem().isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        return Optional.of(new Condition(
                CONNECTION_SYNC,
                status,
                sync.problem().map(p -> p.reason().word()).orElse("AsAsked"),
                shorten(sync.problem()
                        .map(Problem::message)
                        .orElse("the node tells the other directors of its connections and learns theirs")),
                report.assignment().generation(),
                since(CONNECTION_SYNC, status, before, now)));
    }

    /** False when something on the node works against its services, which are served all the same; Unknown when that cannot be told. */
    private static Condition undisturbed(
            Report report, Surroundings surroundings, @Nullable LvsNodeStatus before, Instant now) {
        List<Problem> problems = surroundings.complaints();
        ConditionStatus status = !surroundings.problems().isEmpty()
                ? ConditionStatus.FALSE
                : surroundings.unknown().isPresent() ? ConditionStatus.UNKNOWN : ConditionStatus.TRUE;
        String message = problems.isEmpty()
                ? "nothing is known to work against the node's services"
                        + surroundings
                                .kubeProxy()
                                .map(mode -> "; kube-proxy is in " + mode + " mode")
                                .orElse("")
                : problems.stream().map(Problem::message).collect(Collectors.joining("; "));
        return new Condition(
                UNDISTURBED,
                status,
                problems.isEmpty()
                        ? "NothingFound"
                        : problems.getFirst().reason().word(),
                shorten(message),
                report.assignment().generation(),
                since(UNDISTURBED, status, before, now));
    }

    /** Empty on a node that is no director, or a director alone. */
    private static Optional<Condition> peers(
            Report report, HeartbeatStatus heartbeats, @Nullable LvsNodeStatus before, Instant now) {
        if (!heartbeats.hasPeers()) {
            return Optional.empty();
        }
        List<Complaint> complaints = heartbeats.complaints();
        ConditionStatus status = complaints.isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        return Optional.of(new Condition(
                PEERS,
                status,
                complaints.isEmpty()
                        ? "AsExpected"
                        : complaints.getFirst().kind().reason(),
                shorten(
                        complaints.isEmpty()
                                ? "nothing is wrong between this director and the others"
                                : complaints.stream().map(Complaint::message).collect(Collectors.joining("; "))),
                report.assignment().generation(),
                since(PEERS, status, before, now)));
    }

    /** The status of a node whose reconcile loop does not come round any more, after this one. */
    public LvsNodeStatus stuck(LvsNodeStatus before, Instant now) {
        List<Condition> conditions = Stream.ofNullable(before.conditions())
                .flatMap(List::stream)
                .map(condition -> condition.type().equals(READY)
                        ? new Condition(
                                READY,
                                ConditionStatus.FALSE,
                                "ReconcileLoopStuck",
                                STUCK,
                                condition.observedGeneration(),
                                since(READY, ConditionStatus.FALSE, before, now))
                        : condition)
                .toList();
        return new LvsNodeStatus(
                before.observedGeneration(),
                before.agentVersion(),
                before.capabilities(),
                before.fleets(),
                before.virtualRouters(),
                before.kernelSettings(),
                conditions,
                before.notAnsweringCount(),
                before.notAnswering(),
                before.untracked());
    }

    private static String since(String type, ConditionStatus status, @Nullable LvsNodeStatus before, Instant now) {
        return Optional.ofNullable(before)
                .map(LvsNodeStatus::conditions)
                .flatMap(conditions -> conditions.stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst())
                .filter(condition -> condition.status() == status)
                .map(Condition::lastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static @Nullable Long observedBefore(@Nullable LvsNodeStatus before) {
        return before == null ? null : before.observedGeneration();
    }

    private static List<LvsNodeStatus.FleetProgress> fleets(Report report, @Nullable LvsNodeStatus before) {
        Map<String, LvsNodeStatus.FleetProgress> fleets = new TreeMap<>();
        if (!report.reached() && before != null && before.fleets() != null) {
            before.fleets().forEach(progress -> fleets.put(progress.fleet(), progress));
        }
        report.assignment().fleets().forEach((fleet, slices) -> {
            LvsNodeStatus.FleetProgress earlier = fleets.get(fleet);
            fleets.put(fleet, progress(report, fleet, slices, earlier));
        });
        return List.copyOf(fleets.values());
    }

    private static LvsNodeStatus.FleetProgress progress(
            Report report, String fleet, Assignment.FleetSlices slices, LvsNodeStatus.@Nullable FleetProgress earlier) {
        Optional<Problem> problem =
                Optional.ofNullable(report.fleetProblems().get(fleet)).or(report::nodeProblem);
        @Nullable String reachedBefore = earlier == null ? null : earlier.appliedResourceVersion();
        @Nullable String version = report.reached() && problem.isEmpty() ? slices.resourceVersion() : reachedBefore;
        List<Map.Entry<SliceName, Problem>> failed = failed(report.sliceProblems(), slices);
        return new LvsNodeStatus.FleetProgress(
                fleet,
                version,
                report.hashDigests().get(fleet),
                problem.map(NodeStatusComposer::failure).orElse(null),
                failed.size(),
                failed.stream()
                        .limit(Api.MAX_FAILED_SLICES)
                        .map(entry -> new LvsNodeStatus.FailedSlice(
                                entry.getKey().namespace(),
                                entry.getKey().name(),
                                entry.getValue().reason().word(),
                                shorten(entry.getValue().message())))
                        .toList());
    }

    private static List<Map.Entry<SliceName, Problem>> failed(
            Map<SliceName, Problem> problems, Assignment.FleetSlices slices) {
        if (problems.isEmpty()) {
            return List.of();
        }
        Set<SliceName> ofFleet =
                slices.slices().stream().map(Assignment.Slice::name).collect(Collectors.toSet());
        return problems.entrySet().stream()
                .filter(entry -> ofFleet.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .toList();
    }

    private static LvsNodeStatus.Failure failure(Problem problem) {
        return new LvsNodeStatus.Failure(problem.reason().word(), shorten(problem.message()));
    }

    private static List<LvsNodeStatus.VirtualRouterStatus> routers(VrrpStatus election) {
        return election.routers().stream()
                .sorted(Comparator.comparing(
                                (RouterStatus router) -> router.key().fleet())
                        .thenComparing(router -> router.key().family()))
                .map(router -> new LvsNodeStatus.VirtualRouterStatus(
                        router.key().fleet(),
                        router.key().family() == AddressFamily.IPV4
                                ? io.lvsoperator.api.v1alpha1.AddressFamily.IPV4
                                : io.lvsoperator.api.v1alpha1.AddressFamily.IPV6,
                        router.state(),
                        router.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                        router.problems().stream()
                                .findFirst()
                                .map(problem ->
                                        new LvsNodeStatus.Failure(problem.kind().reason(), shorten(problem.message())))
                                .orElse(null),
                        router.source().map(IpAddress::toString).orElse(null)))
                .toList();
    }

    private static List<LvsNodeStatus.NotAnswering> named(List<NotAnswering> notAnswering) {
        return notAnswering.stream()
                .limit(Api.MAX_NOT_ANSWERING)
                .map(found -> new LvsNodeStatus.NotAnswering(
                        found.realServer().origin().namespace(),
                        found.realServer().origin().name(),
                        found.realServer().virtualServer().toString(),
                        found.realServer().key().address().toString(),
                        found.realServer().key().port(),
                        found.waiting(),
                        found.all() ? StuckExtent.ALL : StuckExtent.SOME,
                        found.clientsRepeat().orElse(null)))
                .toList();
    }

    private static Condition ready(Report report, VrrpStatus election, @Nullable LvsNodeStatus before, Instant now) {
        Optional<Problem> problem = report.nodeProblem()
                .or(() -> election.failure()
                        .map(failure -> new Problem(
                                Problem.Reason.VIRTUAL_ROUTER_FAILED,
                                "the VRRP thread has ended (" + failure + "); the agent is being restarted")))
                .or(() -> report.fleetProblems().entrySet().stream()
                        .min(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue));
        ConditionStatus status = problem.isEmpty() ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        return new Condition(
                READY,
                status,
                problem.map(p -> p.reason().word()).orElse("Programmed"),
                problem.map(Problem::message).orElse("the node is programmed as its roles and slices ask"),
                report.assignment().generation(),
                since(READY, status, before, now));
    }

    private static String shorten(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
    }
}
