package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus.ActiveDirector;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus.DirectorCounts;
import io.lvsoperator.operator.compile.FleetRoles.RouterIdConflict;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says how a fleet is. */
public final class FleetStatus {
    private final FleetObservation seen;
    private final List<AgentView> ready;

    private FleetStatus(FleetObservation seen) {
        this.seen = seen;
        this.ready = seen.directors().stream()
                .filter(AgentView::isReady)
                .filter(agent -> agent.progress(seen.fleet())
                        .map(p -> p.failure() == null)
                        .orElse(true))
                .toList();
    }

    /** The status that follows on a previous one. */
    public static DirectorFleetStatus following(
            @Nullable DirectorFleetStatus previous, FleetObservation seen, Conditions conditions) {
        return new FleetStatus(seen).status(previous, conditions);
    }

    private DirectorFleetStatus status(@Nullable DirectorFleetStatus previous, Conditions conditions) {
        List<ActiveDirector> active = Arrays.stream(AddressFamily.values())
                .flatMap(family -> seen.active().of(family).stream().map(node -> new ActiveDirector(family, node)))
                .toList();
        return new DirectorFleetStatus(
                seen.generation(),
                conditions.following(previous == null ? null : previous.conditions(), findings(), seen.generation()),
                new DirectorCounts(seen.roles().chosenDirectors().size(), ready.size()),
                // Server-side apply makes no difference between an empty list and none.
                active.isEmpty() ? null : active,
                seen.roles().virtualRouterId());
    }

    private List<Finding> findings() {
        Finding accepted = accepted();
        Finding programmed = programmed();
        Finding isReady = ready(programmed);
        List<Finding> findings = new ArrayList<>(List.of(accepted, programmed, isReady, degraded()));
        if (seen.deleting()) {
            findings.add(Finding.isTrue(
                    ConditionTypes.RECONCILING,
                    Reasons.WITHDRAWING,
                    seen.awaited().isEmpty()
                            ? "the fleet is being withdrawn"
                            : "waiting for " + Words.sentences(seen.awaited())));
        } else if (!accepted.isTrue()) {
            findings.add(Finding.isTrue(ConditionTypes.STALLED, accepted.reason(), accepted.message()));
        } else if (seen.roles().chosenDirectors().isEmpty()) {
            findings.add(Finding.isTrue(ConditionTypes.STALLED, isReady.reason(), isReady.message()));
        } else if (!programmed.isTrue()) {
            findings.add(Finding.isTrue(ConditionTypes.RECONCILING, Reasons.ROLLING_OUT, programmed.message()));
        }
        return findings;
    }

    private Finding accepted() {
        if (seen.roles().virtualRouterId() == null && !seen.deleting()) {
            return Finding.isFalse(
                    ConditionTypes.ACCEPTED,
                    Reasons.NO_FREE_VIRTUAL_ROUTER_ID,
                    "spec.vrrp.firstVirtualRouterId is not given, and the fleets of this cluster have all 255: give one that is"
                            + " free on this fleet's segment");
        }
        List<RouterIdConflict> conflicts = seen.roles().conflicts();
        if (conflicts.isEmpty()) {
            return Finding.isTrue(
                    ConditionTypes.ACCEPTED, "Accepted", "the fleet is valid and its router id is its own");
        }
        RouterIdConflict first = conflicts.getFirst();
        return Finding.isFalse(
                ConditionTypes.ACCEPTED,
                Reasons.VIRTUAL_ROUTER_ID_CONFLICT,
                "spec.vrrp.firstVirtualRouterId: " + first.virtualRouterId() + " is used by DirectorFleet '"
                        + first.holder()
                        + "' on "
                        + Words.names(
                                conflicts.stream().map(RouterIdConflict::node).toList())
                        + ", which this fleet therefore does not direct. Choose another router id, or other directors.");
    }

    private Finding programmed() {
        Optional<Finding> none = noDirector(ConditionTypes.PROGRAMMED);
        if (none.isPresent()) {
            return none.get();
        }
        List<String> lagging = ready.stream()
                .filter(agent -> !agent.hasObservedRoles())
                .map(AgentView::node)
                .toList();
        return lagging.isEmpty()
                ? Finding.isTrue(ConditionTypes.PROGRAMMED, "Programmed", "every ready director has applied its roles")
                : Finding.isFalse(
                        ConditionTypes.PROGRAMMED,
                        Reasons.PENDING,
                        "waiting for " + Words.names(lagging) + " to apply the roles in its LvsNode");
    }

