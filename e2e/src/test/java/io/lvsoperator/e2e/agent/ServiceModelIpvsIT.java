package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied.Change;
import io.lvsoperator.agent.apply.Applied.ObjectKind;
import io.lvsoperator.agent.apply.Applied.Operation;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of a VirtualService as ipvsadm sees it in a real kernel, and as packets feel it. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class ServiceModelIpvsIT {
    private static final String VIP = "192.0.2.100";

    @TempDir
    Path directory;

    private @Nullable Director director;
    private final List<Process> servers = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(Process::destroyForcibly);
        if (director != null) {
            director.close();
        }
    }

    private Report serve(VirtualServiceSpec service) throws Exception {
        if (director == null) {
            // Here, not before the test: what JUnit runs before it is not in the test's network namespace.
            Oracle.run("ip", "link", "add", "eth0", "type", "dummy");
            Oracle.run("ip", "link", "set", "eth0", "up");
            director = new Director(directory, Optional.empty());
        }
        return director.serve(service);
    }

    private List<String> offeredVips() {
        return Objects.requireNonNull(director).offeredVips();
    }

    static Stream<Arguments> objects() {
        return Stream.of(
                Arguments.of(
                        "full",
                        List.of(
                                "-A -t 192.0.2.100:80 -s mh -p 2678400 -b mh-fallback,mh-port",
                                "-a -t 192.0.2.100:80 -r 192.0.2.11:8080 -m -w 65535",
                                "-a -t 192.0.2.100:80 -r 192.0.2.12:8080 -m -w 0",
                                "-A -t 192.0.2.100:443 -s mh -p 2678400 -b mh-fallback,mh-port",
                                "-a -t 192.0.2.100:443 -r 192.0.2.11:443 -m -w 65535",
                                "-a -t 192.0.2.100:443 -r 192.0.2.12:443 -m -w 0")),
                Arguments.of(
                        "all-ports-and-protocols",
                        List.of(
                                "-A -t 192.0.2.100:0 -s wlc -p 360 -M 128.0.0.0",
                                "-a -t 192.0.2.100:0 -r 192.0.2.11:0 -g -w 1",
                                "-A -u 192.0.2.100:0 -s wlc -p 360 -M 128.0.0.0",
                                "-a -u 192.0.2.100:0 -r 192.0.2.11:0 -g -w 1",
                                "-A --sctp-service 192.0.2.100:0 -s wlc -p 360 -M 128.0.0.0",
                                "-a --sctp-service 192.0.2.100:0 -r 192.0.2.11:0 -g -w 1",
                                "-A -t 192.0.2.100:443 -s wlc -p 360 -M 128.0.0.0",
                                "-a -t 192.0.2.100:443 -r 192.0.2.11:443 -g -w 1")),
                Arguments.of(
                        "one-packet",
                        List.of("-A -u 192.0.2.100:514 -s wlc -o", "-a -u 192.0.2.100:514 -r 192.0.2.11:514 -g -w 1")),
                Arguments.of(
                        "sip",
                        List.of(
                                "-A -u 192.0.2.100:5060 -s wlc -p 60 -M 255.255.255.0 --pe sip -o",
                                "-a -u 192.0.2.100:5060 -r 192.0.2.11:5060 -g -w 1")),
                Arguments.of(
                        "one-packet-of-a-firewall-mark",
                        List.of("-A -f 1 -s wlc -o", "-a -f 1 -r 192.0.2.11:0 -g -w 1")),
                // ipvsadm prints marks from 2^31 on as negative numbers.
                Arguments.of("firewall-mark", List.of("-A -f -1 -s wlc", "-a -f -1 -r 192.0.2.11:0 -g -w 1")),
                Arguments.of(
                        "real-servers-of-their-own",
                        List.of(
                                "-A -t 192.0.2.100:80 -s wlc",
                                "-a -t 192.0.2.100:80 -r 10.0.0.5:80 -m -w 2147483647",
                                "-a -t 192.0.2.100:80 -r 10.0.0.6:80 -g -w 1",
                                "-A -t [2001:db8::100]:80 -s wlc",
                                "-a -t [2001:db8::100]:80 -r [2001:db8::6]:80 -g -w 1",
                                "-a -t [2001:db8::100]:80 -r [2001:db8::11]:80 -m -w 0")));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void everyFieldReachesTheKernelAndASecondPassFindsNothingToDo(String name, List<String> inIpvsadm)
            throws Exception {
        // Given
        VirtualServiceSpec service = Director.object(name);

        // When
        serve(service);
        List<String> after = Oracle.servicesInIpvsadm();
        Report second = serve(service);

        // Then
        assertThat(after).containsExactlyInAnyOrderElementsOf(inIpvsadm);
        assertThat(second.done()).isEmpty();
    }

    static Stream<Arguments> edits() {
        String plain = "onePacket: false";
        String persistent =
                "onePacket: false, persistence: {timeoutSeconds: 60, ipv4PrefixLength: 24, ipv6PrefixLength: 64, engine: sip}";
        return Stream.of(
                Arguments.of("one-packet scheduling", plain, "onePacket: true", ObjectKind.SERVICE),
                Arguments.of("no one-packet scheduling", "onePacket: true", plain, ObjectKind.SERVICE),
                Arguments.of("persistence with SIP", plain, persistent, ObjectKind.SERVICE),
                Arguments.of("no persistence with SIP", persistent, plain, ObjectKind.SERVICE),
                Arguments.of("no SIP", persistent, persistent.replace("sip", "none"), ObjectKind.SERVICE),
                Arguments.of("a prefix", persistent, persistent.replace("24", "16"), ObjectKind.SERVICE),
                Arguments.of("a timeout", persistent, persistent.replace("60", "90"), ObjectKind.SERVICE));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void aFieldOfTheServiceChangesInPlaceByOneCommand(String what, String before, String after, ObjectKind kind)
            throws Exception {
        // Given
        serve(udp(before, "{address: 10.0.0.1, weight: 1}"));

        // When
        Report report = serve(udp(after, "{address: 10.0.0.1, weight: 1}"));

        // Then
        assertThat(report.done()).as(what).isEqualTo(Map.of(new Change(Operation.SET, kind), 1));
        assertThat(serve(udp(after, "{address: 10.0.0.1, weight: 1}")).done()).isEmpty();
    }

    static Stream<Arguments> realServerEdits() {
        String plain = "{address: 10.0.0.1, weight: 1}";
        String limited = "{address: 10.0.0.1, weight: 1, connectionLimits: {upper: 50, lower: 40}}";
        return Stream.of(
                Arguments.of(plain, limited, "-m -w 1", "50 40"),
                Arguments.of(limited, plain, "-m -w 1", "0 0"),
                Arguments.of(limited, limited.replace(", lower: 40", ""), "-m -w 1", "50 0"),
                Arguments.of(
                        plain, plain.replace("weight: 1", "weight: 1, forwarding: {method: DR}"), "-g -w 1", "0 0"),
                Arguments.of(plain, plain.replace("weight: 1", "weight: 2147483647"), "-m -w 2147483647", "0 0"));
    }

    @ParameterizedTest
    @MethodSource("realServerEdits")
    void aFieldOfARealServerChangesInPlaceByOneCommand(String before, String after, String inIpvsadm, String thresholds)
            throws Exception {
        // Given
        serve(udp("onePacket: false", before));

        // When
        Report report = serve(udp("onePacket: false", after));

        // Then
        assertThat(report.done()).containsEntry(new Change(Operation.SET, ObjectKind.DESTINATION), 1);
        assertThat(report.done().keySet()).extracting(Change::object).doesNotContain(ObjectKind.SERVICE);
        assertThat(Oracle.ipvsadm()).contains("-a -u 192.0.2.100:53 -r 10.0.0.1:53 " + inIpvsadm);
        assertThat(thresholds()).containsExactly("10.0.0.1:53 " + thresholds);
    }

    @Test
    void everyRealServerHasItsOwnConnectionLimits() throws Exception {
        // When
        serve(Director.object("real-servers-of-their-own"));

        // Then
        assertThat(thresholds())
                .containsExactlyInAnyOrder(
                        "10.0.0.5:80 2147483647 2147483647",
                        "10.0.0.6:80 5000 1",
                        "[2001:db8::6]:80 5000 1",
                        "[2001:db8::11]:80 1 0");
    }

    /** Real server, upper and lower threshold; {@code ipvsadm -S} leaves them out. */
    private static List<String> thresholds() {
        return Oracle.run("ipvsadm", "-Ln", "--thresholds")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[0].equals("->") && !words[1].startsWith("RemoteAddress"))
                .map(words -> String.join(" ", words[1], words[2], words[3]))
                .toList();
    }

    /** Only the kernel can tell: 192.0.2.255 is an address like others until an interface has 192.0.2.11/24. */
    @Test
    void aRealServerThatTheKernelRefusesIsNamedWithItsErrorAndTheOthersServe() throws Exception {
        // Given
        serve(udp("onePacket: false", "{address: 10.0.0.1, weight: 1}"));
        Oracle.run("ip", "addr", "add", "192.0.2.11/24", "brd", "+", "dev", "eth0");

        // When
        Report report = serve(udp(
                "onePacket: false",
                "{address: 10.0.0.1, weight: 1}",
                "{address: 192.0.2.255, weight: 1}",
                "{address: 10.0.0.2, weight: 1}"));

        // Then
        assertThat(report.sliceProblems().values()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.KERNEL_REFUSED);
            assertThat(problem.message()).contains("node d1", "192.0.2.255:53", "EINVAL");
        });
        assertThat(Oracle.servicesInIpvsadm())
                .containsExactlyInAnyOrder(
                        "-A -u 192.0.2.100:53 -s rr",
                        "-a -u 192.0.2.100:53 -r 10.0.0.1:53 -m -w 1",
                        "-a -u 192.0.2.100:53 -r 10.0.0.2:53 -m -w 1");
        assertThat(offeredVips()).containsExactly(VIP);
    }

    @Test
    void onePacketSchedulingSpreadsThePacketsOfOneSocket() throws Exception {
        // Given
        serve(udp("onePacket: true", "{address: 10.0.0.1, weight: 1}", "{address: 10.0.0.2, weight: 1}"));
        holdOnLoopback(VIP, "10.0.0.1", "10.0.0.2");

        // When
        List<Integer> received = datagramsReceived(10);

        // Then
        assertThat(received).containsExactly(5, 5);
    }

    @Test
    void withoutItThePacketsOfOneSocketStayTogether() throws Exception {
        // Given
        serve(udp("onePacket: false", "{address: 10.0.0.1, weight: 1}", "{address: 10.0.0.2, weight: 1}"));
        holdOnLoopback(VIP, "10.0.0.1", "10.0.0.2");

        // When
        List<Integer> received = datagramsReceived(10);

        // Then
        assertThat(received).containsExactlyInAnyOrder(0, 10);
    }

    @Test
    void allPortsOfAClientReachTheSameRealServer() throws Exception {
        // Given
        serve(tcp(
                "ports: [{name: any, protocol: TCP, port: 0}], persistence: {timeoutSeconds: 60, ipv4PrefixLength: 32,"
                        + " ipv6PrefixLength: 128, engine: none}",
                "{address: 10.0.0.1, weight: 1}",
                "{address: 10.0.0.2, weight: 1}"));
        holdOnLoopback(VIP, "10.0.0.1", "10.0.0.2");

        // When
        Listeners ports = new Listeners(List.of(8001, 8002, 8003, 8004));

        // Then
        try (ports) {
            for (int port : List.of(8001, 8002, 8003, 8004)) {
                connect(port);
            }
            assertThat(ports.accepted("10.0.0.1") + ports.accepted("10.0.0.2")).isEqualTo(4);
            assertThat(List.of(ports.accepted("10.0.0.1"), ports.accepted("10.0.0.2")))
                    .contains(0);
        }
    }

    @Test
    void aFirewallMarkBalancesWhateverPortsAreMarked() throws Exception {
        // Given
        serve(tcp("firewallMark: 1275068417", "{address: 10.0.0.1, weight: 1}", "{address: 10.0.0.2, weight: 1}"));
        holdOnLoopback(VIP, "10.0.0.1", "10.0.0.2");
        Oracle.feed("""
                table ip lb {
                  chain out {
                    type filter hook output priority mangle
                    ip daddr 192.0.2.100 tcp dport 8001-8002 meta mark set 0x4c000001
                  }
                }
                """, "nft", "-f", "-");

        // When
        Listeners ports = new Listeners(List.of(8001, 8002));

        // Then
        try (ports) {
            for (int port : List.of(8001, 8002, 8001, 8002)) {
                connect(port);
            }
            assertThat(List.of(ports.accepted("10.0.0.1"), ports.accepted("10.0.0.2")))
                    .containsExactly(2, 2);
        }
        assertThat(offeredVips()).containsExactly(VIP);
    }

    @Test
    void aRealServerAtItsUpperLimitGetsNoMoreConnections() throws Exception {
        // Given
        serve(tcp(
                "ports: [{name: web, protocol: TCP, port: 8001}]",
                "{address: 10.0.0.1, weight: 1, connectionLimits: {upper: 2}}",
                "{address: 10.0.0.2, weight: 1}"));
        holdOnLoopback(VIP, "10.0.0.1", "10.0.0.2");

        // When
        Listeners ports = new Listeners(List.of(8001));

        // Then
        try (ports) {
            for (int i = 0; i < 8; i++) {
                connect(8001);
            }
            assertThat(ports.accepted("10.0.0.1")).isEqualTo(2);
            assertThat(ports.accepted("10.0.0.2")).isEqualTo(6);
        }
    }

    @Test
    void natOverIpv6ServesAClientOnceTheNodeForwards() throws Exception {
        // Given
        VirtualServiceSpec service = Director.service("""
                spec:
                  fleetRef: {name: edge}
                  addresses: [{value: "2001:db8::100"}]
                  ports: [{name: http, protocol: TCP, port: 80, targetPort: 8080}]
                  scheduler: {name: rr}
                  onePacket: false
                  forwarding: {method: NAT}
                  realServers: [{address: "2001:db8:1::21", weight: 1}]
                """);
        Report withoutForwarding = serve(service);
        segment("eth0", "2001:db8::11", "model-client", "2001:db8::5");
        segment("eth1", "2001:db8:1::1", "model-server", "2001:db8:1::21");
        Oracle.run("ip", "addr", "add", "2001:db8::100/128", "dev", "eth0", "nodad");
        String traffic = Oracle.run("traffic/build").strip();
        servers.add(Oracle.start(
                "ip",
                "netns",
                "exec",
                "model-server",
                traffic,
                "serve",
                "--name",
                "rs",
                "--listen",
                "[2001:db8:1::21]:8080"));

        // When
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
        Report withForwarding = serve(service);
        String answers = Oracle.run(
                "ip", "netns", "exec", "model-client", traffic, "get", "--to", "[2001:db8::100]:80", "--requests", "4");

        // Then
        assertThat(withoutForwarding.sliceProblems().values())
                .extracting(Problem::reason)
                .containsExactly(Problem.Reason.FORWARDING_OFF);
        assertThat(withForwarding.sliceProblems()).isEmpty();
        assertThat(offeredVips()).containsExactly("2001:db8::100");
        assertThat(answers).contains("\"answers\":{\"rs\":4}").contains("\"clientSeen\":{\"2001:db8::5\":4}");
    }

    /** A link between this namespace and a new one. */
    private static void segment(String here, String address, String name, String itsAddress) {
        Oracle.run("ip", "netns", "add", name);
        if (here.equals("eth0")) {
            Oracle.run("ip", "link", "del", "eth0"); // the dummy
        }
        Oracle.run("ip", "link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", name);
        Oracle.run("ip", "addr", "add", address + "/64", "dev", here, "nodad");
        Oracle.run("ip", "link", "set", here, "up");
        Oracle.run("ip", "-n", name, "addr", "add", itsAddress + "/64", "dev", "eth0", "nodad");
        Oracle.run("ip", "-n", name, "link", "set", "lo", "up");
        Oracle.run("ip", "-n", name, "link", "set", "eth0", "up");
        Oracle.run("ip", "-n", name, "route", "add", "default", "via", address);
    }

    private static VirtualServiceSpec udp(String fields, String... realServers) {
        return nat("ports: [{name: dns, protocol: UDP, port: 53}], " + fields, realServers);
    }

    private static VirtualServiceSpec tcp(String fields, String... realServers) {
        return nat("onePacket: false, " + fields, realServers);
    }

    private static VirtualServiceSpec nat(String fields, String... realServers) {
        return Director.service("""
                spec: {fleetRef: {name: edge}, addresses: [{value: 192.0.2.100}], scheduler: {name: rr},
                  forwarding: {method: NAT}, realServers: [%s], %s}
                """.formatted(String.join(", ", realServers), fields));
    }

    private static void holdOnLoopback(String... addresses) {
        for (String address : addresses) {
            Oracle.run("ip", "addr", "add", address + "/32", "dev", "lo");
        }
    }

    /** How many of so many datagrams from one socket each of two real servers got. */
    private static List<Integer> datagramsReceived(int sent) throws IOException {
        try (var first = receiver("10.0.0.1");
                var second = receiver("10.0.0.2");
                var client = new DatagramSocket(new InetSocketAddress(VIP, 0))) {
            var to = new InetSocketAddress(VIP, 53);
            for (int i = 0; i < sent; i++) {
                client.send(new DatagramPacket(new byte[] {1}, 1, to));
            }
            return List.of(count(first), count(second));
        }
    }

    private static DatagramSocket receiver(String address) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(address, 53));
        socket.setSoTimeout(1000);
        return socket;
    }

    private static int count(DatagramSocket socket) throws IOException {
        int received = 0;
        try {
            while (true) {
                socket.receive(new DatagramPacket(new byte[1], 1));
                received++;
            }
        } catch (SocketTimeoutException noMore) {
            return received;
        }
    }

    private void connect(int port) throws IOException {
        var client = new Socket();
        clients.add(client); // stays open
        client.connect(new InetSocketAddress(VIP, port), 10_000);
    }

    /** Two real servers that listen on the same ports and answer nothing. */
    private final class Listeners implements AutoCloseable {
        private final List<ServerSocket> sockets = new ArrayList<>();

        Listeners(List<Integer> ports) throws IOException {
            for (String address : List.of("10.0.0.1", "10.0.0.2")) {
                for (int port : ports) {
                    sockets.add(new ServerSocket(port, 50, InetAddress.getByName(address)));
                }
            }
        }

        /** Connections that the kernel has established for one of them. */
        int accepted(String address) throws IOException {
            int count = 0;
            for (ServerSocket socket : sockets) {
                if (socket.getInetAddress().getHostAddress().equals(address)) {
                    count += accepted(socket);
                }
            }
            return count;
        }

        private int accepted(ServerSocket socket) throws IOException {
            int count = 0;
            socket.setSoTimeout(300);
            try {
                while (true) {
                    clients.add(socket.accept());
                    count++;
                }
            } catch (SocketTimeoutException noMore) {
                return count;
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket client : clients) {
                client.close();
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
