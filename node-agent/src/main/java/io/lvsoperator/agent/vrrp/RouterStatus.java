package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Cause;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One virtual router at one moment.
 *
 * @param since when it entered its state
 * @param cause why; empty before the first change
 * @param transitions changes of state so far
 * @param source the address that it sends from, whether it takes part or not; empty while there is none
 * @param activeSource the address that the Active sends from: our own, or what was heard last
 * @param sent advertisements sent
 * @param received valid advertisements heard from others
 * @param receivedWhileActive those of them heard while Active; each means that another router was Active too
 * @param drops received packets without effect
 * @param peerChecksum the form that was heard last
 * @param leased whether its VIPs vanish by themselves should this agent fall silent; false unless it is Active
 * @param stalls how often this agent stood still for longer than the down interval
 * @param problems in the order of {@link Problem.Kind}
 */
public record RouterStatus(
        RouterKey key,
        VirtualRouterState state,
        Instant since,
        Optional<Cause> cause,
        long transitions,
        Optional<IpAddress> source,
        Optional<IpAddress> activeSource,
        long sent,
        long received,
        long receivedWhileActive,
        Map<DropReason, Long> drops,
        Optional<ChecksumForm> peerChecksum,
        boolean leased,
        long stalls,
        List<Problem> problems) {

    /** Copies the collections. */
    public RouterStatus {
        drops = Map.copyOf(drops);
        problems = List.copyOf(problems);
    }

    /** Why it takes no part in the election, if it does not. */
    public Optional<Problem> blockingProblem() {
        return problems.stream().filter(problem -> problem.kind().isBlocking()).findFirst();
    }
}
