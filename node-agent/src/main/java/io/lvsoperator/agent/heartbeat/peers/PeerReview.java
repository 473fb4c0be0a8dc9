package io.lvsoperator.agent.heartbeat.peers;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares what the other directors say with what this one knows. Pure. */
public final class PeerReview {
    private PeerReview() {}

    /**
     * This director.
     *
     * @param unheard families of those of its virtual routers that have heard no advert for longer than the down interval
     */
    public record Own(
            String fleet,
            String node,
            int port,
            List<Heartbeat.Router> routers,
            Set<AddressFamily> unheard,
            String tables,
            String resourceVersion) {}

    /** What is wrong at this moment, be it for long or not. */
    public static List<Complaint> of(Own own, PeerTable peers, long limitNanos, long nowNanos) {
        List<Complaint> complaints = new ArrayList<>();
        for (String peer : peers.names()) {
            Optional<Heartbeat> said = peers.living(peer, limitNanos, nowNanos);
            if (said.isPresent()) {
                own.routers()
                        .forEach(router -> bothActive(own, router, said.get()).ifPresent(complaints::add));
                tables(own, said.get()).ifPresent(complaints::add);
            } else {
                complaints.add(silent(own, peer, peers.greets(peer)));
            }
        }
        return complaints;
    }

    private static Optional<Complaint> bothActive(Own own, Heartbeat.Router router, Heartbeat said) {
        boolean both = router.state() == VirtualRouterState.ACTIVE
                && said.router(router.family())
                        .filter(other -> other.state() == VirtualRouterState.ACTIVE)
                        .isPresent();
        if (!both) {
            return Optional.empty();
        }
        String nodes = "fleet '%s': nodes '%s' and '%s' are both Active for %s"
                .formatted(own.fleet(), own.node(), said.from(), family(router));
        return Optional.of(
                own.unheard().contains(router.family())
                        ? new Complaint(
                                Complaint.Kind.ADVERTS_NOT_HEARD,
                                said.from(),
                                nodes + ": '" + said.from()
                                        + "' lives, as its heartbeat tells, but its adverts are not heard:"
                                        + " see whether IP protocol 112 is filtered, or the segment is split between them")
                        : new Complaint(
                                Complaint.Kind.SEVERAL_ACTIVE,
                                said.from(),
                                nodes + ", and adverts are heard: see whether those of '" + own.node() + "' reach '"
                                        + said.from() + "', and whether both have the same settings"));
    }

    private static String family(Heartbeat.Router router) {
        return switch (router.family()) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }

    private static Optional<Complaint> tables(Own own, Heartbeat said) {
        boolean comparable = !own.tables().isEmpty()
                && !said.tables().isEmpty()
                && own.resourceVersion().equals(said.resourceVersion());
        return comparable && !own.tables().equals(said.tables())
                ? Optional.of(new Complaint(
                        Complaint.Kind.TABLES_DIFFER,
                        said.from(),
                        ("fleet '%s': nodes '%s' and '%s' have applied the same, and their mh tables differ (digests %s and %s): a"
                                        + " take-over would move connections; restart the agent of the node whose digest no other has")
                                .formatted(own.fleet(), own.node(), said.from(), own.tables(), said.tables())))
                : Optional.empty();
    }

    private static Complaint silent(Own own, String peer, boolean greets) {
        return greets
                ? new Complaint(
                        Complaint.Kind.PEER_DEAF,
                        peer,
                        "fleet '%s': node '%s' is heard by '%s', but does not answer its heartbeat any more: does the node live, and does UDP port %d pass from '%s' to it?"
                                .formatted(own.fleet(), peer, own.node(), own.port(), own.node()))
                : new Complaint(
                        Complaint.Kind.PEER_SILENT,
                        peer,
                        "fleet '%s': node '%s' hears no heartbeat of '%s': does its agent run, and does UDP port %d pass between them?"
                                .formatted(own.fleet(), own.node(), peer, own.port()));
    }
}
