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
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turns an {@link Assignment} into a {@link DesiredState}.
 *
 * <p>A director takes the Serving addresses and real servers of its fleets' slices; a real server holds every address that a
 * slice lists, in any phase, as long as the slice lists the node itself.
 */
public final class DesiredStateCompiler {
    /** A destination port that leaves the packet's as it is. */
    private static final int PORT_OF_THE_PACKET = 0;

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
        DesiredSettings settings = DesiredSettings.of(assignment.roles().directorRoles(), nodeName);
        return new DesiredState(services, directs, serves, settings, rejected);
    }

    private DesiredState.DirectedFleet directed(LvsNodeSpec.DirectorRole role) {
        Set<IpAddress> vips = new LinkedHashSet<>();
        for (Assignment.Slice slice : slicesOf(role.fleet())) {
            if (addServices(role.fleet(), slice)) {
                vips.addAll(servingVips(slice.spec()));
            }
        }
        return new DesiredState.DirectedFleet(
                role.fleet(), InterfaceChoice.of(role.network()), role.virtualRouters(), vips, isUntracked(role));
    }

    /** An operator of an older version does not ask. */
    private static boolean isUntracked(LvsNodeSpec.DirectorRole role) {
        return role.firewall() != null && role.firewall().directRouting() == ConnectionTracking.UNTRACKED;
    }

    private List<Assignment.Slice> slicesOf(String fleet) {
        Assignment.FleetSlices slices = assignment.fleets().get(fleet);
        return slices == null ? List.of() : slices.slices();
    }

    /** False when the slice is rejected as a whole. */
    private boolean addServices(String fleet, Assignment.Slice slice) {
        List<DesiredState.Service> compiled = new ArrayList<>();
        List<IpAddress> vips = servingVips(slice.spec());
        for (IpAddress vip : vips) {
            for (VirtualServerSliceSpec.SlicePort port : slice.spec().ports()) {
                var key = new VirtualServerKey.AddressAndPort(protocol(port), vip, port.port());
                compiled.add(service(fleet, slice, key, Set.of(vip), port.targetPort()));
            }
        }
        if (slice.spec().firewallMark() != null) {
            int mark = slice.spec().firewallMark().intValue();
            for (AddressFamily family : AddressFamily.values()) {
                Set<IpAddress> ofFamily =
                        vips.stream().filter(vip -> vip.family() == family).collect(Collectors.toSet());
                if (!ofFamily.isEmpty()) {
                    var key = new VirtualServerKey.FirewallMark(family, mark);
                    compiled.add(service(fleet, slice, key, ofFamily, PORT_OF_THE_PACKET));
                }
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
            String fleet, Assignment.Slice slice, VirtualServerKey key, Set<IpAddress> vips, int targetPort) {
        VirtualServerSliceSpec spec = slice.spec();
        return new DesiredState.Service(
                new VirtualServer(key, config(spec, key.family())),
                destinations(spec, key.family(), targetPort),
                vips,
                fleet,
                slice.name());
    }

    private static VirtualServerConfig config(VirtualServerSliceSpec spec, AddressFamily family) {
        Scheduler scheduler = Scheduler.of(spec.scheduler().kernelName()).orElseThrow();
        List<SchedulerFlag> flags =
                spec.schedulerFlags().stream().map(DesiredStateCompiler::flag).toList();
        VirtualServerConfig config = VirtualServerConfig.of(scheduler, family).withSchedulerFlags(flags);
        if (spec.onePacket()) {
            config = config.withOnePacket();
        }
        return spec.persistence() == null ? config : persistent(config, spec.persistence(), family);
    }

    private static VirtualServerConfig persistent(
            VirtualServerConfig config, VirtualServiceSpec.Persistence persistence, AddressFamily family) {
        int prefixLength = switch (family) {
            case IPV4 -> persistence.ipv4PrefixLength();
            case IPV6 -> persistence.ipv6PrefixLength();
        };
        VirtualServerConfig byAddress =
                config.withPersistence(persistence.timeoutSeconds(), PersistenceNetmask.ofPrefix(family, prefixLength));
        return switch (persistence.engine()) {
            case NONE -> byAddress;
            case SIP -> byAddress.withPersistenceEngine("sip");
        };
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
            case UDP -> Protocol.UDP;
            case SCTP -> Protocol.SCTP;
        };
    }

    /** The Serving real servers of the family, ordered by address: the canonical order. */
    private static Map<DestinationKey, DestinationConfig> destinations(
            VirtualServerSliceSpec spec, AddressFamily family, int port) {
        Map<IpAddress, DestinationConfig> configs = new TreeMap<>();
        for (VirtualServerSliceSpec.SliceRealServer realServer : spec.realServers()) {
            IpAddress address = IpAddress.parse(realServer.address());
            if (realServer.phase() == Phase.SERVING && address.family() == family) {
                configs.put(address, config(realServer));
            }
        }
        Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
        configs.forEach((address, config) -> destinations.put(new DestinationKey(address, port), config));
        return destinations;
    }

    private static DestinationConfig config(VirtualServerSliceSpec.SliceRealServer realServer) {
        ForwardingMethod method = switch (realServer.forwarding()) {
            case NAT -> ForwardingMethod.MASQUERADE;
            case DR -> ForwardingMethod.DIRECT_ROUTE;
        };
        DestinationConfig config = DestinationConfig.of(method, realServer.weight());
        VirtualServiceSpec.ConnectionLimits limits = realServer.connectionLimits();
        return limits == null
                ? config
                : config.withThresholds(limits.upper(), limits.lower() == null ? 0 : limits.lower());
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
        return spec.realServers().stream()
                .anyMatch(realServer -> realServer.mustHoldVips()
                        && nodeName.equals(realServer.node())
                        && IpAddress.parse(realServer.address()).family() == family);
    }
}