    private Finding ready(Finding programmed) {
        Optional<Finding> none = noDirector(ConditionTypes.READY);
        if (none.isPresent()) {
            return none.get();
        }
        if (!programmed.isTrue()) {
            return Finding.isFalse(ConditionTypes.READY, Reasons.NOT_PROGRAMMED, programmed.message());
        }
        List<String> orphaned = seen.servedFamilies().stream()
                .filter(family -> seen.active().of(family).isEmpty())
                .map(FleetStatus::text)
                .sorted()
                .toList();
        return orphaned.isEmpty()
                ? Finding.isTrue(
                        ConditionTypes.READY,
                        "Ready",
                        ready.size() + " of " + seen.roles().chosenDirectors().size() + " directors are ready")
                : Finding.isFalse(
                        ConditionTypes.READY,
                        Reasons.NO_ACTIVE_DIRECTOR,
                        "services have VIPs of " + String.join(" and ", orphaned)
                                + ", and no director is Active for them");
    }

    private Optional<Finding> noDirector(String type) {
        if (seen.roles().chosenDirectors().isEmpty()) {
            return Optional.of(Finding.isFalse(
                    type,
                    Reasons.NO_DIRECTORS,
                    "spec.directors.nodeSelector matches no node: label the nodes that are to be directors"));
        }
        if (ready.isEmpty()) {
            List<String> troubles = troubles().stream().map(NodeTrouble::text).toList();
            return Optional.of(Finding.isFalse(
                    type,
                    Reasons.NO_READY_DIRECTOR,
                    troubles.isEmpty()
                            ? "no node directs the fleet yet"
                            : "no director is ready: " + Words.sentences(troubles)));
        }
        return Optional.empty();
    }

    private Finding degraded() {
        record Complaint(String reason, String message) {}
        List<Complaint> complaints = new ArrayList<>();
        seen.notDeployed().ifPresent(why -> complaints.add(new Complaint(Reasons.AGENTS_NOT_DEPLOYED, why)));
        seen.secretsNotWritten()
                .ifPresent(why -> complaints.add(new Complaint(Reasons.FLEET_SECRETS_NOT_WRITTEN, why)));
        seen.passwordNotFound().ifPresent(why -> complaints.add(new Complaint(Reasons.PASSWORD_NOT_FOUND, why)));
        if (!seen.roles().directorsAlsoRealServers().isEmpty()) {
            complaints.add(new Complaint(
                    Reasons.DIRECTOR_IS_REAL_SERVER,
                    Words.names(seen.roles().directorsAlsoRealServers())
                            + " matches both spec.directors and spec.realServerNodes and is a director only, since directors"
                            + " that are real servers too send a connection round in a loop between them:"
                            + " separate the labels"));
        }
        for (AddressFamily family : AddressFamily.values()) {
            if (seen.active().of(family).size() > 1) {
                complaints.add(new Complaint(
                        Reasons.SEVERAL_ACTIVE_DIRECTORS,
                        Words.names(seen.active().of(family)) + " are Active for " + text(family)
                                + " at once: see whether their adverts (IP protocol 112) reach each other"));
            }
        }
        HashTables.difference(ready, seen.fleet(), seen.newestSlice())
                .ifPresent(difference -> complaints.add(new Complaint(Reasons.HASH_TABLES_DIFFER, difference)));
        Stream.concat(troubles().stream(), lacks())
                .forEach(trouble -> complaints.add(new Complaint(trouble.reason(), trouble.text())));
        return complaints.isEmpty()
                ? Finding.isFalse(ConditionTypes.DEGRADED, Reasons.AS_EXPECTED, "nothing is wrong with any director")
                : Finding.isTrue(
                        ConditionTypes.DEGRADED,
                        complaints.getFirst().reason(),
                        Words.sentences(
                                complaints.stream().map(Complaint::message).toList()));
    }

    private List<NodeTrouble> troubles() {
        return seen.directors().stream()
                .flatMap(agent -> NodeTrouble.of(agent, seen.fleet()).stream())
                .toList();
    }

    /** What runs goes on running on the other directors, and on this one as far as its kernel can. */
    private Stream<NodeTrouble> lacks() {
        return seen.directors().stream()
                .filter(agent -> agent.status() != null && agent.status().capabilities() != null)
                .flatMap(agent -> seen
                        .needs()
                        .lackedBy(Objects.requireNonNull(agent.status().capabilities()))
                        .map(lack -> new NodeTrouble(agent.node(), lack.reason().text(), lack.message()))
                        .stream());
    }

    private static String text(AddressFamily family) {
        return family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
    }
}
