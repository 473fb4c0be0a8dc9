package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Failure;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a director from doing its part.
 *
 * @param reason the agent's own word where it has one
 */
record NodeTrouble(String node, String reason, String message) {

    /** The first thing that is wrong with a director of a fleet. */
    static Optional<NodeTrouble> of(AgentView agent, String fleet) {
        return agent.progress(fleet)
                .map(FleetProgress::failure)
                .or(() -> cannotProgram(agent))
                .or(() -> noIpvs(agent))
                .or(() -> notInElection(agent, fleet))
                .or(() -> kernelSettings(agent))
                .or(() -> isFalse(agent, ConditionTypes.FIREWALL))
                .or(() -> isFalse(agent, ConditionTypes.CONNECTION_SYNC))
                .or(() -> notReady(agent))
                .or(() -> lags(agent))
                .or(() -> isFalse(agent, ConditionTypes.PEERS))
                .or(() -> disturbed(agent))
                .map(failure -> new NodeTrouble(agent.node(), failure.reason(), failure.message()));
    }

    private static Optional<Failure> cannotProgram(AgentView agent) {
        return isFalse(agent, ConditionTypes.READY);
    }

    private static Optional<Failure> kernelSettings(AgentView agent) {
        return isFalse(agent, ConditionTypes.KERNEL_SETTINGS);
    }

    private static Optional<Failure> disturbed(AgentView agent) {
        return isFalse(agent, ConditionTypes.UNDISTURBED);
    }

    private static Optional<Failure> isFalse(AgentView agent, String type) {
        return Conditions.of(
                        Optional.ofNullable(agent.status())
                                .map(LvsNodeStatus::conditions)
                                .orElse(null),
                        type)
                .filter(condition -> condition.status() == ConditionStatus.FALSE)
                .map((Condition condition) -> new Failure(condition.reason(), condition.message()));
    }

    private static Optional<Failure> noIpvs(AgentView agent) {
        @Nullable LvsNodeStatus status = agent.status();
        @Nullable Capabilities capabilities = status == null ? null : status.capabilities();
        return capabilities == null || capabilities.ipvsVersion() != null
                ? Optional.empty()
                : Optional.of(new Failure(
                        Reasons.IPVS_NOT_AVAILABLE,
                        "its kernel has no ip_vs: install the kernel's module package and load ip_vs"));
    }

    private static Optional<Failure> notInElection(AgentView agent, String fleet) {
        return routers(agent)
                .filter(router -> router.fleet().equals(fleet))
                .map(VirtualRouterStatus::failure)
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    private static Optional<Failure> notReady(AgentView agent) {
        return agent.isReady()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Reasons.DIRECTOR_NOT_READY,
                        "its agent has not been ready since " + agent.notReadySince()
                                + ": see the agent's pod and the node"));
    }

    private static Optional<Failure> lags(AgentView agent) {
        return agent.hasObservedRoles()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Reasons.DIRECTOR_LAGS,
                        "its agent has not applied generation " + agent.generation() + " of its LvsNode yet"));
    }

    /** The virtual routers that an agent reports. */
    static Stream<VirtualRouterStatus> routers(AgentView agent) {
        return Stream.ofNullable(agent.status())
                .map(LvsNodeStatus::virtualRouters)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream);
    }

    /** As part of a message. */
    String text() {
        return "node '" + node + "': " + reason + ": " + message;
    }
}
