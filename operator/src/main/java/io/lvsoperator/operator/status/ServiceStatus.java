package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus.DirectorCounts;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus.RealServerCounts;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.compile.CompiledService.Unresolved;
import io.lvsoperator.operator.compile.Refusal;
import io.lvsoperator.operator.rollout.SliceProgress;
import io.lvsoperator.operator.rollout.SliceProgress.NodeStanding;
import io.lvsoperator.operator.rollout.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says how a service is. */
public final class ServiceStatus {
    private final ServiceObservation seen;
    private final List<NodeStanding> readyDirectors;

    private ServiceStatus(ServiceObservation seen) {
        this.seen = seen;
        this.readyDirectors = standings(seen.progress())
                .filter(n -> n.isDirector() && n.agent().isReady())
                .toList();
    }

    /** The status that follows on a previous one. */
    public static VirtualServiceStatus following(
            @Nullable VirtualServiceStatus previous, ServiceObservation seen, Conditions conditions) {
        return new ServiceStatus(seen).status(previous, conditions);
    }

    private VirtualServiceStatus status(@Nullable VirtualServiceStatus previous, Conditions conditions) {
        return new VirtualServiceStatus(
                seen.generation(),
                conditions.following(previous == null ? null : previous.conditions(), findings(), seen.generation()),
                orNone(servedAddresses().map(SliceAddress::value).toList()),
                orNone(List.copyOf(activeDirectors())),
                new DirectorCounts(readyDirectors.size(), (int)
                        readyDirectors.stream().filter(NodeStanding::isApplied).count()),
                new RealServerCounts(
                        seen.compiled() == null
                                ? 0
                                : seen.compiled().realServers().size(),
                        servingRealServers()));
    }

    /** Server-side apply makes no difference between an empty list and none; so what is read back must not either. */
    private static @Nullable List<String> orNone(List<String> list) {
        return list.isEmpty() ? null : list;
    }

    private List<Finding> findings() {
        Finding accepted = accepted();
        Finding programmed = programmed();
        List<Finding> findings =
                new ArrayList<>(List.of(accepted, resolvedRefs(), programmed, ready(programmed), degraded()));
        if (seen.deleting() || (seen.refusal() == null && isRollingOut(programmed))) {
            String reason = seen.deleting() ? Reasons.WITHDRAWING : Reasons.ROLLING_OUT;
            findings.add(Finding.isTrue(ConditionTypes.RECONCILING, reason, programmed.message()));
        }
        if (seen.refusal() != null && !seen.deleting()) {
            findings.add(Finding.isTrue(ConditionTypes.STALLED, accepted.reason(), accepted.message()));
        }
        return findings;
    }

    private Finding accepted() {
        Refusal refusal = seen.refusal();
        if (refusal == null) {
            return Finding.isTrue(
                    ConditionTypes.ACCEPTED, "Accepted", "the service is valid and its addresses are its own");
        }
        return Finding.isFalse(ConditionTypes.ACCEPTED, refusal.reason().text(), refusal.message());
    }

    private Finding resolvedRefs() {
        if (seen.deleting()) {
            return Finding.unknown(ConditionTypes.RESOLVED_REFS, Reasons.WITHDRAWING, "the service is being withdrawn");
        }
        if (seen.compiled() == null) {
            return Finding.unknown(
                    ConditionTypes.RESOLVED_REFS,
                    Refusal.Reason.FLEET_NOT_FOUND.text(),
                    "without its fleet the real servers of the service cannot be told");
        }
        List<Unresolved> unresolved = seen.compiled().unresolved();
        if (unresolved.isEmpty()) {
            return Finding.isTrue(
                    ConditionTypes.RESOLVED_REFS, "ResolvedRefs", "every real server source gives real servers");
        }
        String reason = switch (unresolved.getFirst()) {
            case Unresolved.NoNodesMatch n -> Reasons.NO_NODES_MATCH;
            case Unresolved.NoNodeAddress n -> Reasons.NO_NODE_ADDRESS;
        };
        return Finding.isFalse(
                ConditionTypes.RESOLVED_REFS,
                reason,
                Words.sentences(unresolved.stream().map(this::text).toList()));
    }

