package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.HeartbeatConfig;
import io.lvsoperator.agent.heartbeat.Heartbeats;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several directors on one segment, in simulated time: each wakes a little late, and packets take a little time. Packets may be lost,
 * late, and so out of order; agents may be killed, and leave to their kernels what they held.
 */
final class SimulatedSegment {

    static final String VIP = "192.0.2.100";

    private static final long LATENCY = Duration.ofNanos(200_000).toNanos();
    private static final int MAX_LATENESS = (int) Duration.ofMillis(2).toNanos();
    private static final RouterKey KEY = new RouterKey("edge", "eth0", AddressFamily.IPV4, 51);

    private static final byte[] HEARTBEAT_KEY = new byte[32];

    private record Packet(long at, Node to, Runnable arrive) {}

    private final Random random;
    private final int intervalMillis;
    private final List<Node> nodes;
    private final PriorityQueue<Packet> wire = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    private boolean heartbeats;
    private double loss;
    private int jitterNanos = 1;
    private long now;
    private long severalSince = -1;
    private long longestSeveral;
    private long noneSince = -1;
    private long longestNone;

    SimulatedSegment(Random random, int directors, int intervalMillis) {
        this.random = random;
        this.intervalMillis = intervalMillis;
        this.nodes = IntStream.range(0, directors).mapToObj(Node::new).toList();
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Lets agents that start from now on exchange heartbeats. */
    SimulatedSegment withHeartbeats() {
        heartbeats = true;
        return this;
    }

    /** From now on, of all packets so many are lost, and each of the others comes late by up to so much. */
    void disturb(double lost, Duration late) {
        loss = lost;
        jitterNanos = (int) Math.max(1, late.toNanos());
    }

    private void carry(Node to, Runnable arrive) {
        if (random.nextDouble() >= loss) {
            wire.add(new Packet(now + LATENCY + random.nextInt(jitterNanos), to, arrive));
        }
    }

    private Optional<Node> at(IpAddress address) {
        return nodes.stream().filter(node -> node.address().equals(address)).findFirst();
    }

    /** One director, the more preferred the smaller its number. */
    final class Node {

        private final int number;
        private final FakeHost host;
        private FakeUdp udp = new FakeUdp((to, datagram) -> {});
        private @Nullable VrrpDriver driver;
        private List<String> vips = List.of(VIP);
        private long wakeAt;
        private long frozenUntil;
        private long deafUntil;

        Node(int number) {
            this.number = number;
            this.host = FakeHost.at("192.0.2." + (11 + number));
            host.connect(this::send);
            host.runBy(() -> now);
        }

        private void send(FakeHost sender, ReceivedMessage message) {
            nodes.stream()
                    .filter(node -> node.host != sender && now >= node.deafUntil)
                    .forEach(node -> carry(node, () -> node.host.arrive(message)));
        }

        private void sendHeartbeat(IpAddress to, byte[] datagram) {
            at(to).filter(node -> now >= node.deafUntil)
                    .ifPresent(node -> carry(node, () -> node.udp.arrive(datagram)));
        }

        IpAddress address() {
            return IpAddress.parse("192.0.2." + (11 + number));
        }

        void start() {
            udp = new FakeUdp(this::sendHeartbeat);
            Heartbeats beats =
                    heartbeats ? new Heartbeats(udp, () -> now, random.nextLong()) : Heartbeats.none(() -> now);
            beats.learn(Map.of(KEY.fleet(), HEARTBEAT_KEY));
            VrrpDriver started = new VrrpDriver(
                    host,
                    host,
                    beats,
                    () -> now,
                    () -> now,
                    () -> Instant.EPOCH.plusNanos(now),
                    (router, transition) -> {});
            driver = started;
            started.configure(config());
            wakeAt = now;
        }

        void stop() {
            if (driver != null) {
                driver.shutdown(Ending.AGENT_STOPS);
                driver = null;
            }
        }

        /** SIGKILL: its kernel keeps what it held, for as long as it was told to. */
        void kill() {
            driver = null;
            host.closeSockets();
        }

        /** Whether what it holds has an end, or it holds nothing. */
        boolean letsGoByItself() {
            return !owns() || host.secondsLeft(VIP) != InterfaceAddress.FOREVER;
        }

        boolean isRunning() {
            return driver != null;
        }

        void pullCable() {
            host.setCarrier(false);
            notice();
        }

        void plugCable() {
            host.setCarrier(true);
            notice();
        }

        private void notice() {
            if (driver != null) {
                driver.networkChanged(new io.lvsoperator.agent.link.LinkEvent.Resync("cable"));
                wakeAt = now;
            }
        }

        /** Does nothing for a while, then goes on where it was. */
        void freeze(Duration time) {
            frozenUntil = now + time.toNanos();
        }

        /** Hears nothing for a while. */
        void deafen(Duration time) {
            deafUntil = now + time.toNanos();
        }

        void serve(List<String> changed) {
            vips = changed;
            if (driver != null && now >= frozenUntil) {
                driver.configure(config());
                wakeAt = now;
            }
        }

        private VrrpConfig config() {
            return new VrrpConfig(List.of(router()), heartbeats ? List.of(heartbeat()) : List.of());
        }

        private HeartbeatConfig heartbeat() {
            return new HeartbeatConfig(
                    KEY.fleet(),
                    toString(),
                    address(),
                    9471,
                    nodes.stream()
                            .filter(node -> node != this)
                            .collect(Collectors.toMap(Node::toString, Node::address)));
        }

        private RouterConfig router() {
            return new RouterConfig(
                    KEY,
                    Version.VERSION_3,
                    254 - number,
                    intervalMillis,
                    Preemption.AT_ONCE,
                    ChecksumForm.RFC9568,
                    Optional.empty(),
                    vips.stream().map(IpAddress::parse).toList(),
                    Set.of("peer"));
        }

        private void wake() {
            if (driver == null || now < frozenUntil) {
                return;
            }
            driver.receive();
            driver.tick();
            wakeAt = now + driver.nanosToNextTick() + random.nextInt(MAX_LATENESS);
        }

        private long nextWake() {
            return driver == null ? Long.MAX_VALUE : Math.max(wakeAt, frozenUntil);
        }

        boolean owns() {
            return host.holds(VIP);
        }

        /** Its VIPs. */
        List<String> held() {
            return host.held().stream()
                    .map(IpAddress::toString)
                    .filter(address -> !address.equals("192.0.2." + (11 + number)))
                    .sorted()
                    .toList();
        }

        /** Adverts that it has sent since it started. */
        long sent() {
            return driver == null ? 0 : driver.status().routers().getFirst().sent();
        }

        /** How long its VIP has to go, as its kernel tells. */
        long secondsLeft() {
            return host.secondsLeft(VIP);
        }

        /** Is deaf no more. */
        void listen() {
            deafUntil = now;
        }

        long transitions() {
            return driver == null ? 0 : driver.status().routers().getFirst().transitions();
        }

        VirtualRouterState state() {
            return driver == null
                    ? VirtualRouterState.INITIALIZE
                    : driver.status().routers().getFirst().state();
        }

        @Override
        public String toString() {
            return "d" + number;
        }
    }

    /** Lets time pass. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            long next = nodes.stream().mapToLong(Node::nextWake).min().orElse(end);
            if (!wire.isEmpty()) {
                next = Math.min(next, wire.peek().at);
            }
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            deliver();
            nodes.stream().filter(node -> node.nextWake() <= now).forEach(Node::wake);
            watch();
        }
    }

    private void deliver() {
        while (!wire.isEmpty() && wire.peek().at <= now) {
            Packet packet = wire.remove();
            packet.arrive.run();
            packet.to.wakeAt = Math.min(packet.to.wakeAt, now + random.nextInt(MAX_LATENESS));
        }
    }

    private void watch() {
        int owning = owners().size();
        severalSince = owning > 1 ? (severalSince < 0 ? now : severalSince) : -1;
        noneSince = owning == 0 ? (noneSince < 0 ? now : noneSince) : -1;
        longestSeveral = Math.max(longestSeveral, severalSince < 0 ? 0 : now - severalSince);
        longestNone = Math.max(longestNone, noneSince < 0 ? 0 : now - noneSince);
    }

    List<Node> owners() {
        return nodes.stream().filter(Node::owns).toList();
    }

    /** Forgets what was watched so far. */
    void watchFromNow() {
        longestSeveral = 0;
        longestNone = 0;
    }

    /** The longest time with several owners. */
    Duration longestSeveral() {
        return Duration.ofNanos(longestSeveral);
    }

    /** The longest time without an owner. */
    Duration longestNone() {
        return Duration.ofNanos(longestNone);
    }
}
