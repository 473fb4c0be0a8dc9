package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.HeartbeatCodec;
import io.lvsoperator.agent.heartbeat.wire.Reception;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeats of all fleets that this node directs, for one thread that calls it and never waits in it: the thread of VRRP,
 * whose life is what a heartbeat tells of, and whose VIPs depend on what is heard.
 */
public final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    /** Between two datagrams to one peer. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /** A peer lives that was heard within three intervals; half of one more, as no thread wakes in time. */
    public static final Duration LIFE = Duration.ofMillis(3500);

    /** So that a flood cannot keep VRRP from its timers. */
    private static final int DATAGRAMS_AT_ONCE = 64;

    private record Endpoint(IpAddress own, int port) {}

    private final HeartbeatSockets sockets;
    private final LongSupplier nanoTime;
    private final long session;
    private final Map<String, FleetHeartbeat> fleets = new LinkedHashMap<>();
    private final Map<String, byte[]> keys = new HashMap<>();
    private final Map<String, TableState> tables = new HashMap<>();
    private final Map<Endpoint, HeartbeatSocket> open = new HashMap<>();
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
    private long nextNanos;

    /**
     * Of no fleet yet.
     *
     * @param session a random number, of this run of the agent
     */
    public Heartbeats(HeartbeatSockets sockets, LongSupplier nanoTime, long session) {
        this.sockets = sockets;
        this.nanoTime = nanoTime;
        this.session = session == 0 ? 1 : session;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** For a node that directs nothing with others. */
    public static Heartbeats none(LongSupplier nanoTime) {
        return new Heartbeats(
                (own, port) -> {
                    throw new IOException("no sockets");
                },
                nanoTime,
                1);
    }

    /** Exchanges heartbeats for these fleets from now on. */
    public void configure(List<HeartbeatConfig> configs) {
        Set<String> names = configs.stream().map(HeartbeatConfig::fleet).collect(Collectors.toSet());
        fleets.keySet().retainAll(names);
        for (HeartbeatConfig config : configs) {
            FleetHeartbeat fleet = fleets.get(config.fleet());
            if (fleet == null) {
                FleetHeartbeat added = new FleetHeartbeat(config, session);
                fleets.put(config.fleet(), added);
                Optional.ofNullable(keys.get(config.fleet())).ifPresent(key -> added.learn(key, nanoTime.getAsLong()));
                Optional.ofNullable(tables.get(config.fleet())).ifPresent(added::applied);
            } else if (!fleet.config().equals(config)) {
                fleet.configure(config);
            }
        }
        openSockets();
    }

    /** These are the keys of fleets now; one that is not among them stays what it was. */
    public void learn(Map<String, byte[]> newest) {
        keys.putAll(newest);
        newest.forEach((name, key) ->
                Optional.ofNullable(fleets.get(name)).ifPresent(fleet -> fleet.learn(key, nanoTime.getAsLong())));
    }

    /** This much has been applied of fleets now. */
    public void applied(Map<String, TableState> now) {
        tables.putAll(now);
        now.forEach((name, state) -> Optional.ofNullable(fleets.get(name)).ifPresent(fleet -> fleet.applied(state)));
    }

    private void openSockets() {
        Set<Endpoint> wanted = fleets.values().stream()
                .filter(fleet -> !fleet.config().peers().isEmpty())
                .map(fleet -> endpoint(fleet.config()))
                .collect(Collectors.toSet());
        Set.copyOf(open.keySet()).stream()
                .filter(endpoint -> !wanted.contains(endpoint))
                .forEach(this::close);
        wanted.stream().filter(endpoint -> !open.containsKey(endpoint)).forEach(this::open);
    }

    private static Endpoint endpoint(HeartbeatConfig config) {
        return new Endpoint(config.own(), config.port());
    }

    private void open(Endpoint endpoint) {
        try {
            open.put(endpoint, sockets.open(endpoint.own(), endpoint.port()));
        } catch (IOException e) {
            LOG.warn("no heartbeat from {} port {}: {}; trying again", endpoint.own(), endpoint.port(), e.getMessage());
        }
    }

    private void close(Endpoint endpoint) {
        HeartbeatSocket socket = open.remove(endpoint);
        if (socket != null) {
            socket.close();
        }
    }

    /** Takes what has arrived. */
    public void receive() {
        for (Endpoint endpoint : Set.copyOf(open.keySet())) {
            HeartbeatSocket socket = open.get(endpoint);
            if (socket != null) {
                receive(endpoint, socket);
            }
        }
    }

    private void receive(Endpoint endpoint, HeartbeatSocket socket) {
        try {
            socket.receive(DATAGRAMS_AT_ONCE).forEach(this::receive);
        } catch (IOException e) {
            LOG.warn("cannot receive heartbeats at {}: {}", endpoint.own(), e.getMessage());
            close(endpoint);
        }
    }

    private void receive(byte[] datagram) {
        long now = nanoTime.getAsLong();
        switch (HeartbeatCodec.decode(datagram, name -> keysOf(name, now))) {
            case Reception.Authentic(var heartbeat) ->
                Optional.ofNullable(fleets.get(heartbeat.fleet()))
                        .flatMap(fleet -> fleet.receive(heartbeat, now))
                        .ifPresent(this::count);
            case Reception.Rejected(var reason) -> count(reason);
        }
    }

    private void count(Rejection reason) {
        rejected.merge(reason, 1L, Long::sum);
    }

    private List<byte[]> keysOf(String name, long now) {
        FleetHeartbeat fleet = fleets.get(name);
        return fleet == null ? List.of() : fleet.keys(now);
    }

    /**
     * Sends what is due.
     *
     * @param views the virtual routers of a fleet, by its name
     * @param fenced whether this node's reconcile loop is stuck
     */
    public void tick(Function<String, FleetView> views, boolean fenced) {
        long now = nanoTime.getAsLong();
        if (fleets.isEmpty() || now - nextNanos < 0) {
            return;
        }
        boolean late = now - nextNanos >= INTERVAL.toNanos();
        nextNanos = (late ? now : nextNanos) + INTERVAL.toNanos();
        openSockets();
        fleets.forEach((name, fleet) -> {
            FleetView view = views.apply(name);
            fleet.send(Optional.ofNullable(open.get(endpoint(fleet.config()))), view, fenced, now);
            fleet.review(view, LIFE.toNanos(), now);
        });
    }

    /** How long until {@link #tick} has something to do; {@code atMost} when nothing is due before that. */
    public long nanosToNext(long nowNanos, long atMost) {
        return fleets.isEmpty() ? atMost : Math.clamp(nextNanos - nowNanos, 0, atMost);
    }

    /** Whether another director of the fleet is known to live that takes part in the election of a family. */
    public boolean peerCanServe(String fleet, AddressFamily family) {
        return anyLiving(
                fleet,
                said -> said.router(family)
                        .filter(router -> router.state() != VirtualRouterState.INITIALIZE)
                        .isPresent());
    }

    /** Whether a director of the fleet that lives would be heard of, as far as this one can tell. */
    public boolean listens(String fleet) {
        return Optional.ofNullable(fleets.get(fleet))
                .map(FleetHeartbeat::isSent)
                .orElse(false);
    }

    /** Whether one is known to live that waits as Backup, and whose reconcile loop is not stuck. */
    public boolean healthyPeerWaits(String fleet, AddressFamily family) {
        return anyLiving(
                fleet,
                said -> !said.fenced()
                        && said.router(family)
                                .filter(router -> router.state() == VirtualRouterState.BACKUP)
                                .isPresent());
    }

    private boolean anyLiving(String fleet, Predicate<Heartbeat> which) {
        return Optional.ofNullable(fleets.get(fleet))
                .filter(known -> known.anyLiving(LIFE.toNanos(), nanoTime.getAsLong(), which))
                .isPresent();
    }

    /** What is known of the peers now. */
    public HeartbeatStatus status() {
        long now = nanoTime.getAsLong();
        return new HeartbeatStatus(
                fleets.values().stream()
                        .map(fleet -> fleet.status(LIFE.toNanos(), now))
                        .toList(),
                rejected);
    }

    /** Closes the sockets. */
    public void close() {
        Set.copyOf(open.keySet()).forEach(this::close);
    }
}