    private String text(Unresolved unresolved) {
        return switch (unresolved) {
            case Unresolved.NoNodesMatch none ->
                "spec.realServers[" + none.source() + "].nodes.selector: no node that fleet '"
                        + seen.spec().fleetRef().name() + "' admits as a real server has labels '" + none.selector()
                        + "'. Label a node, or see the fleet's spec.realServerNodes";
            case Unresolved.NoNodeAddress none ->
                "node '" + none.node() + "' has no InternalIP of family " + text(none.family())
                        + " and is no real server for that VIP. Give the node such an address, or select other nodes";
        };
    }

    private static String text(AddressFamily family) {
        return family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
    }

    private Finding programmed() {
        VirtualServerSliceSpec slice = seen.slice();
        SliceProgress progress = seen.progress();
        if (seen.deleting() || seen.refusal() != null || slice == null || progress == null) {
            return notServed(slice);
        }
        List<NodeStanding> required = required(slice, progress);
        List<String> failed = required.stream().flatMap(ServiceStatus::failure).toList();
        if (!failed.isEmpty()) {
            return notProgrammed(Reasons.APPLY_FAILED, Words.sentences(failed));
        }
        if (readyDirectors.isEmpty()) {
            return notProgrammed(Reasons.NO_READY_DIRECTOR, noReadyDirector(progress));
        }
        List<String> lagging = required.stream()
                .filter(n -> !n.isApplied())
                .map(n -> n.agent().node())
                .toList();
        if (!lagging.isEmpty()) {
            return notProgrammed(
                    Reasons.PENDING,
                    "waiting for " + Words.names(lagging) + " to apply generation " + seen.generation());
        }
        if (isEntering(slice, progress)) {
            return notProgrammed(Reasons.PENDING, "real servers hold the VIP; directors are to follow");
        }
        return Finding.isTrue(
                ConditionTypes.PROGRAMMED,
                "Programmed",
                "every ready director and real-server node has applied generation " + seen.generation());
    }

    private Finding notServed(@Nullable VirtualServerSliceSpec slice) {
        Refusal refusal = seen.refusal();
        boolean kept = refusal != null && refusal.reason().consequence() == Refusal.Consequence.KEEP;
        if (slice == null) {
            return seen.deleting() || refusal != null
                    ? notProgrammed(Reasons.NOT_ACCEPTED, "no director serves it: see condition Accepted")
                    : notProgrammed(Reasons.PENDING, "the slice of the service is yet to be written");
        }
        if (kept && !seen.deleting()) {
            return notProgrammed(
                    Reasons.NOT_ACCEPTED,
                    "generation " + seen.generation() + " is not accepted; generation "
                            + slice.virtualServiceGeneration() + " goes on being served");
        }
        List<String> awaited = standings(seen.progress())
                .filter(n -> !n.letGo())
                .map(n -> n.agent().node())
                .toList();
        return notProgrammed(
                Reasons.WITHDRAWING,
                awaited.isEmpty()
                        ? "the addresses are being withdrawn"
                        : "the addresses are being withdrawn: waiting for " + Words.names(awaited));
    }

    private static Finding notProgrammed(String reason, String message) {
        return Finding.isFalse(ConditionTypes.PROGRAMMED, reason, message);
    }

    /** Ready directors, and ready nodes that are real servers of this service. */
    private static List<NodeStanding> required(VirtualServerSliceSpec slice, SliceProgress progress) {
        Set<String> listed = slice.realServers().stream()
                .map(SliceRealServer::node)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return progress.nodes().stream()
                .filter(n -> n.agent().isReady())
                .filter(n -> n.isDirector()
                        || (n.agent().servesFor(n.fleet())
                                && listed.contains(n.agent().node())))
                .toList();
    }

    private static Stream<String> failure(NodeStanding node) {
        return node.standing() instanceof Standing.Failed(String reason, String message)
                ? Stream.of(new NodeTrouble(node.agent().node(), reason, message).text())
                : Stream.empty();
    }

