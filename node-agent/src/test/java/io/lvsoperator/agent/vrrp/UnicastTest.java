package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.KEY;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OTHER;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.VIP;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.advert;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.router;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.BACKUP;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.INITIALIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A director whose peers are d2 (192.0.2.12) and d3 (192.0.2.13). */
class UnicastTest {

    private static final String THIRD = "192.0.2.13";

    private static RouterConfig to(Optional<String> announced, String... peers) {
        Set<IpAddress> addresses = Arrays.stream(peers).map(IpAddress::parse).collect(Collectors.toSet());
        return router(KEY, Set.of("d2", "d3"), VIP).by(new Route.Unicast(announced.map(IpAddress::parse), addresses));
    }

    private static DriverUnderTest started(RouterConfig config) {
        DriverUnderTest driver = new DriverUnderTest(FakeHost.at(OWN));
        driver.configure(config);
        driver.run(DOWN_INTERVAL);
        return driver;
    }

    private static DriverUnderTest active() {
        return started(to(Optional.of(OWN), OTHER, THIRD));
    }

    private static void hear(DriverUnderTest driver, String source, String destination) {
        byte[] message = AdvertisementCodec.encode(
                advert(255, VIP),
                IpAddress.parse(source),
                IpAddress.parse(destination),
                ChecksumForm.RFC9568,
                Authentication.None.NONE);
        driver.host()
                .arrive(new ReceivedMessage(
                        IpAddress.parse(source), IpAddress.parse(destination), AdvertisementCodec.HOP_LIMIT, message));
        driver.driver().receive();
    }

    @Test
    @DisplayName("V3-47: by unicast an advert goes to each peer and to no group")
    @Tag("V3-47-")
    @Tag("V2-36-")
    void advertsGoToEachPeer() {
        FakeHost.FakeSocket socket = active().host().openSockets().getFirst();

        assertThat(socket.destinations()).containsExactlyInAnyOrder(IpAddress.parse(OTHER), IpAddress.parse(THIRD));
        assertThat(socket.hears(IpAddress.parse("224.0.0.18"))).isFalse();
    }

    @Test
    void aPeerIsObeyed() {
        DriverUnderTest driver = active();

        hear(driver, THIRD, OWN);

        assertThat(driver.status().state()).isEqualTo(BACKUP);
    }

    @Test
    @DisplayName("an advert of a stranger is dropped and counted")
    void aStrangerIsNotHeard() {
        DriverUnderTest driver = active();

        hear(driver, "192.0.2.99", OWN);

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.UNKNOWN_PEER, 1L));
    }

    @Test
    @DisplayName("an advert of a peer to the group is dropped, where another fleet of the interface hears the group")
    void multicastIsNotHeard() {
        DriverUnderTest driver = new DriverUnderTest(FakeHost.at(OWN));
        RouterKey other = new RouterKey("core", "eth0", KEY.family(), 52);
        driver.configure(to(Optional.of(OWN), OTHER, THIRD), router(other, Set.of("d2"), "192.0.2.101"));

        hear(driver, OTHER, "224.0.0.18");

        assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.UNKNOWN_PEER, 1L));
    }

    @Test
    @DisplayName("a change of the peers is no transition, and the next advert goes to the new ones")
    void peersChangeWithoutTransition() {
        DriverUnderTest driver = active();
        FakeHost.FakeSocket socket = driver.host().openSockets().getFirst();
        socket.destinations().clear();

        driver.configure(to(Optional.of(OWN), THIRD, "192.0.2.14"));
        driver.run(DOWN_INTERVAL.dividedBy(3));

        assertThat(socket.destinations())
                .containsExactlyInAnyOrder(IpAddress.parse(THIRD), IpAddress.parse("192.0.2.14"));
        assertThat(driver.status().transitions()).isEqualTo(2);
        assertThat(driver.host().opened()).isEqualTo(1);
    }

    @Test
    @DisplayName("until its peers were told its address it takes no part, says so, and reports the address")
    void itWaitsUntilItsPeersKnowIt() {
        DriverUnderTest driver = started(to(Optional.empty(), OTHER, THIRD));
        assertThat(driver.status().state()).isEqualTo(INITIALIZE);
        assertThat(driver.problems()).containsExactly(Problem.Kind.ADDRESS_NOT_TOLD);
        assertThat(driver.status().source()).contains(IpAddress.parse(OWN));

        driver.configure(to(Optional.of(OWN), OTHER, THIRD));
        driver.run(DOWN_INTERVAL);

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.problems()).isEmpty();
    }

    @Test
    @DisplayName("an address other than the one told makes it wait too")
    void anotherAddressIsNotTold() {
        DriverUnderTest driver = started(to(Optional.of("192.0.2.9"), OTHER, THIRD));

        assertThat(driver.status().state()).isEqualTo(INITIALIZE);
        assertThat(driver.status().problems().getFirst().message())
                .contains(OWN)
                .contains("192.0.2.9");
    }

    @Test
    @DisplayName("a peer without a known address is told, and the router takes part without it")
    void anUnknownPeerIsTold() {
        DriverUnderTest driver = started(to(Optional.of(OWN), OTHER));

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.PEER_ADDRESS_UNKNOWN);
            assertThat(problem.message()).contains("1 of its peers [d2, d3]");
        });
    }

    @Test
    @DisplayName("without peers there is nobody to be told")
    void aLoneRouterWaitsForNobody() {
        DriverUnderTest driver = started(router(KEY, Set.of(), VIP).by(new Route.Unicast(Optional.empty(), Set.of())));

        assertThat(driver.status().state()).isEqualTo(ACTIVE);
        assertThat(driver.problems()).isEmpty();
    }

    @Test
    void aPeerOfTheOtherFamilyIsRefusedByName() {
        assertThatThrownBy(() -> to(Optional.of(OWN), "fe80::12"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet edge")
                .hasMessageContaining("peer address fe80::12");
    }

    @Test
    @DisplayName("back to multicast the group is joined, without a transition")
    void backToMulticast() {
        DriverUnderTest driver = active();

        driver.configure(router(KEY, Set.of("d2", "d3"), VIP));
        driver.run(DOWN_INTERVAL);

        List<FakeHost.FakeSocket> sockets = driver.host().openSockets();
        assertThat(sockets).hasSize(1);
        assertThat(sockets.getFirst().hears(IpAddress.parse("224.0.0.18"))).isTrue();
        assertThat(driver.status().transitions()).isEqualTo(2);
    }
}
