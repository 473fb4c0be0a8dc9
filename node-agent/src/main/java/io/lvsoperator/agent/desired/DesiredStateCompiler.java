package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.PersistenceNetmask;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SchedulerFlag;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns an {@link Assignment} into a {@link DesiredState}.
 *
 * <p>A director takes the Serving addresses and real servers of its fleets' slices; a real server holds every address that a
 * slice lists, in any phase, as long as the slice lists the node itself.
 */
public final class DesiredStateCompiler {
    private final Assignment assignment;
    private final String nodeName;
    private final Map<VirtualServerKey, DesiredState.Service> services = new LinkedHashMap<>();
    private final Map<SliceName, Problem> rejected = new TreeMap<>();

    private DesiredStateCompiler(Assignment assignment, String nodeName) {
        this.assignment = assignment;
        this.nodeName = nodeName;
    }

    /** Compiles for the node of this name. */
    public static DesiredState compile(Assignment assignment, String nodeName) {
        return new DesiredStateCompiler(assignment, nodeName).compile();
    }

    private DesiredState compile() {
        List<DesiredState.DirectedFleet> directs = new ArrayList<>();
        for (LvsNodeSpec.DirectorRole role : assignment.roles().directorRoles()) {
            directs.add(directed(role));
        }
        List<DesiredState.ServedFleet> serves = new ArrayList<>();
        for (LvsNodeSpec.RealServerRole role : assignment.roles().realServerRoles()) {
            serves.add(new DesiredState.ServedFleet(
                    role.fleet(), InterfaceChoice.of(role.network()), heldVips(role.fleet())));
        }
        return new DesiredState(services, directs, serves, rejected);
    }

    private DesiredState.DirectedFleet directed(LvsNodeSpec.DirectorRole role) {
        Set<IpAddress> vips = new LinkedHashSet<>();
        for (Assignment.Slice slice : slicesOf(role.fleet())) {
            if (addServices(role.fleet(), slice)) {
                vips.addAll(servingVips(slice.spec()));
            }
        }
        return new DesiredState.DirectedFleet(
                role.fleet(), InterfaceChoice.of(role.network()), role.virtualRouters(), vips);
    }

    private List<Assignment.Slice> slicesOf(String fleet) {
        Assignment.FleetSlices slices = assignment.fleets().get(fleet);
        return slices == null ? List.of() : slices.slices();
    }

    /** False when the slice is rejected as a whole. */
    private boolean addServices(String fleet, Assignment.Slice slice) {
        List<DesiredState.Service> compiled = new ArrayList<>();
        for (IpAddress vip : servingVips(slice.spec())) {
            for (VirtualServerSliceSpec.SlicePort port : slice.spec().ports()) {
                compiled.add(service(fleet, slice, vip, port));
            }
        }
        for (DesiredState.Service service : compiled) {
            DesiredState.Service holder = services.get(service.server().key());
            if (holder != null) {
                rejected.put(
                        slice.name(),
                        new Problem(
                                Problem.Reason.ADDRESS_CONFLICT,
                                "%s is already served for %s"
                                        .formatted(service.server().key(), holder.origin())));
                return false;
            }
        }
        compiled.forEach(service -> services.put(service.server().key(), service));
        return true;
    }

    private static DesiredState.Service service(
            String fleet, Assignment.Slice slice, IpAddress vip, VirtualServerSliceSpec.SlicePort port) {
        VirtualServerSliceSpec spec = slice.spec();
        var key = new VirtualServerKey.AddressAndPort(protocol(port), vip, port.port());
        return new DesiredState.Service(
                new VirtualServer(key, config(spec, vip.family())),
                destinations(spec, vip.family(), port.targetPort()),
                fleet,
                slice.name());
    }

    private static VirtualServerConfig config(VirtualServerSliceSpec spec, AddressFamily family) {
        Scheduler scheduler = Scheduler.of(spec.scheduler().kernelName()).orElseThrow();
        List<SchedulerFlag> flags =
                spec.schedulerFlags().stream().map(DesiredStateCompiler::flag).toList();
        VirtualServerConfig config = VirtualServerConfig.of(scheduler, family).withSchedulerFlags(flags);
        return spec.persistenceTimeoutSeconds() == null
                ? config
                : config.withPersistence(spec.persistenceTimeoutSeconds(), PersistenceNetmask.whole(family));
    }

    private static SchedulerFlag flag(io.lvsoperator.api.v1alpha1.SchedulerFlag flag) {
        return switch (flag) {
            case SH_FALLBACK -> SchedulerFlag.SH_FALLBACK;
            case SH_PORT -> SchedulerFlag.SH_PORT;
            case MH_FALLBACK -> SchedulerFlag.MH_FALLBACK;
            case MH_PORT -> SchedulerFlag.MH_PORT;
        };
    }

    private static Protocol protocol(VirtualServerSliceSpec.SlicePort port) {
        return switch (port.protocol()) {
            case TCP -> Protocol.TCP;
        };
    }

    /** The Serving real servers of the family, ordered by address: the canonical order. */
    private static Map<DestinationKey, DestinationConfig> destinations(
            VirtualServerSliceSpec spec, AddressFamily family, int port) {
        ForwardingMethod method = switch (spec.forwarding()) {
            case NAT -> ForwardingMethod.MASQUERADE;
            case DR -> ForwardingMethod.DIRECT_ROUTE;
        };
        Map<IpAddress, Integer> weights = new TreeMap<>();
        for (VirtualServerSliceSpec.SliceRealServer realServer : spec.realServers()) {
            IpAddress address = IpAddress.parse(realServer.address());
            if (realServer.phase() == Phase.SERVING && address.family() == family) {
                weights.put(address, realServer.weight());
            }
        }
        Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
        weights.forEach((address, weight) ->
                destinations.put(new DestinationKey(address, port), DestinationConfig.of(method, weight)));
        return destinations;
    }

    private static List<IpAddress> servingVips(VirtualServerSliceSpec spec) {
        return spec.addresses().stream()
                .filter(address -> address.phase() == Phase.SERVING)
                .map(address -> IpAddress.parse(address.value()))
                .sorted()
                .toList();
    }

    private Set<IpAddress> heldVips(String fleet) {
        Set<IpAddress> held = new LinkedHashSet<>();
        for (Assignment.Slice slice : slicesOf(fleet)) {
            for (AddressFamily family : AddressFamily.values()) {
                if (isRealServer(slice.spec(), family)) {
                    slice.spec().addresses().stream()
                            .map(address -> IpAddress.parse(address.value()))
                            .filter(vip -> vip.family() == family)
                            .forEach(held::add);
                }
            }
        }
        return held;
    }

    private boolean isRealServer(VirtualServerSliceSpec spec, AddressFamily family) {
        return switch (spec.forwarding()) {
            case NAT -> false;
            case DR ->
                spec.realServers().stream()
                        .anyMatch(realServer -> nodeName.equals(realServer.node())
                                && IpAddress.parse(realServer.address()).family() == family);
        };
    }
}