    private String noReadyDirector(SliceProgress progress) {
        List<String> troubles = progress.nodes().stream()
                .filter(NodeStanding::isDirector)
                .flatMap(n -> NodeTrouble.of(n.agent(), n.fleet()).stream())
                .map(NodeTrouble::text)
                .toList();
        return troubles.isEmpty()
                ? "fleet '" + seen.spec().fleetRef().name() + "' has no director"
                : "no director is ready: " + Words.sentences(troubles);
    }

    /** Whether something is listed that directors do not use yet, though its node is about to hold it. */
    private static boolean isEntering(VirtualServerSliceSpec slice, SliceProgress progress) {
        Set<String> coming = progress.progress().coming();
        Set<String> holders = progress.progress().holders();
        return slice.addresses().stream().anyMatch(a -> a.phase() == Phase.ENTERING)
                || slice.realServers().stream()
                        .filter(r -> r.phase() == Phase.ENTERING)
                        .anyMatch(r -> coming.contains(String.valueOf(r.node()))
                                || holders.contains(String.valueOf(r.node())));
    }

    private boolean isRollingOut(Finding programmed) {
        VirtualServerSliceSpec slice = seen.slice();
        boolean leaving = slice != null
                && (slice.addresses().stream().anyMatch(a -> a.phase() == Phase.LEAVING)
                        || slice.realServers().stream().anyMatch(r -> r.phase() == Phase.LEAVING));
        return leaving || programmed.reason().equals(Reasons.PENDING);
    }

    private Finding ready(Finding programmed) {
        if (!programmed.isTrue()) {
            String reason = seen.refusal() != null ? Reasons.NOT_ACCEPTED : Reasons.NOT_PROGRAMMED;
            return Finding.isFalse(ConditionTypes.READY, reason, programmed.message());
        }
        if (servingRealServers() == 0) {
            return Finding.isFalse(
                    ConditionTypes.READY,
                    Reasons.NO_REAL_SERVERS,
                    "no real server takes connections: the sources give "
                            + (seen.compiled() == null
                                    ? 0
                                    : seen.compiled().realServers().size()));
        }
        List<String> orphaned = families()
                .filter(family -> seen.active().of(family).isEmpty())
                .map(ServiceStatus::text)
                .toList();
        if (!orphaned.isEmpty()) {
            return Finding.isFalse(
                    ConditionTypes.READY,
                    Reasons.NO_ACTIVE_DIRECTOR,
                    "no director of fleet '" + seen.spec().fleetRef().name() + "' is Active for "
                            + String.join(" and ", orphaned));
        }
        return Finding.isTrue(ConditionTypes.READY, "Ready", "served by " + Words.names(activeDirectors()));
    }

    private Finding degraded() {
        return seen.silent().isEmpty()
                ? Finding.isFalse(ConditionTypes.DEGRADED, Reasons.AS_EXPECTED, "no real server is known not to answer")
                : Finding.isTrue(
                        ConditionTypes.DEGRADED,
                        Reasons.REAL_SERVER_NOT_ANSWERING,
                        Words.sentences(seen.silent().stream()
                                .map(silent -> silent.text(seen.slice()))
                                .toList()));
    }

    private Stream<AddressFamily> families() {
        return servedAddresses()
                .map(a -> IpAddress.of(a.value()).family())
                .distinct()
                .sorted();
    }

    private SortedSet<String> activeDirectors() {
        SortedSet<String> nodes = new TreeSet<>();
        families().forEach(family -> nodes.addAll(seen.active().of(family)));
        return nodes;
    }

    private Stream<SliceAddress> servedAddresses() {
        return Stream.ofNullable(seen.slice())
                .flatMap(slice -> slice.addresses().stream())
                .filter(address -> address.phase() == Phase.SERVING);
    }

    private int servingRealServers() {
        Set<AddressFamily> served = families().collect(Collectors.toSet());
        return (int) Stream.ofNullable(seen.slice())
                .flatMap(slice -> slice.realServers().stream())
                .filter(r -> r.phase() == Phase.SERVING && r.weight() > 0)
                .filter(r -> served.contains(IpAddress.of(r.address()).family()))
                .count();
    }

    private static Stream<NodeStanding> standings(@Nullable SliceProgress progress) {
        return Stream.ofNullable(progress).flatMap(p -> p.nodes().stream());
    }
}
