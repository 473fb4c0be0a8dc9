package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.e2e.lab.NamespaceThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two directors, each a network namespace with a past of its own, and 10,000 clients: which real server answers each of them is read
 * from the kernel's connection table after one UDP packet from each.
 */
@Tag("kernel")
class HashIT {
    private static final int CLIENTS = 10_000;
    private static final VirtualServerKey VIP =
            new VirtualServerKey.AddressAndPort(Protocol.UDP, IpAddress.parse("192.0.2.100"), 53);
    private static final VirtualServerConfig MH = VirtualServerConfig.of(Scheduler.MH, AddressFamily.IPV4);
    private static final VirtualServerConfig RR = VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4);

    /** A packet of each client: an IPv4 header (the kernel fills in its checksum), and a UDP header without one. */
    private static final String SEND = """
            import socket, struct
            vip = socket.inet_aton('192.0.2.100')
            sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            for client in range(%d):
                source = struct.pack('!I', 0xc6120000 + client)
                ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 28, 0, 0, 64, 17, 0, source, vip)
                sender.sendto(ip + struct.pack('!HHHH', 4000, 53, 8, 0), ('192.0.2.100', 0))
            """.formatted(CLIENTS);

    /** Something that happened to a director. */
    @FunctionalInterface
    private interface Past {
        void on(Ipvs ipvs) throws Exception;
    }

    @Test
    void tenThousandClientsGetTheSameRealServerFromDirectorsWithDifferentPasts() throws Exception {
        Map<Integer, Integer> wanted = Map.of(1, 1, 2, 0, 3, 3, 4, 1, 5, 2, 6, 0, 7, 1, 8, 4);

        Map<String, String> answersOfANewDirector =
                answersAfter(ipvs -> new DesiredServices(ipvs).apply(List.of(service(MH, wanted))));
        Map<String, String> answersOfAnOldDirector = answersAfter(ipvs -> {
            DesiredServices services = new DesiredServices(ipvs);
            services.apply(List.of(service(RR, Map.of(8, 1, 5, 1, 2, 9))));
            services.apply(List.of(service(MH, Map.of(8, 1, 5, 0, 2, 9, 1, 1))));
            services.apply(List.of(service(MH, Map.of(8, 0, 5, 2, 2, 0, 1, 1, 9, 5, 3, 3))));
            services.forget();
            services.apply(List.of(service(MH, Map.of(8, 4, 5, 2, 2, 0, 1, 1, 3, 3, 7, 1, 6, 3))));
            ipvs.execute(new IpvsCommand.DeleteDestination(VIP, realServer(1)));
            ipvs.execute(new IpvsCommand.SetDestination(VIP, destination(8, 1)));
            services.apply(List.of(service(MH, wanted)));
        });

        assertThat(answersOfANewDirector).hasSize(CLIENTS);
        assertThat(answersOfANewDirector.values())
                .as("real servers without weight get nobody")
                .doesNotContain("0A000002");
        assertThat(answersOfAnOldDirector).isEqualTo(answersOfANewDirector);
    }

    /** Without our order the pasts show, so that the test above can fail. */
    @Test
    void theKernelItselfAnswersByThePast() throws Exception {
        List<Integer> order =
                new ArrayList<>(IntStream.rangeClosed(1, 10).boxed().toList());
        Map<String, String> inOrder = answersAfter(ipvs -> addAll(ipvs, order));
        Collections.shuffle(order, new Random(7));

        Map<String, String> shuffled = answersAfter(ipvs -> addAll(ipvs, order));

        assertThat(shuffled).hasSize(CLIENTS).isNotEqualTo(inOrder);
    }

    private static void addAll(Ipvs ipvs, List<Integer> order) throws Exception {
        ipvs.execute(new IpvsCommand.AddService(new VirtualServer(VIP, MH)));
        for (int number : order) {
            ipvs.execute(new IpvsCommand.AddDestination(VIP, destination(number, 1)));
        }
    }

    /** By the clients' addresses those of the real servers, both as the kernel writes them. */
    private static Map<String, String> answersAfter(Past past) throws Exception {
        return NamespaceThreads.callInNew(() -> {
            Oracle.feed("""
                    link add segment type dummy
                    link set segment up
                    address add 10.0.0.254/24 dev segment
                    address add 192.0.2.100/32 dev lo
                    """, "ip", "-batch", "-");
            try (NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC)) {
                past.on(new NetlinkIpvs(netlink));
            }
            Oracle.feed(SEND, "python3", "-");
            Map<String, String> answers = new HashMap<>();
            Oracle.run("cat", "/proc/net/ip_vs_conn")
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words[0].equals("UDP"))
                    .forEach(words -> answers.put(words[1], words[5]));
            return answers;
        });
    }

    /** Real servers by number, with their weights, in canonical order. */
    private static DesiredState.Service service(VirtualServerConfig config, Map<Integer, Integer> weights) {
        Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
        weights.keySet().stream().sorted().forEach(number -> {
            Destination destination = destination(number, weights.getOrDefault(number, 0));
            destinations.put(destination.key(), destination.config());
        });
        return DesiredServices.service(new VirtualServer(VIP, config), destinations);
    }

    private static Destination destination(int number, int weight) {
        return new Destination(realServer(number), DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, weight));
    }

    private static DestinationKey realServer(int number) {
        return new DestinationKey(IpAddress.parse("10.0.0." + number), 53);
    }
}
