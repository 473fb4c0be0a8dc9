package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.connections.Connection;
import io.lvsoperator.agent.connections.ConnectionFilter;
import io.lvsoperator.agent.connections.ConnectionPage;
import io.lvsoperator.agent.connections.ConnectionSummary;
import io.lvsoperator.agent.connections.ConnectionTable;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel has in its connection table, against what ipvsadm makes of it. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class ConnectionTableIT {
    private final ConnectionTable table = new ConnectionTable();

    @Test
    void showsTcpOfBothFamiliesUdpAndPersistenceTemplatesAsIpvsadmDoes() throws Exception {
        for (var address : List.of("192.0.2.100/32", "10.0.0.1/32", "2001:db8::100/128", "2001:db8::1/128")) {
            Oracle.run("ip", "addr", "add", address, "dev", "lo", "nodad");
        }
        Oracle.feed("""
                -A -t 192.0.2.100:80 -s rr
                -a -t 192.0.2.100:80 -r 10.0.0.1:8080 -m
                -A -t [2001:db8::100]:80 -s rr -p 300
                -a -t [2001:db8::100]:80 -r [2001:db8::1]:8080 -m
                -A -u 192.0.2.100:53 -s rr
                -a -u 192.0.2.100:53 -r 10.0.0.1:5353 -m
                """, "ipvsadm", "-R");
        try (var server = new ServerSocket(8080, 8, InetAddress.getByName("::"));
                var one = new Socket();
                var other = new Socket();
                var udp = new DatagramSocket()) {
            assertThat(server.isBound()).isTrue();
            one.connect(new InetSocketAddress("192.0.2.100", 80), 10_000);
            other.connect(new InetSocketAddress("2001:db8::100", 80), 10_000);
            udp.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress("192.0.2.100", 53)));

            var read = ConnectionPage.read(table, all(), 0, 100).connections();

            assertThat(read)
                    .extracting(ConnectionTableIT::withoutExpiry)
                    .containsExactlyInAnyOrderElementsOf(ipvsadm())
                    .hasSize(4);
            assertThat(read)
                    .filteredOn(c -> c.client().port() == 0)
                    .singleElement()
                    .extracting(Connection::state)
                    .isIn("NONE", "ASSURED");
            assertThat(read).allMatch(c -> c.expiresSeconds() > 0 && c.expiresSeconds() <= 900);
            assertThat(ConnectionSummary.read(table, ConnectionFilter.of(Map.of("state", "ESTABLISHED")))
                            .total())
                    .isEqualTo(2);
        }
    }

    @Test
    void goesThroughATableOfManyPagesAndMissesNothing() throws Exception {
        Oracle.run("ip", "addr", "add", "192.0.2.100/32", "dev", "lo");
        Oracle.run("ip", "addr", "add", "10.0.0.1/32", "dev", "lo");
        Oracle.feed("""
                -A -u 192.0.2.100:53 -s rr
                -a -u 192.0.2.100:53 -r 10.0.0.1:5353 -m
                """, "ipvsadm", "-R");
        for (var i = 0; i < 500; i++) {
            try (var client = new DatagramSocket()) {
                client.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress("192.0.2.100", 53)));
            }
        }
        var total = ConnectionSummary.read(table, all()).total();
        var paged = new ArrayList<Connection>();
        var next = OptionalLong.of(0);

        while (next.isPresent()) {
            var page = ConnectionPage.read(table, all(), next.getAsLong(), 37);
            paged.addAll(page.connections());
            next = page.next();
        }

        assertThat(total).isGreaterThan(400).isEqualTo(ipvsadm().size());
        assertThat(paged).extracting(Connection::client).doesNotHaveDuplicates().hasSize((int) total);
    }

    @Test
    void anybodyMayReadIt() throws Exception {
        Oracle.run("ipvsadm", "-A", "-t", "192.0.2.100:80", "-s", "rr");
        FreshNetworkNamespace.dropCapabilities();

        assertThat(ConnectionSummary.read(table, all()).total()).isZero();
    }

    private static ConnectionFilter all() {
        return ConnectionFilter.of(Map.of());
    }

    private static String withoutExpiry(Connection c) {
        return String.join(
                " ",
                c.protocol(),
                c.state(),
                c.client().toString(),
                c.virtual().toString(),
                c.realServer().toString());
    }

    /** Lines such as {@code TCP 14:59 ESTABLISHED 10.0.0.9:4711 192.0.2.100:80 10.0.0.1:8080}, after two of headings. */
    private static List<String> ipvsadm() {
        return Oracle.run("ipvsadm", "-Lnc")
                .lines()
                .skip(2)
                .map(line -> line.trim().split(" +"))
                .map(f -> String.join(" ", f[0], f[2], f[3], f[4], f[5]))
                .toList();
    }
}
