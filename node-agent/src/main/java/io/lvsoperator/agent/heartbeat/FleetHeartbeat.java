package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.peers.Complaint;
import io.lvsoperator.agent.heartbeat.peers.Complaints;
import io.lvsoperator.agent.heartbeat.peers.PeerReview;
import io.lvsoperator.agent.heartbeat.peers.PeerTable;
import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.HeartbeatCodec;
import io.lvsoperator.agent.heartbeat.wire.Mark;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exchange with the other directors of one fleet. */
final class FleetHeartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(FleetHeartbeat.class);

    private final long session;
    private HeartbeatConfig config;
    private PeerTable table;
    private KeyRing keys = KeyRing.EMPTY;
    private TableState tables = TableState.NONE;
    private Complaints complaints = Complaints.NONE;
    private @Nullable String notSent;
    private long sequence;
    private long sent;
    private long received;

    FleetHeartbeat(HeartbeatConfig config, long session) {
        this.config = config;
        this.session = session;
        this.table = PeerTable.of(config.node(), session, config.peers().keySet());
    }

    HeartbeatConfig config() {
        return config;
    }

    void configure(HeartbeatConfig changed) {
        config = changed;
        table = table.withPeers(changed.peers().keySet());
    }

    void learn(byte[] key, long nowNanos) {
        keys = keys.with(key, nowNanos);
    }

    void applied(TableState now) {
        tables = now;
    }

    List<byte[]> keys(long nowNanos) {
        return keys.keys(nowNanos);
    }

    /** Why it counted for nothing, if so. */
    Optional<Rejection> receive(Heartbeat heartbeat, long nowNanos) {
        PeerTable.Step step = table.on(heartbeat, sequence, nowNanos);
        table = step.table();
        if (step.rejection().isEmpty()) {
            received++;
        }
        return step.rejection();
    }

    /** Tells all peers how this director is. */
    void send(Optional<HeartbeatSocket> socket, FleetView view, boolean fenced, long nowNanos) {
        List<byte[]> with = keys(nowNanos);
        notSent = with.isEmpty()
                ? "this node does not have the fleet's key: see whether the operator runs and its Secret can be read"
                : socket.isEmpty()
                        ? "port " + config.port() + " of " + config.own() + " cannot be opened: see the agent's log"
                        : null;
        if (notSent != null) {
            return;
        }
        sequence++;
        config.peers().forEach((peer, address) -> {
            Heartbeat heartbeat = new Heartbeat(
                    config.fleet(),
                    config.node(),
                    peer,
                    new Mark(session, sequence),
                    table.heard(peer),
                    table.greeted(peer),
                    fenced,
                    view.routers(),
                    tables.digest(),
                    tables.resourceVersion());
            try {
                socket.get().send(HeartbeatCodec.encode(heartbeat, with), address);
                sent++;
            } catch (IOException e) {
                // as the peer's silence tells, and for the same causes
                LOG.debug("heartbeat to {} at {} not sent: {}", peer, address, e.getMessage());
            }
        });
    }

    /** Whether the latest one could be sent: then there is a key, and a socket that hears the others. */
    boolean isSent() {
        return sequence > 0 && notSent == null;
    }

    void review(FleetView view, long limitNanos, long nowNanos) {
        if (config.peers().isEmpty()) {
            complaints = Complaints.NONE;
            return;
        }
        List<Complaint> found = new ArrayList<>();
        if (notSent != null) {
            found.add(new Complaint(
                    Complaint.Kind.HEARTBEAT_NOT_SENT,
                    config.node(),
                    "fleet '" + config.fleet() + "': node '" + config.node() + "' sends no heartbeat: " + notSent));
        } else {
            found.addAll(PeerReview.of(
                    new PeerReview.Own(
                            config.fleet(),
                            config.node(),
                            config.port(),
                            view.routers(),
                            view.unheard(),
                            tables.digest(),
                            tables.resourceVersion()),
                    table,
                    limitNanos,
                    nowNanos));
        }
        complaints = complaints.after(found, nowNanos);
    }

    /** Those that live, healthy or not. */
    Set<String> living(long limitNanos, long nowNanos) {
        return table.names().stream()
                .filter(peer -> table.living(peer, limitNanos, nowNanos).isPresent())
                .collect(Collectors.toSet());
    }

    /** Whether one lives of which this holds. */
    boolean anyLiving(long limitNanos, long nowNanos, Predicate<Heartbeat> which) {
        return table.names().stream()
                .flatMap(peer -> table.living(peer, limitNanos, nowNanos).stream())
                .anyMatch(which);
    }

    FleetPeers status(long limitNanos, long nowNanos) {
        return new FleetPeers(
                config.fleet(),
                config.peers().keySet(),
                living(limitNanos, nowNanos),
                sent,
                received,
                complaints.lasting(nowNanos));
    }
}
