package io.lvsoperator.e2e.bench;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table that everybody loads: TCP services on port 80, each with the same real servers by DR and weight 1, in the words of each
 * tool. {@code e2e/bench/floor.c} makes the same.
 */
record BenchTable(int services, int realServers) {
    private static final String FLEET = "edge";

    private static String vip(int service) {
        int number = service + 1;
        return "10." + (number >>> 16) + "." + (number >>> 8 & 0xff) + "." + (number & 0xff);
    }

    private static String realServer(int number) {
        int host = number + 1;
        return "172.16." + (host >>> 8) + "." + (host & 0xff);
    }

    /** As the agent has it, with another weight for the last real server of the last service. */
    DesiredState desired(int lastWeight) {
        Map<VirtualServerKey, DesiredState.Service> desired = new LinkedHashMap<>();
        VirtualServerConfig config = VirtualServerConfig.of(Scheduler.WRR, AddressFamily.IPV4);
        for (int service = 0; service < services; service++) {
            VirtualServerKey key = new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse(vip(service)), 80);
            Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
            for (int number = 0; number < realServers; number++) {
                boolean last = service == services - 1 && number == realServers - 1;
                destinations.put(
                        new DestinationKey(IpAddress.parse(realServer(number)), 80),
                        DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, last ? lastWeight : 1));
            }
            desired.put(
                    key,
                    new DesiredState.Service(
                            new VirtualServer(key, config),
                            destinations,
                            Set.of(),
                            FLEET,
                            new SliceName("bench", "s" + service)));
        }
        return new DesiredState(desired, List.of(), List.of(), DesiredSettings.NONE, Map.of());
    }

    /** As the cluster says it to the agent: a slice for each service. The fleet is directed on {@code lo}, which is everywhere. */
    Assignment assignment() {
        List<Assignment.Slice> slices = new ArrayList<>();
        for (int service = 0; service < services; service++) {
            slices.add(new Assignment.Slice(new SliceName("bench", "s" + service), slice(service, 1)));
        }
        return assigned(slices);
    }

    /** The same, with another weight for the last real server of the last service. */
    Assignment edited(Assignment before, int lastWeight) {
        SliceName last = new SliceName("bench", "s" + (services - 1));
        return assigned(before.slicesOf(FLEET).stream()
                .map(slice ->
                        slice.name().equals(last) ? new Assignment.Slice(last, slice(services - 1, lastWeight)) : slice)
                .toList());
    }

    private static Assignment assigned(List<Assignment.Slice> slices) {
        LvsNodeSpec.DirectorRole director = new LvsNodeSpec.DirectorRole(
                FLEET, new DirectorFleetSpec.Network("lo", null), List.of(), null, null, null, null);
        return new Assignment(
                1, new LvsNodeSpec(List.of(director), null), Map.of(FLEET, new Assignment.FleetSlices("1", slices)));
    }

    private VirtualServerSliceSpec slice(int service, int lastWeight) {
        List<VirtualServerSliceSpec.SliceRealServer> all = new ArrayList<>();
        for (int number = 0; number < realServers; number++) {
            all.add(new VirtualServerSliceSpec.SliceRealServer(
                    realServer(number),
                    null,
                    number == realServers - 1 ? lastWeight : 1,
                    null,
                    io.lvsoperator.api.v1alpha1.ForwardingMethod.DR,
                    Phase.SERVING));
        }
        return new VirtualServerSliceSpec(
                FLEET,
                1L,
                List.of(new VirtualServerSliceSpec.SliceAddress(vip(service), Phase.SERVING)),
                List.of(new VirtualServerSliceSpec.SlicePort(io.lvsoperator.api.v1alpha1.Protocol.TCP, 80, 80)),
                null,
                SchedulerName.WRR,
                List.of(),
                false,
                null,
                all,
                null);
    }

    /** As {@code ipvsadm -R} reads it. */
    String forIpvsadm() {
        StringBuilder commands = new StringBuilder();
        for (int service = 0; service < services; service++) {
            String vip = vip(service) + ":80";
            commands.append("-A -t ").append(vip).append(" -s wrr\n");
            for (int number = 0; number < realServers; number++) {
                commands.append("-a -t ")
                        .append(vip)
                        .append(" -r ")
                        .append(realServer(number))
                        .append(":80 -g -w 1\n");
            }
        }
        return commands.toString();
    }

    /** As keepalived reads it: without checks, so that nothing but loading is measured. */
    String forKeepalived(int lastWeight) {
        StringBuilder file = new StringBuilder("global_defs {\n    router_id bench\n}\n");
        for (int service = 0; service < services; service++) {
            file.append("virtual_server ")
                    .append(vip(service))
                    .append(" 80 {\n    lb_algo wrr\n    lb_kind DR\n    protocol TCP\n");
            for (int number = 0; number < realServers; number++) {
                boolean last = service == services - 1 && number == realServers - 1;
                file.append("    real_server ")
                        .append(realServer(number))
                        .append(" 80 {\n        weight ")
                        .append(last ? lastWeight : 1)
                        .append("\n    }\n");
            }
            file.append("}\n");
        }
        return file.toString();
    }
}
