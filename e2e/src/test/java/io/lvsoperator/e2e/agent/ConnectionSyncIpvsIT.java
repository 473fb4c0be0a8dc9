package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.lab.Traffic;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two directors that tell each other of their connections. */
@Tag("kernel")
class ConnectionSyncIpvsIT {
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int STREAMS = 4;

    private Lab lab;
    private Host d1;
    private Host d2;
    private Host client;

    @TempDir
    private Path states;

    @BeforeEach
    void buildLab() {
        lab = Lab.named("sync")
                .client("client")
                .director("d1")
                .director("d2")
                .realServer("rs1")
                .build();
        d1 = lab.host("d1");
        d2 = lab.host("d2");
        client = lab.host("client");
        Host realServer = lab.host("rs1");
        realServer.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        realServer.setting("net/ipv4/conf/eth0/arp_announce", "2");
        realServer.addAddress(VIP, 32, "lo");
        realServer.addAddress(VIP6, 128, "lo");
        Traffic.serve(realServer, "rs1", ":80");
    }

    @AfterEach
    void removeLab() {
        lab.close();
    }

    @Test
    void heldStreamsOfBothFamiliesLiveThroughAFailoverAndTheWayBack() {
        try (Engine first = engine(d1);
                Engine second = engine(d2)) {
            first.synchronizeConnections(Optional.of(51));
            second.synchronizeConnections(Optional.of(51));
            first.apply(slice(VIP), slice(VIP6));
            second.apply(slice(VIP), slice(VIP6));
            hold(d1);
            Traffic.Streams ipv4 = Traffic.hold(client, VIP + ":80", STREAMS, Duration.ofMillis(100));
            Traffic.Streams ipv6 = Traffic.hold(client, "[" + VIP6 + "]:80", STREAMS, Duration.ofMillis(100));
            awaitEntries(d2);

            move(d1, d2);
            assertThat(Traffic.get(client, VIP + ":80", 1, LIMIT).answered())
                    .as("a new connection by d2")
                    .isEqualTo(1);
            move(d2, d1);
            assertThat(Traffic.get(client, VIP + ":80", 1, LIMIT).answered())
                    .as("a new connection by d1")
                    .isEqualTo(1);

            assertThat(ipv4.finish())
                    .hasSize(STREAMS)
                    .allMatch(stream -> stream.end().equals("open"));
            assertThat(ipv6.finish())
                    .hasSize(STREAMS)
                    .allMatch(stream -> stream.end().equals("open"));
        }
    }

    @Test
    void theDaemonsAreAsIpvsadmShowsThemAndComeBackWhenAStrangerStopsOne() {
        try (Engine engine = engine(d1)) {
            engine.synchronizeConnections(Optional.of(51));
            engine.apply();
            assertThat(daemons(d1))
                    .contains("master sync daemon (mcast=eth0, syncid=51", "backup sync daemon (mcast=eth0, syncid=51");

            d1.exec("ipvsadm", "--stop-daemon", "master");
            Report repaired = engine.apply();
            assertThat(daemons(d1)).contains("master sync daemon (mcast=eth0, syncid=51");
            assertThat(repaired.drift()).isTrue();

            engine.synchronizeConnections(Optional.of(7));
            engine.apply();
            assertThat(daemons(d1)).contains("syncid=7").doesNotContain("syncid=51");

            engine.synchronizeConnections(Optional.empty());
            engine.apply();
            assertThat(daemons(d1)).isEmpty();
        }
    }

    @Test
    void aStrangersDaemonIsNamedAndLeftAlone() {
        d1.exec("ipvsadm", "--start-daemon", "master", "--mcast-interface", "eth0", "--syncid", "9");
        try (Engine engine = engine(d1)) {
            engine.synchronizeConnections(Optional.of(51));

            Report report = engine.apply();

            assertThat(report.sync().problem()).get().satisfies(problem -> {
                assertThat(problem.reason()).isEqualTo(Problem.Reason.CONNECTION_SYNC_FOREIGN);
                assertThat(problem.message()).contains("master", "sync id 9", "sync id 51");
            });
            assertThat(daemons(d1)).contains("syncid=9", "syncid=51");
        }
    }

    /** The kernel starts again what it is asked for on the new one only. */
    @Test
    void anInterfaceThatIsMadeAnewHasItsDaemonsAgain() {
        d1.exec("ip", "link", "add", "sync0", "type", "dummy");
        d1.exec("ip", "address", "add", "198.51.100.1/24", "dev", "sync0");
        d1.exec("ip", "link", "set", "sync0", "up");
        try (Engine engine = engine(d1)) {
            engine.on("sync0");
            engine.synchronizeConnections(Optional.of(51));
            engine.apply();
            d1.exec("ip", "link", "del", "sync0");
            d1.exec("ip", "link", "add", "sync0", "type", "dummy");
            d1.exec("ip", "address", "add", "198.51.100.1/24", "dev", "sync0");
            d1.exec("ip", "link", "set", "sync0", "up");

            Report report = engine.apply();

            assertThat(report.sync().problem()).isEmpty();
            assertThat(report.first()).anyMatch(words -> words.startsWith("start the master"));
            assertThat(daemons(d1)).contains("master sync daemon (mcast=sync0", "backup sync daemon (mcast=sync0");
        }
    }

    private Engine engine(Host host) {
        return new Engine(host, states.resolve(host.name()));
    }

    private static void hold(Host director) {
        director.addAddress(VIP, 32, Host.INTERFACE);
        director.addAddress(VIP6, 128, Host.INTERFACE);
    }

    /** As at a failover, but for the announcements: the client forgets whom it knew. */
    private void move(Host from, Host to) {
        from.deleteAddress(VIP, 32, Host.INTERFACE);
        from.deleteAddress(VIP6, 128, Host.INTERFACE);
        hold(to);
        client.exec("ip", "neighbour", "flush", "dev", Host.INTERFACE);
    }

    private void awaitEntries(Host director) {
        LvsCluster.await(
                "the connections to be known to " + director.name(),
                LIMIT,
                () -> established(director, VIP) == STREAMS && established(director, VIP6) == STREAMS,
                () -> connections(director));
    }

    private static long established(Host director, String vip) {
        return connections(director)
                .lines()
                .filter(line -> line.contains("ESTABLISHED") && line.contains(vip))
                .count();
    }

    private static String connections(Host director) {
        return director.exec("ipvsadm", "-Lnc").out();
    }

    private static String daemons(Host director) {
        return director.exec("ipvsadm", "-L", "--daemon").out();
    }

    private String slice(String vip) {
        return """
                addresses: [{value: '%s', phase: Serving}]
                ports: [{protocol: TCP, port: 80, targetPort: 80}]
                scheduler: rr
                schedulerFlags: []
                onePacket: false
                realServers: [{address: '%s', weight: 1, forwarding: DR, phase: Serving}]
                """.formatted(
                vip,
                vip.contains(":") ? lab.host("rs1").ipv6() : lab.host("rs1").ipv4());
    }
}
