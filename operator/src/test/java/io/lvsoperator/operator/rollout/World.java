package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Network;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.DirectorRole;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.RealServerRole;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FailedSlice;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.rollout.SliceProgress.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fleet in memory: nodes that read versions of one slice late, apply them later, fail, fall silent and come back. */
final class World {
    static final String FLEET = "edge";
    static final ServiceKey SLICE = new ServiceKey("shop", "web");
    static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Map<String, Node> nodes = new LinkedHashMap<>();
    private Instant now = START;
    private Instant sliceSince = START;
    private long version = 100;
    private @Nullable VirtualServerSliceSpec slice;

    /** What one node knows and does. */
    static final class Node {
        final String name;
        final boolean director;

        @Nullable
        VirtualServerSliceSpec read;

        long readVersion;

        @Nullable
        VirtualServerSliceSpec kernel;

        long figure;
        boolean failing;

        @Nullable
        Instant silentSince;

        Node(String name, boolean director) {
            this.name = name;
            this.director = director;
        }
    }

    static World of(int directors, int realServers) {
        World world = new World();
        for (int i = 1; i <= directors; i++) {
            world.nodes.put("d" + i, new Node("d" + i, true));
        }
        for (int i = 1; i <= realServers; i++) {
            world.nodes.put("r" + i, new Node("r" + i, false));
        }
        return world;
    }

    @Nullable
    VirtualServerSliceSpec slice() {
        return slice;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** What the operator does when it looks: at most one step. */
    Step look(Target target) {
        Step step = SliceRollout.next(slice, target, progress().progress());
        switch (step) {
            case Step.Write write -> {
                version++;
                slice = write.slice();
                sliceSince = now;
            }
            case Step.Delete delete -> {
                version++;
                slice = null;
            }
            case Step.Stay stay -> {}
            case Step.Gone gone -> {}
        }
        return step;
    }

    SliceProgress progress() {
        return SliceProgress.of(
                nodes.values().stream().map(this::view).toList(),
                FLEET,
                SLICE,
                Long.toString(version),
                new Patience(now, TIMEOUT, sliceSince));
    }

    private AgentView view(Node node) {
        Network network = new Network("eth0", null);
        LvsNodeSpec roles = node.director
                ? new LvsNodeSpec(
                        List.of(new DirectorRole(FLEET, network, List.of(), null, null, null, null)), List.of())
                : new LvsNodeSpec(List.of(), List.of(new RealServerRole(FLEET, network)));
        List<FailedSlice> failed = node.failing
                ? List.of(new FailedSlice(SLICE.namespace(), SLICE.name(), "KernelError", "no memory"))
                : List.of();
        LvsNodeStatus status = new LvsNodeStatus(
                1L,
                "test",
                null,
                List.of(new FleetProgress(FLEET, Long.toString(node.figure), null, null, failed.size(), failed)),
                null,
                null,
                null,
                null,
                null,
                null);
        return new AgentView(node.name, 1, roles, status, node.silentSince);
    }

    // -- what nodes do

    void read(String name) {
        Node node = node(name);
        node.read = slice;
        node.readVersion = version;
    }

    /** Applies what was read last, which may be old by now. */
    void apply(String name) {
        Node node = node(name);
        if (node.silentSince == null && !node.failing) {
            node.kernel = node.read;
            node.figure = node.readVersion;
        }
    }

    void fallSilent(String name) {
        Node node = node(name);
        if (node.silentSince == null) {
            node.silentSince = now;
        }
    }

    void comeBack(String name) {
        node(name).silentSince = null;
    }

    Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(name);
        }
        return node;
    }

    // -- what must never be

    /** A director sends to a node for a VIP that the node does not hold. Directors that were given up do not count. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        for (Node director : nodes.values()) {
            boolean givenUp = director.silentSince != null
                    && !director.silentSince.plus(TIMEOUT).isAfter(now);
            if (director.director && !givenUp) {
                uses(director.kernel)
                        .filter(use -> !holds(node(use.node()), use.vip()))
                        .forEach(use -> violations.add(director.name + " uses " + use + " which is not held"));
            }
        }
        return violations;
    }

    /** A director's use of a node for a VIP. */
    record Use(String vip, String node) {}

    static Stream<Use> uses(@Nullable VirtualServerSliceSpec slice) {
        if (slice == null) {
            return Stream.empty();
        }
        return slice.addresses().stream()
                .filter(a -> a.phase() == Phase.SERVING)
                .flatMap(a -> slice.realServers().stream()
                        .filter(r -> r.phase() == Phase.SERVING && r.mustHoldVips() && sameFamily(a, r))
                        .flatMap(r -> Stream.ofNullable(r.node()).map(node -> new Use(a.value(), node))));
    }

    static boolean holds(Node node, String vip) {
        VirtualServerSliceSpec kernel = node.kernel;
        return kernel != null
                && kernel.addresses().stream()
                        .filter(a -> a.value().equals(vip))
                        .anyMatch(a -> kernel.realServers().stream()
                                .anyMatch(r -> node.name.equals(r.node()) && r.mustHoldVips() && sameFamily(a, r)));
    }

    private static boolean sameFamily(SliceAddress address, SliceRealServer realServer) {
        return address.value().contains(":") == realServer.address().contains(":");
    }

    // -- targets

    static Target.Serve serve(List<String> vips, List<Target.RealServer> realServers) {
        return new Target.Serve(
                FLEET,
                1,
                vips,
                List.of(new SlicePort(Protocol.TCP, 80, 80)),
                null,
                SchedulerName.WLC,
                List.of(),
                false,
                null,
                realServers,
                null);
    }

    static Target.RealServer onNode(int number) {
        return dr("10.0.0." + number, "r" + number, 1);
    }

    static Target.RealServer onNode6(int number) {
        return dr("2001:db8::" + number, "r" + number, 1);
    }

    static Target.RealServer dr(String address, @Nullable String node, int weight) {
        return new Target.RealServer(address, node, weight, null, ForwardingMethod.DR);
    }

    /** The same behind address translation. */
    static Target.RealServer nat(Target.RealServer realServer) {
        return new Target.RealServer(
                realServer.address(), realServer.node(), realServer.weight(), null, ForwardingMethod.NAT);
    }
}
