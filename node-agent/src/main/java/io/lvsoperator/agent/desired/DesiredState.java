package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel of this node shall hold.
 *
 * @param services the virtual servers, in the order in which they are to be made
 * @param directs one entry for each fleet that the node directs
 * @param serves one entry for each fleet that the node is a real server of
 * @param settings settings of the kernel as a whole
 * @param rejected slices that cannot be programmed, and why; nothing of them is in the rest
 */
public record DesiredState(
        Map<VirtualServerKey, Service> services,
        List<DirectedFleet> directs,
        List<ServedFleet> serves,
        DesiredSettings settings,
        Map<SliceName, Problem> rejected) {

    public static final DesiredState EMPTY =
            new DesiredState(Map.of(), List.of(), List.of(), DesiredSettings.NONE, Map.of());

    public DesiredState {
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        directs = List.copyOf(directs);
        serves = List.copyOf(serves);
        rejected = Map.copyOf(rejected);
    }

    /**
     * A virtual server with its destinations.
     *
     * @param destinations in canonical order, which the mh scheduler depends on
     * @param vips the VIPs that it is for: its own, or those that packets of its firewall mark go to
     */
    public record Service(
            VirtualServer server,
            Map<DestinationKey, DestinationConfig> destinations,
            Set<IpAddress> vips,
            String fleet,
            SliceName origin) {
        public Service {
            destinations = Collections.unmodifiableMap(new LinkedHashMap<>(destinations));
            vips = Set.copyOf(vips);
        }

        /** True for a service of the mh scheduler. */
        public boolean isHashed() {
            return server.config().scheduler().equals(Scheduler.MH.kernelName());
        }

        /** True when replies of its real servers pass this director. */
        public boolean translatesAddresses() {
            return destinations.values().stream().anyMatch(d -> d.method().equals(ForwardingMethod.MASQUERADE));
        }
    }

    /**
     * A fleet that this node directs.
     *
     * @param vips the VIPs of both families
     * @param untracked whether conntrack shall pass over what goes to real servers by DR alone
     * @param syncId of the connection synchronization; empty where the fleet asks for none
     * @param heartbeat with the other directors; empty where the operator asks for none
     */
    public record DirectedFleet(
            String fleet,
            InterfaceChoice network,
            List<LvsNodeSpec.VirtualRouter> routers,
            Set<IpAddress> vips,
            boolean untracked,
            Optional<Integer> syncId,
            Optional<LvsNodeSpec.Heartbeat> heartbeat) {
        public DirectedFleet {
            routers = List.copyOf(routers);
            vips = Set.copyOf(vips);
        }
    }

    /**
     * A fleet that this node is a real server of.
     *
     * @param vips the VIPs that the node holds silently
     */
    public record ServedFleet(String fleet, InterfaceChoice network, Set<IpAddress> vips) {
        public ServedFleet {
            vips = Set.copyOf(vips);
        }
    }
}
