package io.lvsoperator.agent.heartbeat.peers;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.Mark;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The other directors of one fleet, as their heartbeats tell. Immutable.
 *
 * <p>A datagram proves that its sender is there now, and hears us, by naming one of the last datagrams that we sent it. An old one
 * names an old one, or a session of ours that is over, so nothing that was recorded before can be taken for a living peer, with no need
 * of a clock that both share. Within a session only what is newer counts.
 */
public final class PeerTable {
    /** So many of our own datagrams may have gone out since the one that is named: as many as may be lost. */
    private static final long MAX_BEHIND = 3;

    private final String own;
    private final long session;
    private final Map<String, Peer> peers;

    private PeerTable(String own, long session, Map<String, Peer> peers) {
        this.own = own;
        this.session = session;
        this.peers = Map.copyOf(peers);
    }

    /** Of a node that has heard nobody yet, in a session of its own. */
    public static PeerTable of(String ownNode, long session, Set<String> peers) {
        return new PeerTable(ownNode, session, Map.of()).withPeers(peers);
    }

    /** From now on these are the peers; those that stay are known as before. */
    public PeerTable withPeers(Set<String> names) {
        Map<String, Peer> next = new LinkedHashMap<>();
        names.forEach(name -> next.put(name, peers.getOrDefault(name, Peer.UNKNOWN)));
        return new PeerTable(own, session, next);
    }

    /** The table after a datagram, and why that counted for nothing, if so. */
    public record Step(PeerTable table, Optional<Rejection> rejection) {}

    /**
     * Takes an authentic datagram.
     *
     * @param sent sequence number of the last one that we sent ourselves
     */
    public Step on(Heartbeat heartbeat, long sent, long nowNanos) {
        Peer peer = peers.get(heartbeat.from());
        if (peer == null || !heartbeat.to().equals(own)) {
            return new Step(this, Optional.of(Rejection.UNKNOWN_NODE));
        }
        Mark mark = heartbeat.mark();
        boolean ofProved = mark.session() == peer.proved().session();
        boolean ofGreeted = mark.session() == peer.greeted().session();
        if ((ofProved && mark.sequence() <= peer.proved().sequence())
                || (ofGreeted && mark.sequence() <= peer.greeted().sequence())
                || mark.session() == Mark.NONE.session()) {
            return new Step(this, Optional.of(Rejection.REPLAYED));
        }
        if (isRecent(heartbeat.heard(), sent) || isRecent(heartbeat.greeted(), sent)) {
            return new Step(
                    with(heartbeat.from(), new Peer(mark, Mark.NONE, nowNanos, Optional.of(heartbeat))),
                    Optional.empty());
        }
        Peer next = ofProved
                ? new Peer(mark, peer.greeted(), peer.provedNanos(), peer.newest())
                : new Peer(peer.proved(), mark, peer.provedNanos(), peer.newest());
        return new Step(with(heartbeat.from(), next), Optional.of(Rejection.UNPROVED));
    }

    private boolean isRecent(Mark ours, long sent) {
        return ours.session() == session && ours.sequence() <= sent && sent - ours.sequence() <= MAX_BEHIND;
    }

    private PeerTable with(String name, Peer peer) {
        Map<String, Peer> next = new LinkedHashMap<>(peers);
        next.put(name, peer);
        return new PeerTable(own, session, next);
    }

    /** What to name to a peer as heard. */
    public Mark heard(String peer) {
        return Objects.requireNonNull(peers.get(peer), peer).proved();
    }

    /** What to name to a peer beside that. */
    public Mark greeted(String peer) {
        return Objects.requireNonNull(peers.get(peer), peer).greeted();
    }

    /** What a peer said last, if it has proved within {@code limitNanos} that it lives and hears us. */
    public Optional<Heartbeat> living(String peer, long limitNanos, long nowNanos) {
        return Optional.ofNullable(peers.get(peer))
                .filter(known -> nowNanos - known.provedNanos() <= limitNanos)
                .flatMap(Peer::newest);
    }

    /** Whether anything of a peer is heard that does not prove that it hears us. */
    public boolean greets(String peer) {
        return Optional.ofNullable(peers.get(peer))
                .filter(known ->
                        !known.greeted().equals(Mark.NONE) || !known.proved().equals(Mark.NONE))
                .isPresent();
    }

    /** The peers' names. */
    public Set<String> names() {
        return peers.keySet();
    }
}
