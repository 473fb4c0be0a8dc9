package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Assignments of one fleet, named {@link #FLEET}, for a node named {@link #NODE}. */
public final class Assignments {
    public static final String FLEET = "edge";
    public static final String NODE = "d1";
    private static final DirectorFleetSpec.Network ETH0 = new DirectorFleetSpec.Network("eth0", null);

    private Assignments() {}

    /** The node directs the fleet. */
    public static Assignment director(VirtualServerSliceSpec... slices) {
        return director(ETH0, slices);
    }

    /** The node directs the fleet, on this network. */
    public static Assignment director(DirectorFleetSpec.Network network, VirtualServerSliceSpec... slices) {
        return director(network, null, slices);
    }

    /** The node directs the fleet, which asks for these settings of the kernel. */
    public static Assignment director(@Nullable KernelSettings settings, VirtualServerSliceSpec... slices) {
        return director(ETH0, settings, slices);
    }

    private static Assignment director(
            DirectorFleetSpec.Network network, @Nullable KernelSettings settings, VirtualServerSliceSpec... slices) {
        LvsNodeSpec.DirectorRole role = new LvsNodeSpec.DirectorRole(
                FLEET,
                network,
                List.of(router(AddressFamily.IPV4, null), router(AddressFamily.IPV6, "fe80::5")),
                settings,
                null,
                null,
                null);
        return new Assignment(3, new LvsNodeSpec(List.of(role), null), Map.of(FLEET, numbered(slices)));
    }

    /** The same, of a fleet that asks for that. */
    public static Assignment with(ConnectionTracking directRouting, Assignment director) {
        LvsNodeSpec.DirectorRole role = director.roles().directorRoles().getFirst();
        LvsNodeSpec.DirectorRole asking = new LvsNodeSpec.DirectorRole(
                role.fleet(),
                role.network(),
                role.virtualRouters(),
                role.kernelSettings(),
                new DirectorFleetSpec.Firewall(directRouting),
                role.connectionSync(),
                role.heartbeat());
        return new Assignment(director.generation(), new LvsNodeSpec(List.of(asking), null), director.fleets());
    }

    /** The same, of a fleet that synchronizes connections with that id. */
    public static Assignment syncing(int syncId, Assignment director) {
        LvsNodeSpec.DirectorRole role = director.roles().directorRoles().getFirst();
        LvsNodeSpec.DirectorRole asking = new LvsNodeSpec.DirectorRole(
                role.fleet(),
                role.network(),
                role.virtualRouters(),
                role.kernelSettings(),
                role.firewall(),
                new LvsNodeSpec.ConnectionSync(syncId),
                role.heartbeat());
        return new Assignment(director.generation(), new LvsNodeSpec(List.of(asking), null), director.fleets());
    }

    /** The node is a real server of the fleet. */
    public static Assignment realServer(VirtualServerSliceSpec... slices) {
        return new Assignment(
                3,
                new LvsNodeSpec(null, List.of(new LvsNodeSpec.RealServerRole(FLEET, ETH0))),
                Map.of(FLEET, numbered(slices)));
    }

    /** The node has no role any more. */
    public static Assignment none() {
        return new Assignment(4, new LvsNodeSpec(null, null), Map.of());
    }

    private static LvsNodeSpec.VirtualRouter router(AddressFamily family, @Nullable String linkLocal) {
        return new LvsNodeSpec.VirtualRouter(
                family,
                51,
                254,
                1000,
                PreemptionMode.PREEMPT,
                ChecksumForm.RFC9568,
                linkLocal,
                List.of("d2"),
                3,
                0,
                null,
                null,
                null,
                null);
    }

    private static Assignment.FleetSlices numbered(VirtualServerSliceSpec... slices) {
        List<Assignment.Slice> named = new ArrayList<>();
        for (VirtualServerSliceSpec slice : slices) {
            named.add(new Assignment.Slice(new SliceName("shop", "s" + named.size()), slice));
        }
        return new Assignment.FleetSlices("100", named);
    }

    /** A DR service on port 80 of a Serving VIP, scheduled by rr. */
    public static VirtualServerSliceSpec dr(String vip, VirtualServerSliceSpec.SliceRealServer... realServers) {
        return slice(ForwardingMethod.DR, SchedulerName.RR, Phase.SERVING, vip, 80, realServers);
    }

    /** A service on one port, all of whose real servers are reached by one method. */
    public static VirtualServerSliceSpec slice(
            ForwardingMethod method,
            SchedulerName scheduler,
            Phase vipPhase,
            String vip,
            int targetPort,
            VirtualServerSliceSpec.SliceRealServer... realServers) {
        return new VirtualServerSliceSpec(
                FLEET,
                1L,
                List.of(new VirtualServerSliceSpec.SliceAddress(vip, vipPhase)),
                List.of(new VirtualServerSliceSpec.SlicePort(Protocol.TCP, 80, targetPort)),
                null,
                scheduler,
                List.of(),
                false,
                null,
                Stream.of(realServers)
                        .map(r -> new VirtualServerSliceSpec.SliceRealServer(
                                r.address(), r.node(), r.weight(), r.connectionLimits(), method, r.phase()))
                        .toList(),
                null);
    }

    /** A service of a firewall mark, scheduled by rr. */
    public static VirtualServerSliceSpec marked(
            long mark, List<String> vips, VirtualServerSliceSpec.SliceRealServer... realServers) {
        return new VirtualServerSliceSpec(
                FLEET,
                1L,
                vips.stream()
                        .map(vip -> new VirtualServerSliceSpec.SliceAddress(vip, Phase.SERVING))
                        .toList(),
                List.of(),
                mark,
                SchedulerName.RR,
                List.of(),
                false,
                null,
                List.of(realServers),
                null);
    }

    /** A Serving real server outside the cluster, by DR. */
    public static VirtualServerSliceSpec.SliceRealServer at(String address, int weight) {
        return new VirtualServerSliceSpec.SliceRealServer(
                address, null, weight, null, ForwardingMethod.DR, Phase.SERVING);
    }

    /** A Serving real server outside the cluster, by NAT. */
    public static VirtualServerSliceSpec.SliceRealServer behind(String address, int weight) {
        return new VirtualServerSliceSpec.SliceRealServer(
                address, null, weight, null, ForwardingMethod.NAT, Phase.SERVING);
    }

    /** A real server on a node, by DR. */
    public static VirtualServerSliceSpec.SliceRealServer on(String node, String address, Phase phase) {
        return new VirtualServerSliceSpec.SliceRealServer(address, node, 1, null, ForwardingMethod.DR, phase);
    }
}
