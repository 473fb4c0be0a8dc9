package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.KEY;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OTHER;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.VIP;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.withPeer;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.INITIALIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routers with our id that cannot be heard: counted, without effect, and told by name. */
class PeersSetUpOtherwiseTest {

    private static final RouterConfig VERSION_2 = new RouterConfig(
            KEY,
            Version.VERSION_2,
            100,
            1000,
            Preemption.AT_ONCE,
            ChecksumForm.RFC9568,
            Optional.empty(),
            List.of(IpAddress.parse(VIP)),
            Set.of("peer"));

    private static DriverUnderTest active(RouterConfig config) {
        DriverUnderTest driver = new DriverUnderTest(FakeHost.at(OWN));
        driver.configure(config);
        driver.run(Duration.ofSeconds(4));
        return driver;
    }

    private static Advertisement advert(Version version, int centiseconds) {
        return new Advertisement(version, 51, 255, centiseconds, List.of(IpAddress.parse(VIP)));
    }

    private static Version other(Version version) {
        return version == Version.VERSION_2 ? Version.VERSION_3 : Version.VERSION_2;
    }

    @ParameterizedTest(name = "V2-25 V3-38: a router of {0} does not hear one of the other, says so and names it")
    @EnumSource(Version.class)
    @Tag("V2-25-")
    @Tag("V3-38-")
    void anotherVersionIsTold(Version ours) {
        DriverUnderTest driver = active(ours == Version.VERSION_2 ? VERSION_2 : withPeer(VIP));

        driver.hear(advert(other(ours), 100));

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.VERSION, 1L));
        assertThat(driver.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.VERSION_DIFFERS);
            assertThat(problem.message())
                    .startsWith(OTHER + " speaks VRRP " + other(ours) + " and we " + ours)
                    .contains("vrrp.version");
        });
    }

    @Test
    @DisplayName("V2-32: in version 2 another interval is dropped and told")
    @Tag("V2-32-")
    void anotherIntervalIsTold() {
        DriverUnderTest driver = active(VERSION_2);

        driver.hear(advert(Version.VERSION_2, 200));

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.INTERVAL, 1L));
        assertThat(driver.problems()).containsExactly(Problem.Kind.INTERVAL_DIFFERS);
    }

    @Test
    @DisplayName("V2-29: an advert with a password is dropped and told")
    @Tag("V2-29-")
    void aPasswordIsTold() {
        DriverUnderTest driver = active(VERSION_2);

        driver.hear(HexFormat.of().parseHex("2133640101017b19c00002647365637265740000"));

        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.AUTHENTICATION, 1L));
        assertThat(driver.problems()).containsExactly(Problem.Kind.AUTHENTICATION_DIFFERS);
        assertThat(driver.status().problems().toString()).doesNotContain("secret");
    }

    @Nested
    @DisplayName("with a password")
    class WithAPassword {
        private static final RouterConfig AUTHENTICATED = VERSION_2.authenticatedBy(AuthenticationType.PASSWORD);
        private static final Authentication.Password SECRET =
                Authentication.Password.of("secret".getBytes(StandardCharsets.US_ASCII));

        private static DriverUnderTest knowing(Authentication.Password password) {
            DriverUnderTest driver = new DriverUnderTest(FakeHost.at(OWN));
            driver.driver().learn(Map.of("edge", password));
            driver.configure(AUTHENTICATED);
            driver.run(Duration.ofSeconds(4));
            return driver;
        }

        @Test
        @DisplayName("a router of the same one is obeyed")
        @Tag("V2-29+")
        void theSameIsObeyed() {
            DriverUnderTest driver = knowing(SECRET);
            assertThat(driver.status().state()).isEqualTo(ACTIVE);

            driver.hear(advert(Version.VERSION_2, 100), ChecksumForm.RFC9568, SECRET);

            assertThat(driver.host().holds(VIP)).isFalse();
            assertThat(driver.problems()).isEmpty();
        }

        @Test
        @DisplayName("V2-29: a router without one is not heard and told")
        @Tag("V2-29-")
        void noneIsTold() {
            DriverUnderTest driver = knowing(SECRET);

            driver.hear(advert(Version.VERSION_2, 100));

            assertThat(driver.status().state()).isEqualTo(ACTIVE);
            assertThat(driver.problems()).containsExactly(Problem.Kind.AUTHENTICATION_DIFFERS);
            assertThat(driver.status().problems().getFirst().message())
                    .contains("by a password")
                    .contains("vrrp.authentication")
                    .doesNotContain("secret");
        }

        @Test
        @DisplayName("as long as it is not known the router takes no part, and says so; then it does at once")
        void itWaitsForIt() {
            DriverUnderTest driver = active(AUTHENTICATED);
            assertThat(driver.status().state()).isEqualTo(INITIALIZE);
            assertThat(driver.problems()).containsExactly(Problem.Kind.PASSWORD_UNKNOWN);

            driver.driver().learn(Map.of("edge", SECRET));
            driver.run(Duration.ofSeconds(4));

            assertThat(driver.status().state()).isEqualTo(ACTIVE);
            assertThat(driver.problems()).isEmpty();
        }

        @Test
        @DisplayName("an Active that is to have one goes on without it until it is known")
        void anActiveGoesOn() {
            DriverUnderTest driver = active(VERSION_2);

            driver.configure(AUTHENTICATED);
            driver.run(Duration.ofSeconds(4));
            assertThat(driver.status().state()).isEqualTo(ACTIVE);
            driver.driver().learn(Map.of("edge", SECRET));
            driver.run(Duration.ofSeconds(1));

            assertThat(driver.transitions()).hasSize(2);
            assertThat(driver.host().openSockets().getFirst().sent().getLast())
                    .isEqualTo(HexFormat.of().parseHex("2133640101017b19c00002647365637265740000"));
        }
    }

    @Test
    @DisplayName("what nobody sends any more is told for a minute")
    void itIsToldForAMinute() {
        DriverUnderTest driver = active(VERSION_2);
        driver.hear(advert(Version.VERSION_3, 100));

        driver.run(Duration.ofSeconds(59));
        assertThat(driver.problems()).containsExactly(Problem.Kind.VERSION_DIFFERS);
        driver.run(Duration.ofSeconds(1));
        assertThat(driver.problems()).isEmpty();
    }

    @Test
    @DisplayName("a byte that is no version is only counted")
    void noiseIsNotTold() {
        DriverUnderTest driver = active(VERSION_2);

        driver.hear(HexFormat.of().parseHex("f133640101017b19c0000264"));

        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.VERSION, 1L));
        assertThat(driver.problems()).isEmpty();
    }

    @Test
    @DisplayName("V2-23 V2-30: one that is set up alike is heard and obeyed")
    @Tag("V2-23+")
    @Tag("V2-30+")
    void itsLikeIsObeyed() {
        DriverUnderTest driver = active(VERSION_2);

        driver.hear(advert(Version.VERSION_2, 100));

        assertThat(driver.host().holds(VIP)).isFalse();
        assertThat(driver.problems()).isEmpty();
    }
}
