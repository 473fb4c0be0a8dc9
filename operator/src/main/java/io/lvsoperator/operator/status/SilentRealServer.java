package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.StuckExtent;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real server of a service that does not answer, as all directors together see it.
 *
 * @param directors that say so
 * @param waiting the most connections that one of them saw waiting
 * @param all whether for one of them no new connection gets through
 * @param clientsRepeat whether clients repeat their first packet; null where nobody can tell
 */
public record SilentRealServer(
        String virtualServer,
        String address,
        int port,
        SortedSet<String> directors,
        long waiting,
        boolean all,
        @Nullable Boolean clientsRepeat) {

    /** What the ready directors of a fleet report of a service. */
    public static List<SilentRealServer> of(List<AgentView> agents, String fleet, ServiceKey service) {
        Map<String, SilentRealServer> found = new TreeMap<>();
        for (AgentView agent : agents) {
            if (agent.isReady() && agent.directs(fleet)) {
                reported(agent)
                        .filter(n -> n.namespace().equals(service.namespace())
                                && n.name().equals(service.name()))
                        .map(n -> seen(agent.node(), n))
                        .forEach(n -> found.merge(
                                n.virtualServer() + " " + n.address() + " " + n.port(), n, SilentRealServer::and));
            }
        }
        return new ArrayList<>(found.values());
    }

    private static Stream<NotAnswering> reported(AgentView agent) {
        return Stream.ofNullable(agent.status())
                .map(LvsNodeStatus::notAnswering)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream);
    }

    private static SilentRealServer seen(String director, NotAnswering n) {
        return new SilentRealServer(
                n.virtualServer(),
                n.address(),
                n.port(),
                new TreeSet<>(List.of(director)),
                n.waiting(),
                n.extent() == StuckExtent.ALL,
                n.clientsRepeat());
    }

    /** Repeating clients outweigh others: nobody repeats what was answered. */
    private SilentRealServer and(SilentRealServer other) {
        SortedSet<String> both = new TreeSet<>(directors);
        both.addAll(other.directors);
        Boolean repeat = Stream.of(clientsRepeat, other.clientsRepeat)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new SilentRealServer(
                virtualServer, address, port, both, Math.max(waiting, other.waiting), all || other.all, repeat);
    }

    /** What is seen, and what is likely wrong there. */
    String text(@Nullable VirtualServerSliceSpec slice) {
        String target = address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
        return "real server " + target + " of " + virtualServer + " does not answer: at least " + waiting
                + " connections were seen waiting for it (SYN_RECV) by director " + Words.names(directors)
                + (all ? ", no new one gets through. " : ", some get through. ") + cause(slice);
    }

    private String cause(@Nullable VirtualServerSliceSpec slice) {
        if (!all) {
            return "Likely it is overloaded (its queue of new connections is full), packets are lost on the way, or somebody"
                    + " floods the VIP with SYN packets";
        }
        Optional<SliceRealServer> realServer = in(slice);
        if (realServer.filter(r -> r.forwarding() == ForwardingMethod.NAT).isPresent()) {
            return "Likely its replies do not come back through the director: make the director its gateway; or the host"
                    + " is down, or a firewall there drops the packets";
        }
        String vip = virtualServer.substring(virtualServer.indexOf(' ') + 1);
        if (Boolean.FALSE.equals(clientsRepeat)) {
            return "Clients do not repeat their first packet, so they are refused at once: likely nobody listens on "
                    + vip + " there, or only on another address";
        }
        String holding = realServer.filter(SliceRealServer::mustHoldVips).isPresent()
                ? "The node's agent holds the VIP on lo, so likely a firewall there drops the packets, or the host is down"
                : "Likely the host does not hold the VIP on lo (ip address add VIP/32 dev lo, see the docs), a firewall there"
                        + " drops the packets, or the host is down";
        return Boolean.TRUE.equals(clientsRepeat) ? holding : holding + "; or nobody listens on " + vip + " there";
    }

    private Optional<SliceRealServer> in(@Nullable VirtualServerSliceSpec slice) {
        return Optional.ofNullable(slice)
                .flatMap(s -> s.realServers().stream()
                        .filter(r -> r.address().equals(address))
                        .findFirst());
    }
}
