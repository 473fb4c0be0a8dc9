package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What associations of SCTP and calls of SIP feel: client, director and two real servers in one network namespace. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class SctpAndSipIpvsIT {
    private static final String VIP = "192.0.2.100";
    private static final List<String> REAL_SERVERS = List.of("10.0.0.1", "10.0.0.2");
    private static final List<String> CLIENTS = List.of("192.0.2.201", "192.0.2.202", "192.0.2.203");

    /** Answers each message on an association with the address it listens at. */
    private static final String SCTP_SERVER = """
            import select, socket, sys
            listeners = {}
            for address in sys.argv[1:]:
                listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
                listener.bind((address, 9899))
                listener.listen()
                listeners[listener] = address
            print("listening", flush=True)
            associations = {}
            while True:
                for ready in select.select(list(listeners) + list(associations), [], [])[0]:
                    if ready in listeners:
                        associations[ready.accept()[0]] = listeners[ready]
                    elif ready.recv(100):
                        ready.send(associations[ready].encode())
                    else:
                        del associations[ready]
            """;

    /** Four associations at once, three messages on each; a line for each with what answered. */
    private static final String SCTP_CLIENT = """
            import socket, sys
            associations = []
            for _ in range(4):
                association = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
                association.settimeout(20)
                association.bind((sys.argv[1], 0))
                association.connect((sys.argv[1], 9899))
                associations.append(association)
            for association in associations:
                answers = []
                for _ in range(3):
                    association.send(b"?")
                    answers.append(association.recv(100).decode())
                print(*answers)
            """;

    @TempDir
    Path directory;

    @Test
    void associationsOfSctpAreSharedByTwoRealServersAndEachStaysWithItsOwn() throws Exception {
        // Given
        try (Director director = director()) {
            director.serve(nat("ports: [{name: sctp, protocol: SCTP, port: 9899}]"));
            Process server =
                    Oracle.start("python3", "-c", SCTP_SERVER, REAL_SERVERS.getFirst(), REAL_SERVERS.getLast());

            // When
            List<String> answers;
            try {
                answers = Oracle.run("python3", "-c", SCTP_CLIENT, VIP).lines().toList();
            } finally {
                server.destroyForcibly();
            }

            // Then
            assertThat(answers)
                    .containsExactlyInAnyOrder(
                            "10.0.0.1 10.0.0.1 10.0.0.1",
                            "10.0.0.1 10.0.0.1 10.0.0.1",
                            "10.0.0.2 10.0.0.2 10.0.0.2",
                            "10.0.0.2 10.0.0.2 10.0.0.2");
        }
    }

    @Test
    void theSipEngineKeepsACallWithItsRealServerWhateverAddressesAndPortsItComesFrom() throws Exception {
        try (Director director = director()) {
            // Given
            director.serve(sip("sip"));

            // When
            Map<String, Set<String>> realServersOfCalls = call(8);

            // Then
            assertThat(realServersOfCalls)
                    .hasSize(8)
                    .allSatisfy((call, realServers) ->
                            assertThat(realServers).as(call).hasSize(1));
            assertThat(realServersOfCalls.values())
                    .as("calls are spread")
                    .contains(Set.of(REAL_SERVERS.getFirst()), Set.of(REAL_SERVERS.getLast()));
        }
    }

    /** What the engine is for. */
    @Test
    void withoutItACallGoesWhereItsClientsAddressesGo() throws Exception {
        try (Director director = director()) {
            // Given
            director.serve(sip("none"));

            // When
            Map<String, Set<String>> realServersOfCalls = call(2);

            // Then
            assertThat(realServersOfCalls)
                    .hasSize(2)
                    .allSatisfy((call, realServers) ->
                            assertThat(realServers).as(call).hasSize(2));
        }
    }

    private Director director() throws IOException {
        Oracle.run("ip", "link", "add", "eth0", "type", "dummy");
        Oracle.run("ip", "link", "set", "eth0", "up");
        for (String address : List.of(VIP, REAL_SERVERS.getFirst(), REAL_SERVERS.getLast())) {
            Oracle.run("ip", "addr", "add", address + "/32", "dev", "lo");
        }
        for (String address : CLIENTS) {
            Oracle.run("ip", "addr", "add", address + "/32", "dev", "lo");
        }
        return new Director(directory, Optional.empty());
    }

    private static VirtualServiceSpec sip(String engine) {
        return nat("ports: [{name: sip, protocol: UDP, port: 5060}], persistence: {timeoutSeconds: 60,"
                + " ipv4PrefixLength: 32, ipv6PrefixLength: 128, engine: %s}".formatted(engine));
    }

    private static VirtualServiceSpec nat(String fields) {
        return Director.service("""
                spec: {fleetRef: {name: edge}, addresses: [{value: 192.0.2.100}], scheduler: {name: rr}, onePacket: false,
                  forwarding: {method: NAT}, realServers: [{address: 10.0.0.1, weight: 1}, {address: 10.0.0.2, weight: 1}], %s}
                """.formatted(fields));
    }

    /** So many calls, each with a request from every client, by turns and from a port of its own; who got requests of which. */
    private static Map<String, Set<String>> call(int calls) throws IOException {
        try (DatagramSocket first = receiver(REAL_SERVERS.getFirst());
                DatagramSocket second = receiver(REAL_SERVERS.getLast())) {
            for (String client : CLIENTS) {
                for (int call = 0; call < calls; call++) {
                    request(client, "call-%d@example.org".formatted(call));
                }
            }
            Map<String, Set<String>> realServers = new TreeMap<>();
            int received = collect(first, REAL_SERVERS.getFirst(), realServers)
                    + collect(second, REAL_SERVERS.getLast(), realServers);
            assertThat(received).isEqualTo(calls * CLIENTS.size());
            return realServers;
        }
    }

    /** RFC 3261 section 7.1, as far as the engine looks. */
    private static void request(String client, String callId) throws IOException {
        byte[] request = """
                OPTIONS sip:%1$s SIP/2.0\r
                Via: SIP/2.0/UDP %2$s;branch=z9hG4bK1\r
                From: <sip:a@%2$s>;tag=1\r
                To: <sip:b@%1$s>\r
                Call-ID: %3$s\r
                CSeq: 1 OPTIONS\r
                Content-Length: 0\r
                \r
                """.formatted(VIP, client, callId).getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(client, 0))) {
            socket.send(new DatagramPacket(request, request.length, new InetSocketAddress(VIP, 5060)));
        }
    }

    private static DatagramSocket receiver(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 5060));
        socket.setSoTimeout(1000);
        return socket;
    }

    private static int collect(DatagramSocket socket, String realServer, Map<String, Set<String>> realServers)
            throws IOException {
        int received = 0;
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        try {
            while (true) {
                packet.setLength(2000);
                socket.receive(packet);
                received++;
                String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                String callId = text.lines()
                        .filter(line -> line.startsWith("Call-ID: "))
                        .findFirst()
                        .orElseThrow();
                realServers.computeIfAbsent(callId, id -> new HashSet<>()).add(realServer);
            }
        } catch (SocketTimeoutException noMore) {
            return received;
        }
    }
}
