package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Network;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.DirectorRole;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.RealServerRole;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Failure;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.operator.rollout.AgentView;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nodes of the fleet {@link #FLEET} and what their agents report. */
final class Given {
    static final String FLEET = "edge";
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Conditions AT_NOON = new Conditions(Clock.fixed(NOON, ZoneOffset.UTC));

    private static final Network ETH0 = new Network("eth0", null);

    private Given() {}

    static AgentView activeDirector(String node, AddressFamily... families) {
        return director(node, progress(null), List.of(families));
    }

    static AgentView backupDirector(String node) {
        return director(node, progress(null), List.of());
    }

    static AgentView failingDirector(String node, String reason, String message) {
        return director(node, progress(new Failure(reason, message)), List.of());
    }

    /** Its agent is gone, and what it reported last is that it is Active. */
    static AgentView lostDirector(String node, Instant since) {
        AgentView was = activeDirector(node, AddressFamily.IPV4);
        return new AgentView(node, was.generation(), was.spec(), was.status(), since);
    }

    /** Its agent has not applied the newest roles. */
    static AgentView laggingDirector(String node) {
        AgentView upToDate = backupDirector(node);
        return new AgentView(node, upToDate.generation() + 1, upToDate.spec(), upToDate.status(), null);
    }

    /** A node that has not reported anything yet. */
    static AgentView newDirector(String node) {
        return new AgentView(node, 1, backupDirector(node).spec(), null, null);
    }

    static AgentView realServerNode(String node) {
        LvsNodeSpec roles = new LvsNodeSpec(null, List.of(new RealServerRole(FLEET, ETH0)));
        return new AgentView(node, 1, roles, status(progress(null), null, List.of()), null);
    }

    static AgentView directorWith(String node, LvsNodeStatus.Capabilities capabilities) {
        AgentView director = backupDirector(node);
        return new AgentView(
                node, director.generation(), director.spec(), status(progress(null), capabilities, List.of()), null);
    }

    /** An Active director of IPv4 that reports a real server that does not answer. */
    static AgentView complaining(String node, NotAnswering reported) {
        AgentView director = activeDirector(node, AddressFamily.IPV4);
        LvsNodeStatus before = Objects.requireNonNull(director.status());
        return new AgentView(
                node,
                director.generation(),
                director.spec(),
                new LvsNodeStatus(
                        1L,
                        "test",
                        null,
                        before.fleets(),
                        before.virtualRouters(),
                        null,
                        null,
                        1,
                        List.of(reported),
                        null),
                null);
    }

    private static AgentView director(String node, FleetProgress progress, List<AddressFamily> active) {
        LvsNodeSpec roles =
                new LvsNodeSpec(List.of(new DirectorRole(FLEET, ETH0, List.of(), null, null, null, null)), null);
        return new AgentView(node, 1, roles, status(progress, null, active), null);
    }

    private static LvsNodeStatus status(
            FleetProgress progress, LvsNodeStatus.@Nullable Capabilities capabilities, List<AddressFamily> active) {
        List<VirtualRouterStatus> routers = active.stream()
                .map(family ->
                        new VirtualRouterStatus(FLEET, family, VirtualRouterState.ACTIVE, NOON.toString(), null, null))
                .toList();
        return new LvsNodeStatus(1L, "test", capabilities, List.of(progress), routers, null, null, null, null, null);
    }

    private static FleetProgress progress(@Nullable Failure failure) {
        return new FleetProgress(FLEET, "100", null, failure, 0, null);
    }

    static Condition condition(@Nullable List<Condition> conditions, String type) {
        return Conditions.of(conditions, type)
                .orElseThrow(() -> new AssertionError("no " + type + " in " + conditions));
    }

    static boolean isTrue(Condition condition) {
        return condition.status() == ConditionStatus.TRUE;
    }
}
