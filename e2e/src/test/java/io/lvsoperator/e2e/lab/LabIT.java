package io.lvsoperator.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab itself: what the scenarios take for granted, done by hand with ipvsadm and ip. */
@Tag("kernel")
class LabIT {

    private static final int VIP = 100;
    private static final int PORT = 80;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final List<String> REAL_SERVERS = List.of("rs1", "rs2");

    private static Lab lab;

    @BeforeAll
    static void buildLab() {
        lab = Lab.named("labit")
                .client("client")
                .director("d1")
                .realServer("rs1")
                .realServer("rs2")
                .build();
        for (String name : REAL_SERVERS) {
            Traffic.serve(lab.host(name), name, ":" + PORT);
        }
    }

    @AfterAll
    static void removeLab() {
        lab.close();
    }

    @AfterEach
    void removeVips() {
        // One program for each host: starting programs is what takes time in an emulated guest.
        String script = """
                for link in lo eth0; do
                    echo "address delete %s/32 dev $link"
                    echo "address delete %s/128 dev $link"
                done | { cat; echo "neighbour flush all"; } | ip -force -batch - 2>/dev/null
                cd /proc/sys/net/ipv4/conf/eth0 && echo 0 >arp_ignore && echo 0 >arp_announce
                """.formatted(Family.IPV4.vip(), Family.IPV6.vip());
        lab.hosts().forEach(host -> host.exec("sh", "-c", script));
    }

    /** The two address families, and how ipvsadm and clients write their addresses. */
    enum Family {
        IPV4(32),
        IPV6(128);

        private final int hostBits;

        Family(int hostBits) {
            this.hostBits = hostBits;
        }

        String vip() {
            return this == IPV4 ? lab.segment().ipv4(VIP) : lab.segment().ipv6(VIP);
        }

        String bracketed(String address) {
            return this == IPV4 ? address : "[" + address + "]";
        }

        String addressOf(Host host) {
            return this == IPV4 ? host.ipv4() : host.ipv6();
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void directRoutingSharesRequestsEvenlyAndKeepsTheClientsAddress(Family family) {
        // Given
        Host director = lab.host("d1");
        String service = family.bracketed(family.vip()) + ":" + PORT;
        director.exec("ipvsadm", "-A", "-t", service, "-s", "rr");
        for (String name : REAL_SERVERS) {
            Host realServer = lab.host(name);
            holdSilently(realServer, family);
            director.exec(
                    "ipvsadm", "-a", "-t", service, "-r", family.bracketed(family.addressOf(realServer)) + ":80", "-g");
        }
        director.addAddress(family.vip(), family.hostBits, Host.INTERFACE);

        // When
        Traffic.Spread spread = Traffic.get(lab.host("client"), service, 20, TIMEOUT);

        // Then
        director.exec("ipvsadm", "-D", "-t", service);
        assertThat(spread.failures()).isEmpty();
        assertThat(spread.answers()).isEqualTo(Map.of("rs1", 10, "rs2", 10));
        assertThat(spread.clientSeen()).isEqualTo(Map.of(family.addressOf(lab.host("client")), 20));
    }

    @Test
    void pulledCableTakesTheCarrierAndTheClientSeesTheGap() {
        // Given
        Host realServer = lab.host("rs1");
        Traffic.Requests requests = Traffic.requests(
                lab.host("client"), realServer.ipv4() + ":" + PORT, Duration.ofMillis(50), Duration.ofMillis(500));
        awaitTrafficTo(realServer);

        // When
        realServer.pullCable();
        String carrier =
                realServer.exec("cat", "/sys/class/net/eth0/carrier").out().strip();
        pause(Duration.ofSeconds(2));
        realServer.plugCable();
        awaitTrafficTo(realServer);
        Traffic.Spread spread = requests.finish();

        // Then
        assertThat(carrier).isEqualTo("0");
        assertThat(spread.longestGap().millis()).isGreaterThan(2_000);
        assertThat(spread.failures()).isNotEmpty();
        assertThat(spread.answers()).containsOnlyKeys("rs1");
    }

    @Test
    void heldStreamSurvivesAShortCableFault() {
        // Given
        Host realServer = lab.host("rs2");
        Traffic.Streams streams =
                Traffic.hold(lab.host("client"), realServer.ipv4() + ":" + PORT, 2, Duration.ofMillis(100));

        // When
        realServer.pullCable();
        pause(Duration.ofMillis(1_500));
        realServer.plugCable();
        awaitTrafficTo(realServer);
        pause(Duration.ofSeconds(3));
        List<Traffic.Stream> held = streams.finish();

        // Then
        assertThat(held).hasSize(2).allSatisfy(stream -> {
            assertThat(stream.end()).isEqualTo("open");
            assertThat(stream.server()).isEqualTo("rs2");
            assertThat(stream.longestGap().millis()).isGreaterThan(1_500);
            assertThat(stream.received()).isPositive();
        });
    }

    @Test
    void vipOnLoopbackAnswersNoArpOnceArpIgnoreIsSet() {
        // Given
        Host realServer = lab.host("rs1");
        String vip = Family.IPV4.vip();
        realServer.addAddress(vip, 32, "lo");

        // When
        boolean answeredBefore = answersArp(vip);
        realServer.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        boolean answeredAfter = answersArp(vip);

        // Then
        assertThat(List.of(answeredBefore, answeredAfter)).containsExactly(true, false);
    }

    @Test
    void captureShowsTheDeterministicMacAddresses() {
        // Given
        Host client = lab.host("client");
        Host realServer = lab.host("rs1");

        // When
        List<String> packets;
        try (Capture capture = realServer.capture(Host.INTERFACE, "icmp")) {
            client.exec("ping", "-c", "1", "-W", "5", realServer.ipv4());
            await().atMost(Duration.ofSeconds(20)).until(() -> capture.packets().size() >= 2);
            packets = capture.packets();
        }

        // Then
        assertThat(packets).first().asString().contains("02:00:c0:00:02:01 > 02:00:c0:00:02:15");
    }

    @Test
    void everyHostReachesTheManagementNetwork() {
        // When
        List<Integer> answers = lab.hosts().stream()
                .map(host -> host.tryExec("ping", "-c", "1", "-W", "5", ManagementNetwork.API_SERVER)
                        .exit())
                .toList();

        // Then
        assertThat(answers).hasSize(4).containsOnly(0);
    }

    private static void holdSilently(Host realServer, Family family) {
        realServer.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        realServer.setting("net/ipv4/conf/eth0/arp_announce", "2");
        realServer.addAddress(family.vip(), family.hostBits, "lo");
    }

    private static boolean answersArp(String address) {
        return lab.host("client")
                        .tryExec("arping", "-c", "2", "-w", "3", "-f", "-I", Host.INTERFACE, address)
                        .exit()
                == 0;
    }

    private static void awaitTrafficTo(Host realServer) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Traffic.get(lab.host("client"), realServer.ipv4() + ":" + PORT, 1, Duration.ofSeconds(1))
                                .answered()
                        == 1);
    }

    /** The length of the fault is the subject of the test. */
    private static void pause(Duration fault) {
        try {
            Thread.sleep(fault);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
