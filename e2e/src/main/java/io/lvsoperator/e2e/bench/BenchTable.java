package io.lvsoperator.e2e.bench;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table that everybody loads: TCP services on port 80, each with the same real servers by DR and weight 1, in the words of each
 * tool. {@code e2e/bench/floor.c} makes the same.
 */
record BenchTable(int services, int realServers) {

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
                            "edge",
                            new SliceName("bench", "s" + service)));
        }
        return new DesiredState(desired, List.of(), List.of(), DesiredSettings.NONE, Map.of());
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
