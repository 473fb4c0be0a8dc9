package io.lvsoperator.e2e.vrrp;

import static io.lvsoperator.e2e.vrrp.VrrpFleet.BEYOND_DOWN_INTERVAL;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.VRID;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.byUnicast;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.ofVersion2;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.router;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.withChecksum;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.withPassword;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.withPreemptionDelay;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.withoutPreemption;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of our directors (d1) and a real keepalived (d2) in one virtual router, with keepalived's own defaults. */
@Tag("network")
@Tag("vrrp")
class VrrpKeepalivedIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int OURS = 100;
    private static final String PASSWORD = "s3cret";

    private static Lab lab;
    private static Host client;
    private static Host d1;
    private static Host d2;
    private static VipOwners owners;

    @TempDir
    private Path directory;

    @BeforeAll
    static void buildLab() {
        lab = VrrpFleet.lab("vrrpka");
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
    void removeVips() {
        VrrpFleet.removeVips(d1);
        VrrpFleet.removeVips(d2);
    }

    private static String vip(AddressFamily family) {
        return VrrpFleet.vip(family, lab);
    }

    /** What the two speak. */
    enum Spoken {
        IPV4(AddressFamily.IPV4, Version.VERSION_3),
        IPV6(AddressFamily.IPV6, Version.VERSION_3),
        IPV4_IN_VERSION_2(AddressFamily.IPV4, Version.VERSION_2),
        IPV4_WITH_PASSWORD(AddressFamily.IPV4, Version.VERSION_2),
        IPV4_BY_UNICAST(AddressFamily.IPV4, Version.VERSION_3),
        IPV6_BY_UNICAST(AddressFamily.IPV6, Version.VERSION_3);

        private final AddressFamily family;
        private final Version version;

        Spoken(AddressFamily family, Version version) {
            this.family = family;
            this.version = version;
        }

        private boolean isUnicast() {
            return this == IPV4_BY_UNICAST || this == IPV6_BY_UNICAST;
        }

        private String source(Host host) {
            return switch (family) {
                case IPV4 -> host.ipv4();
                case IPV6 -> linkLocal(host);
            };
        }

        String vip() {
            return VrrpKeepalivedIT.vip(family);
        }

        /** In the form that keepalived 2.2 insists on. */
        Router ours(int priority) {
            Router plain = router(family, priority, vip());
            Router router = version == Version.VERSION_2
                    ? ofVersion2(plain)
                    : withChecksum(plain, ChecksumForm.KEEPALIVED_LEGACY);
            return switch (this) {
                case IPV4_BY_UNICAST, IPV6_BY_UNICAST -> byUnicast(router, source(d1), source(d2));
                case IPV4_WITH_PASSWORD -> withPassword(router, PASSWORD);
                case IPV4, IPV6, IPV4_IN_VERSION_2 -> router;
            };
        }

        Keepalived keepalived(Path directory, int priority, String... more) {
            return Keepalived.start(d2, directory, instance(priority, 1, more));
        }

        Keepalived.Instance instance(int priority, int intervalSeconds, String... more) {
            List<String> addresses = switch (family) {
                case IPV4 -> List.of(vip() + "/32");
                case IPV6 -> List.of("fe80::5e:51/128", vip() + "/128");
            };
            List<String> lines = new ArrayList<>(List.of(more));
            if (isUnicast()) {
                lines.add("unicast_src_ip " + source(d2));
                lines.add("unicast_peer { \n " + source(d1) + "\n }");
                lines.add("unicast_ttl 255");
            }
            if (this == IPV4_WITH_PASSWORD) {
                lines.add("authentication {\n auth_type PASS\n auth_pass " + PASSWORD + "\n }");
            }
            return new Keepalived.Instance(VRID, version, priority, intervalSeconds, lines, addresses);
        }
    }

    @ParameterizedTest(name = "over {0} we are Active, keepalived obeys, and takes over when we stop")
    @EnumSource(Spoken.class)
    void weAreActive(Spoken spoken) {
        AddressFamily family = spoken.family;
        try (Keepalived keepalived = spoken.keepalived(directory, OURS - 50);
                Director director = Director.start(d1, directory, spoken.ours(OURS));
                Adverts adverts = Adverts.at(d2)) {
            owners.awaitSole(vip(family), d1);
            int heardBefore = adverts.seen().size();

            Set<List<String>> seen = owners.during(vip(family), BEYOND_DOWN_INTERVAL);

            assertThat(seen).as(keepalived::log).containsExactly(List.of("d1"));
            assertThat(adverts.seen().subList(heardBefore, adverts.seen().size()))
                    .as(() -> adverts.lines().toString())
                    .isNotEmpty()
                    .allMatch(advert -> advert.mac().equals(d1.mac()));

            director.stop();
            owners.awaitSole(vip(family), d2);
        }
    }

    @ParameterizedTest(name = "over {0} keepalived is Active, we obey, and take over when it stops")
    @EnumSource(Spoken.class)
    void keepalivedIsActive(Spoken spoken) {
        AddressFamily family = spoken.family;
        try (Keepalived keepalived = spoken.keepalived(directory, OURS + 50);
                Director director = Director.start(d1, directory, spoken.ours(OURS));
                Adverts adverts = Adverts.at(d1)) {
            owners.awaitSole(vip(family), d2);
            await().atMost(LIMIT).until(() -> director.state(family) == VirtualRouterState.BACKUP);
            int heardBefore = adverts.seen().size();

            Set<List<String>> seen = owners.during(vip(family), BEYOND_DOWN_INTERVAL);

            assertThat(seen).as(keepalived::log).containsExactly(List.of("d2"));
            assertThat(adverts.seen().subList(heardBefore, adverts.seen().size()))
                    .as(() -> adverts.lines().toString())
                    .isNotEmpty()
                    .allMatch(advert -> advert.mac().equals(d2.mac()));
            assertThat(director.router(family).orElseThrow().problems()).isEmpty();

            keepalived.stop();
            owners.awaitSole(vip(family), d1);
        }
    }

    @ParameterizedTest(
            name = "in {0} keepalived of equal priority is obeyed, and after a partition the greater address wins")
    @EnumSource(names = {"IPV4", "IPV4_IN_VERSION_2"})
    @Tag("V2-23+")
    @Tag("V3-36+")
    void equalPrioritiesAreSettledByTheAddress(Spoken spoken) {
        Host greater = d1.ipv4().compareTo(d2.ipv4()) > 0 ? d1 : d2;
        try (Keepalived keepalived = spoken.keepalived(directory, OURS)) {
            owners.awaitSole(spoken.vip(), d2);
            try (Director director = Director.start(d1, directory, spoken.ours(OURS))) {
                await().atMost(LIMIT).until(() -> director.state(spoken.family) == VirtualRouterState.BACKUP);
                assertThat(owners.during(spoken.vip(), BEYOND_DOWN_INTERVAL))
                        .as(keepalived::log)
                        .containsExactly(List.of("d2"));

                cutVrrp(d1);
                await().atMost(LIMIT).until(() -> owners.of(spoken.vip()), List.of("d1", "d2")::equals);
                d1.exec("nft", "delete table inet partition");

                owners.awaitSole(spoken.vip(), greater);
            }
        }
    }

    private static String linkLocal(Host host) {
        return host.addresses(Host.INTERFACE).stream()
                .map(address -> address.substring(0, address.indexOf('/')))
                .filter(address -> address.startsWith("fe80:") && !address.equals("fe80::5e:51"))
                .findFirst()
                .orElseThrow();
    }

    private static void cutVrrp(Host host) {
        host.exec("nft", "add table inet partition");
        for (String hook : List.of("input", "output")) {
            host.exec("nft", "add chain inet partition " + hook + " { type filter hook " + hook + " priority 0; }");
            host.exec("nft", "add rule inet partition " + hook + " meta l4proto 112 drop");
        }
    }

    @Test
    @DisplayName("without preemption a living keepalived of lower priority stays Active")
    void withoutPreemptionKeepalivedStays() {
        Spoken spoken = Spoken.IPV4;
        try (Keepalived keepalived = spoken.keepalived(directory, OURS - 50)) {
            owners.awaitSole(spoken.vip(), d2);
            try (Director director = Director.start(d1, directory, withoutPreemption(spoken.ours(OURS)))) {
                await().atMost(LIMIT).until(() -> director.state(spoken.family) == VirtualRouterState.BACKUP);

                assertThat(owners.during(spoken.vip(), BEYOND_DOWN_INTERVAL))
                        .as(keepalived::log)
                        .containsExactly(List.of("d2"));
            }
        }
    }

    @Test
    @DisplayName("with a delay keepalived of lower priority is obeyed for so long, then replaced")
    void preemptionIsDelayed() {
        Spoken spoken = Spoken.IPV4;
        try (Keepalived keepalived = spoken.keepalived(directory, OURS - 50)) {
            owners.awaitSole(spoken.vip(), d2);
            Router patient = withPreemptionDelay(spoken.ours(OURS), 6);
            try (Director director = Director.start(d1, directory, patient)) {
                await().atMost(LIMIT).until(() -> director.state(spoken.family) == VirtualRouterState.BACKUP);

                assertThat(owners.during(spoken.vip(), Duration.ofSeconds(6)))
                        .as(keepalived::log)
                        .containsExactly(List.of("d2"));
                owners.awaitSole(spoken.vip(), d1);
            }
        }
    }

    @Test
    @DisplayName(
            "V3-24: the interval of a keepalived that is Active is learnt: its silence is noticed after three of them")
    @Tag("V3-24+")
    void theIntervalOfTheActiveIsLearnt() {
        Spoken spoken = Spoken.IPV4;
        try (Keepalived keepalived = Keepalived.start(d2, directory, spoken.instance(OURS + 50, 2));
                Adverts adverts = Adverts.at(client)) {
            owners.awaitSole(spoken.vip(), d2);
            try (Director director = Director.start(d1, directory, spoken.ours(OURS))) {
                await().atMost(LIMIT)
                        .until(() -> director.router(spoken.family).stream()
                                .flatMap(router -> router.problems().stream())
                                .anyMatch(
                                        problem -> problem.contains("advertises every 2000 ms and we every 1000 ms")));

                keepalived.kill();
                await().atMost(LIMIT).until(() -> !heard(adverts, d1).isEmpty());

                assertThat(heard(adverts, d1).getFirst().seconds()
                                - heard(adverts, d2).getLast().seconds())
                        .isBetween(6.0, 9.0);
            }
        }
    }

    private static List<Adverts.Advert> heard(Adverts adverts, Host sender) {
        return adverts.seen().stream()
                .filter(advert -> advert.mac().equals(sender.mac()))
                .toList();
    }

    @Test
    @DisplayName("V2-25 V3-38: of two versions neither hears the other: both are Active, and we say why")
    @Tag("V2-25-")
    @Tag("V3-38-")
    void theOtherVersionIsTold() {
        try (Keepalived keepalived = Spoken.IPV4_IN_VERSION_2.keepalived(directory, OURS - 50);
                Director director = Director.start(d1, directory, Spoken.IPV4.ours(OURS))) {
            await().atMost(LIMIT)
                    .until(() -> director.router(AddressFamily.IPV4).stream()
                            .flatMap(router -> router.problems().stream())
                            .anyMatch(problem ->
                                    problem.contains(d2.ipv4() + " speaks VRRP version 2 and we version 3")));

            await().atMost(LIMIT).until(() -> owners.of(vip(AddressFamily.IPV4)), List.of("d1", "d2")::equals);
            await().atMost(LIMIT).until(() -> keepalived.log().contains("wrong version. Received 3 and expect 2"));
        }
    }

    @Test
    @DisplayName("over IPv4 with the RFC 9568 checksum keepalived does not hear us: we hear it and say so")
    void theOtherChecksumIsTold() {
        AddressFamily family = AddressFamily.IPV4;
        try (Keepalived keepalived = Spoken.IPV4.keepalived(directory, OURS - 50);
                Director director = Director.start(d1, directory, router(family, OURS, vip(family)))) {
            await().atMost(LIMIT)
                    .until(() -> director.router(family).stream()
                            .flatMap(router -> router.problems().stream())
                            .anyMatch(problem -> problem.contains("KEEPALIVED_LEGACY checksum and we send RFC9568")));

            assertThat(director.router(family).orElseThrow().peerChecksum())
                    .as(keepalived::log)
                    .isEqualTo(ChecksumForm.KEEPALIVED_LEGACY);
        }
    }
}
