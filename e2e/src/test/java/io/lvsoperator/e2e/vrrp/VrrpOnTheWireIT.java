package io.lvsoperator.e2e.vrrp;

import static io.lvsoperator.agent.nativeaccess.AddressFamily.IPV4;
import static io.lvsoperator.agent.nativeaccess.AddressFamily.IPV6;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.BEYOND_DOWN_INTERVAL;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.FIRST_BACKUP;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.PREFERRED;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.e2e.lab.Capture;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.vrrp.Adverts.Advert;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Router;
import io.lvsoperator.e2e.vrrp.VrrpProcess.RouterLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the requirements say of packets, and what Linux does for us, as a bystander and the directors' kernels see it. */
@Tag("network")
@Tag("vrrp")
class VrrpOnTheWireIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static Lab lab;
    private static Host client;
    private static Host d1;
    private static Host d2;
    private static VipOwners owners;

    @TempDir
    private Path directory;

    private final List<Director> running = new ArrayList<>();

    @BeforeAll
    static void buildLab() {
        lab = VrrpFleet.lab("vrrpwire");
        client = lab.host("client");
        d1 = lab.host("d1");
        d2 = lab.host("d2");
        owners = new VipOwners(d1, d2);
    }

    @AfterAll
    static void removeLab() {
        lab.close();
    }

    @AfterEach
    void stopDirectors() {
        running.forEach(Director::close);
        for (Host host : List.of(d1, d2)) {
            forward(host, false);
            VrrpFleet.removeVips(host);
        }
        client.tryExec("ip", "neighbour", "flush", "dev", Host.INTERFACE, "nud", "all");
    }

    /** What a pair of directors speaks. */
    enum Spoken {
        IPV4_VERSION_3(IPV4, Version.VERSION_3),
        IPV6_VERSION_3(IPV6, Version.VERSION_3),
        IPV4_VERSION_2(IPV4, Version.VERSION_2);

        private final AddressFamily family;
        private final Version version;

        Spoken(AddressFamily family, Version version) {
            this.family = family;
            this.version = version;
        }

        Router router(int priority) {
            Router router = VrrpFleet.router(family, priority, vip(family));
            return version == Version.VERSION_2 ? VrrpFleet.ofVersion2(router) : router;
        }
    }

    private static void forward(Host host, boolean on) {
        host.setting("net/ipv4/ip_forward", on ? "1" : "0");
        host.setting("net/ipv6/conf/all/forwarding", on ? "1" : "0");
    }

    private static String vip(AddressFamily family) {
        return VrrpFleet.vip(family, lab);
    }

    private Director start(Host host, Router... routers) {
        Director director = Director.start(host, directory, routers);
        running.add(director);
        return director;
    }

    /** d1 is Active and d2 is Backup. */
    private List<Director> startBoth(AddressFamily family) {
        return startBoth(family == IPV4 ? Spoken.IPV4_VERSION_3 : Spoken.IPV6_VERSION_3);
    }

    private List<Director> startBoth(Spoken spoken) {
        AddressFamily family = spoken.family;
        Director first = start(d1, spoken.router(PREFERRED));
        Director second = start(d2, spoken.router(FIRST_BACKUP));
        owners.awaitSole(vip(family), d1);
        await().atMost(LIMIT).until(() -> second.state(family) == VirtualRouterState.BACKUP);
        return List.of(first, second);
    }

    private static boolean answers(String address) {
        return client.tryExec("ping", "-c", "2", "-i", "0.2", "-W", "1", address)
                        .exit()
                == 0;
    }

    /** An advertisement as section 7.2 wants it, from the address of d1's interface, as a filter of tcpdump. */
    private static String rightAdvert(Spoken spoken) {
        return switch (spoken.family) {
            case IPV4 ->
                "ip proto 112 and ip[8] = 255 and src host " + d1.ipv4()
                        + " and dst host 224.0.0.18 and ether dst 01:00:5e:00:00:12 and ip[20] = "
                        + (spoken.version.number() << 4 | 1);
            case IPV6 ->
                "ip6 proto 112 and ip6[7] = 255 and src net fe80::/10 and not src host fe80::5e:51"
                        + " and dst host ff02::12 and ether dst 33:33:00:00:00:12";
        };
    }

    @ParameterizedTest(
            name = "V3-02 V3-05 V3-46 V3-47 V3-18: every advert over {0} goes from the own address to the group, with"
                    + " hop limit 255, and no Router Advertisement beside it")
    @EnumSource(Spoken.class)
    @Tag("V3-02+")
    @Tag("V3-05+")
    @Tag("V3-46+")
    @Tag("V3-47+")
    @Tag("V3-18-")
    @Tag("V3-29-")
    @Tag("V2-02+")
    @Tag("V2-35+")
    @Tag("V2-36+")
    void advertsAreAsTheStandardWants(Spoken spoken) {
        String right = rightAdvert(spoken);
        try (Capture good = client.capture(Host.INTERFACE, right);
                Capture bad =
                        client.capture(Host.INTERFACE, "(ip proto 112 or ip6 proto 112) and not (" + right + ")");
                Capture routerAdvertisements = client.capture(Host.INTERFACE, "icmp6 and ip6[40] = 134")) {
            Director director = start(d1, spoken.router(PREFERRED));
            await().atMost(LIMIT).until(() -> good.packets().size() >= 4);
            director.stop();

            await().atMost(LIMIT).until(() -> good.packets().getLast().contains("prio 0,"));
            assertThat(bad.packets()).isEmpty();
            assertThat(routerAdvertisements.packets()).isEmpty();
        }
    }

    @ParameterizedTest(
            name = "V3-16 V3-17 V3-26 V3-28: over {0} the Active answers who asks for the VIP, the Backup never")
    @EnumSource(Spoken.class)
    @Tag("V3-16+")
    @Tag("V3-16-")
    @Tag("V3-17+")
    @Tag("V3-17-")
    @Tag("V3-26+")
    @Tag("V3-28+")
    @Tag("V3-31+")
    @Tag("V2-08+")
    @Tag("V2-08-")
    @Tag("V2-16+")
    void onlyTheActiveAnswersWhoAsks(Spoken spoken) {
        AddressFamily family = spoken.family;
        forward(d1, true);
        forward(d2, true);
        startBoth(spoken);
        String answer = family == IPV4 ? "arp[6:2] = 2" : "icmp6 and ip6[40] = 136 and ip6[44] & 0x40 = 0x40";
        String asRouter = family == IPV4 ? answer : "icmp6 and ip6[40] = 136 and ip6[44] & 0xc0 = 0xc0";

        try (Capture answers = client.capture(Host.INTERFACE, answer);
                Capture fromRouters = client.capture(Host.INTERFACE, asRouter)) {
            for (int i = 0; i < 3; i++) {
                client.exec("ip", "neighbour", "flush", "dev", Host.INTERFACE, "nud", "all");
                assertThat(answers(vip(family))).isTrue();
            }

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(forTheVip(answers, family)).hasSizeGreaterThanOrEqualTo(3));
            assertThat(forTheVip(answers, family)).allMatch(line -> line.contains(" " + d1.mac() + " > "));
            assertThat(forTheVip(fromRouters, family)).hasSameSizeAs(forTheVip(answers, family));
        }
    }

    private static List<String> forTheVip(Capture answers, AddressFamily family) {
        String told = family == IPV4 ? "Reply " + vip(family) + " is-at" : "tgt is " + vip(family) + ",";
        return answers.packets().stream().filter(line -> line.contains(told)).toList();
    }

    @ParameterizedTest(
            name = "V3-20 V3-S14: over {0} a packet for the VIP that is led to the Backup is not served, one for the"
                    + " Active goes no further")
    @EnumSource(Spoken.class)
    @Tag("V3-20+")
    @Tag("V3-20-")
    @Tag("V3-S14+")
    @Tag("V2-10+")
    @Tag("V2-10-")
    void aBackupServesNothing(Spoken spoken) {
        AddressFamily family = spoken.family;
        startBoth(spoken);
        forward(d1, true);

        try (Capture forwarded =
                client.capture(Host.INTERFACE, "ether src " + d1.mac() + " and dst host " + vip(family))) {
            boolean atTheBackup = answersAt(d2, vip(family));
            boolean atTheActive = answersAt(d1, vip(family));

            assertThat(List.of(atTheBackup, atTheActive)).containsExactly(false, true);
            assertThat(forwarded.packets()).noneMatch(line -> line.contains("echo request"));
        }
    }

    /** Whether a ping is answered that is led to this host, whoever says that it has the address. */
    private static boolean answersAt(Host host, String address) {
        client.exec(
                "ip", "neighbour", "replace", address, "lladdr", host.mac(), "dev", Host.INTERFACE, "nud", "permanent");
        try {
            return answers(address);
        } finally {
            client.exec("ip", "neighbour", "delete", address, "dev", Host.INTERFACE);
        }
    }

    @ParameterizedTest(name = "V3-26: over {0} a VIP that was taken out of the configuration is answered for no more")
    @EnumSource(AddressFamily.class)
    @Tag("V3-26-")
    void aRemovedVipIsAnsweredForNoMore(AddressFamily family) {
        String other = family == IPV4 ? lab.segment().ipv4(101) : lab.segment().ipv6(101);
        Director director = start(d1, router(family, PREFERRED, vip(family), other));
        owners.awaitSole(other, d1);
        boolean before = answers(other);

        director.configure(router(family, PREFERRED, vip(family)));
        await().atMost(LIMIT).until(() -> owners.of(other).isEmpty());
        client.exec("ip", "neighbour", "flush", "dev", Host.INTERFACE, "nud", "all");

        assertThat(List.of(before, answers(other), answers(vip(family)))).containsExactly(true, false, true);
    }

    @Test
    @DisplayName("V3-27: an Active is in the solicited-node group of its VIP, and leaves it with the VIP")
    @Tag("V3-27+")
    @Tag("V3-27-")
    void theActiveIsInTheGroupOfItsVip() {
        Director director = start(d1, router(IPV6, PREFERRED, vip(IPV6)));
        owners.awaitSole(vip(IPV6), d1);
        boolean held = isInTheGroupOfTheVip();

        director.stop();
        await().atMost(LIMIT).until(() -> owners.of(vip(IPV6)).isEmpty());

        assertThat(List.of(held, isInTheGroupOfTheVip())).containsExactly(true, false);
    }

    private static boolean isInTheGroupOfTheVip() {
        return d1.exec("ip", "-6", "maddress", "show", "dev", Host.INTERFACE)
                .out()
                .contains("ff02::1:ff00:100");
    }

    @ParameterizedTest(name = "V3-01 V3-04: adverts over {0} are taken in by a router and go no further")
    @EnumSource(Spoken.class)
    @Tag("V3-01+")
    @Tag("V3-01-")
    @Tag("V3-04+")
    @Tag("V3-04-")
    @Tag("V2-01+")
    @Tag("V2-01-")
    void advertsStayOnTheirLink(Spoken spoken) {
        AddressFamily family = spoken.family;
        d2.exec("ip", "link", "add", "lan9", "type", "veth", "peer", "name", "lan9p");
        try {
            d2.exec("ip", "link", "set", "lan9p", "up");
            d2.exec("ip", "link", "set", "lan9", "up");
            d2.addAddress("198.51.100.1", 24, "lan9");
            d2.exec("ip", "route", "add", "224.0.0.0/4", "dev", "lan9");
            forward(d2, true);
            try (Capture beyond = d2.capture("lan9p", "ip proto 112 or ip6 proto 112")) {
                Director second = startBoth(spoken).getLast();
                owners.during(vip(family), BEYOND_DOWN_INTERVAL);

                assertThat(second.router(family).map(RouterLine::received).orElse(0L))
                        .isGreaterThan(2L);
                assertThat(beyond.packets()).isEmpty();
            }
        } finally {
            d2.exec("ip", "link", "delete", "lan9");
        }
    }

    @ParameterizedTest(
            name = "V3-33: over {0} an agent that was killed says nothing, and is replaced after the down interval")
    @EnumSource(AddressFamily.class)
    @Tag("V3-33-")
    void aKilledAgentSaysNothing(AddressFamily family) {
        Director first = startBoth(family).getFirst();

        try (Adverts adverts = Adverts.at(client)) {
            await().atMost(LIMIT).until(() -> !adverts.seen().isEmpty());
            first.kill();
            await().atMost(LIMIT).until(() -> heard(adverts, FIRST_BACKUP).size() > 0);

            assertThat(heard(adverts, 0)).isEmpty();
            assertThat(heard(adverts, FIRST_BACKUP).getFirst().seconds()
                            - heard(adverts, PREFERRED).getLast().seconds())
                    .isGreaterThan(3.0);
        }
    }

    private static List<Advert> heard(Adverts adverts, int priority) {
        return adverts.seen().stream()
                .filter(advert -> advert.priority() == priority)
                .toList();
    }

    @Test
    @DisplayName("V3-S13: a Backup and an Active learn where a VIP is now from its announcement")
    @Tag("V3-S13+")
    void announcementsAreTakenIn() {
        String other = lab.segment().ipv6(101);
        Router otherRouter = new Router(
                Host.INTERFACE,
                IPV6,
                52,
                Version.VERSION_3,
                PREFERRED,
                1000,
                router(IPV6, PREFERRED).preemption(),
                0,
                router(IPV6, PREFERRED).checksum(),
                "fe80::5e:52",
                List.of(other),
                List.of("peer"));
        Router backup = router(IPV6, FIRST_BACKUP, vip(IPV6));
        Director second = start(d2, backup);
        await().atMost(LIMIT).until(() -> second.state(IPV6) == VirtualRouterState.BACKUP);
        mislead(d2, vip(IPV6));

        start(d1, router(IPV6, PREFERRED, vip(IPV6)));
        owners.awaitSole(vip(IPV6), d1);
        awaitNeighbour(d2, vip(IPV6), d1);

        mislead(d1, other);
        second.configure(backup, otherRouter);
        owners.awaitSole(other, d2);
        awaitNeighbour(d1, other, d2);
        assertThat(owners.of(vip(IPV6))).containsExactly("d1");
    }

    /** Makes it believe that an address is where nobody is. */
    private static void mislead(Host host, String address) {
        host.exec(
                "ip",
                "neighbour",
                "replace",
                address,
                "lladdr",
                "02:00:00:00:00:99",
                "dev",
                Host.INTERFACE,
                "nud",
                "stale");
    }

    private static void awaitNeighbour(Host host, String address, Host owner) {
        await().atMost(LIMIT)
                .until(() -> host.exec("ip", "neighbour", "show", address).out().contains(owner.mac()));
    }
}
