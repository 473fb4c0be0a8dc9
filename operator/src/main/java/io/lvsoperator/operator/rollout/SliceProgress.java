package io.lvsoperator.operator.rollout;

import io.lvsoperator.operator.address.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where all nodes of a fleet stand with one version of a slice.
 *
 * @param nodes those that have a role in the fleet, or have yet to clean up after it
 * @param deadline when the next node that is waited for is given up; null when none will be
 */
public record SliceProgress(
        List<NodeStanding> nodes, @Nullable Instant deadline) {

    /** One node of the fleet. */
    public record NodeStanding(AgentView agent, String fleet, Standing standing, boolean letGo) {
        /** Whether the node directs the fleet. */
        public boolean isDirector() {
            return agent.directs(fleet);
        }

        /** Whether the node has applied the slice. */
        public boolean isApplied() {
            return standing instanceof Standing.Applied;
        }
    }

    /** How long nodes are waited for. */
    public record Patience(Instant now, Duration nodeLossTimeout, Instant sliceSince) {}

    /**
     * Evaluates the reports of nodes.
     *
     * @param patience what time it is, how long a node that is not ready, or fails, is waited for, and since when the slice
     *     is as it is
     */
    public static SliceProgress of(
            List<AgentView> agents, String fleet, ServiceKey slice, String resourceVersion, Patience patience) {
        List<NodeStanding> nodes = new ArrayList<>();
        @Nullable Instant next = null;
        for (AgentView agent : agents) {
            if (!agent.isConcernedBy(fleet)) {
                continue;
            }
            boolean hasRole = agent.directs(fleet) || agent.servesFor(fleet);
            // A node that has lost its role lets go of all of it, and then does not report the fleet any more.
            Standing standing = hasRole ? Standing.of(agent, fleet, slice, resourceVersion) : new Standing.Pending();
            Optional<Instant> givenUp = givenUpAt(agent, standing, patience);
            boolean letGo = standing instanceof Standing.Applied
                    || (givenUp.isPresent() && !givenUp.get().isAfter(patience.now()));
            if (!letGo && givenUp.isPresent() && (next == null || givenUp.get().isBefore(next))) {
                next = givenUp.get();
            }
            nodes.add(new NodeStanding(agent, fleet, standing, letGo));
        }
        return new SliceProgress(List.copyOf(nodes), next);
    }

    private static Optional<Instant> givenUpAt(AgentView agent, Standing standing, Patience patience) {
        Instant notReadySince = agent.notReadySince();
        if (notReadySince != null) {
            return Optional.of(notReadySince.plus(patience.nodeLossTimeout()));
        }
        return standing instanceof Standing.Failed
                ? Optional.of(patience.sliceSince().plus(patience.nodeLossTimeout()))
                : Optional.empty();
    }

    /** What the roll-out needs of it. */
    public Progress progress() {
        Set<String> holders = new HashSet<>();
        Set<String> coming = new HashSet<>();
        for (NodeStanding node : nodes) {
            if (!node.agent().servesFor(node.fleet())) {
                continue;
            }
            boolean observed = node.agent().hasObservedRoles();
            if (node.isApplied() && observed) {
                holders.add(node.agent().node());
            } else if (node.agent().isReady() && !(node.standing() instanceof Standing.Failed)) {
                coming.add(node.agent().node());
            }
        }
        boolean directorsLetGo =
                nodes.stream().filter(n -> !n.agent().servesFor(n.fleet())).allMatch(NodeStanding::letGo);
        return new Progress(holders, coming, directorsLetGo, nodes.stream().allMatch(NodeStanding::letGo));
    }
}
