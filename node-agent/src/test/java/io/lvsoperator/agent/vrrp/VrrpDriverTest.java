package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.KEY;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OTHER;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.VIP;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.advert;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.alone;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.router;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.withPeer;
import static io.lvsoperator.agent.vrrp.FakeHost.ETH0;
import static io.lvsoperator.agent.vrrp.FakeHost.ETH1;
import static io.lvsoperator.agent.vrrp.FakeHost.LO;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.BACKUP;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.INITIALIZE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.link.AddressFlag;
import io.lvsoperator.agent.link.LinkEvent;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Announcement;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VrrpDriverTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final LinkEvent NEWS = new LinkEvent.Resync("test");

    private static DriverUnderTest started(FakeHost host, RouterConfig... routers) {
        DriverUnderTest driver = new DriverUnderTest(host);
        driver.configure(routers);
        return driver;
    }

    private static DriverUnderTest active(RouterConfig... routers) {
        DriverUnderTest driver = started(FakeHost.at(OWN), routers);
        driver.run(DOWN_INTERVAL);
        return driver;
    }

    @Nested
    class Vips {

        @Test
        @DisplayName("before the first configuration nothing is touched")
        void nothingIsTouchedBeforeTheFirstConfiguration() {
            FakeHost host = FakeHost.at(OWN);
            host.holdOurs(ETH0, VIP);

            new DriverUnderTest(host).run(SECOND.multipliedBy(5));

            assertThat(host.holds(VIP)).isTrue();
        }

        @Test
        @DisplayName("without any virtual router everything marked goes, from every interface but loopbacks")
        void noRouterMeansNoVip() {
            FakeHost host = FakeHost.at(OWN);
            host.holdOurs(ETH0, VIP);
            host.holdOurs(3, VIP);
            host.holdOurs(LO, VIP);
            host.hold(ETH0, "192.0.2.99", 32, 0, 0);

            started(host);

            assertThat(List.of(host.holds(ETH0, VIP), host.holds(LO, VIP), host.holds(ETH0, "192.0.2.99")))
                    .containsExactly(false, true, true);
        }

        @Test
        void anActiveHoldsAndAnnouncesThem() {
            DriverUnderTest driver = active(withPeer(VIP));

            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.host().frames())
                    .containsExactly(Announcement.frame(driver.host().mac(), IpAddress.parse(VIP)));
        }

        @Test
        @DisplayName("with peers a VIP found at the start goes while we listen")
        void foundVipsGo() {
            FakeHost host = FakeHost.at(OWN);
            host.holdOurs(ETH0, VIP);

            started(host, withPeer(VIP));

            assertThat(host.holds(VIP)).isFalse();
        }

        @Test
        @DisplayName("a lone router keeps what it finds, even on an interface that cannot be used yet")
        void aLoneRouterKeepsWhatItFinds() {
            FakeHost host = FakeHost.at(OWN);
            host.holdOurs(ETH0, VIP);
            host.holdOurs(ETH0, "192.0.2.101");
            host.setCarrier(false);

            started(host, alone(VIP)).run(SECOND.multipliedBy(3));

            assertThat(List.of(host.holds(VIP), host.holds("192.0.2.101"))).containsExactly(true, false);
        }

        @Test
        void aVipThatVanishesIsPutBackAndAnnounced() {
            DriverUnderTest driver = active(withPeer(VIP));
            driver.run(SECOND.multipliedBy(2));
            driver.host().frames().clear();

            driver.host().release(ETH0, VIP);
            driver.run(SECOND);

            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.host().frames()).isNotEmpty();
            assertThat(driver.transitions()).hasSize(2);
        }

        @Test
        @DisplayName("a VIP that cannot be added is a problem that names it, and is tried again")
        void aFailedAdditionIsTriedAgain() {
            DriverUnderTest driver = started(FakeHost.at(OWN), withPeer(VIP));
            driver.host().failAdd(Errno.EPERM);
            driver.run(DOWN_INTERVAL);
            List<Problem> failed = driver.status().problems();

            driver.host().failAdd(null);
            driver.run(SECOND);

            assertThat(failed).singleElement().satisfies(problem -> {
                assertThat(problem.kind()).isEqualTo(Problem.Kind.VIP_NOT_ADDED);
                assertThat(problem.message()).contains(VIP, "eth0", "EPERM");
            });
            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.problems()).isEmpty();
        }

        @Test
        @DisplayName("a VIP that another program holds is told, and neither adopted nor removed")
        void aForeignVipIsLeftAlone() {
            FakeHost host = FakeHost.at(OWN);
            host.hold(ETH0, VIP, 32, 0, 0);
            DriverUnderTest driver = started(host, withPeer(VIP));
            driver.run(DOWN_INTERVAL.plus(SECOND));

            assertThat(driver.problems()).containsExactly(Problem.Kind.VIP_FOREIGN);
            driver.driver().shutdown(Ending.AGENT_STOPS);
            assertThat(host.holds(VIP)).isTrue();
        }

        @Test
        @DisplayName("a kernel that keeps no marks: our own VIPs still go when we step down")
        void ownVipsAreKnownWithoutMarks() {
            FakeHost host = FakeHost.at(OWN);
            host.keepNoMarks();
            DriverUnderTest driver = started(host, withPeer(VIP));
            driver.run(DOWN_INTERVAL.plus(SECOND.multipliedBy(2)));

            driver.hear(advert(255, VIP));

            assertThat(host.holds(VIP)).isFalse();
        }

        @Test
        @DisplayName("when interfaces cannot be listed nothing is deleted, and the problem is told")
        void unknownIsNotEmpty() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().failState(Errno.ENOBUFS);
            driver.run(SECOND.multipliedBy(2));

            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.status().state()).isEqualTo(ACTIVE);
            assertThat(driver.problems()).containsExactly(Problem.Kind.NETWORK_UNKNOWN);
        }

        @Test
        @DisplayName("a VIP of two virtual routers stays as long as one of them holds it")
        void aSharedVipStays() {
            RouterKey other = new RouterKey("core", "eth0", AddressFamily.IPV4, 52);
            DriverUnderTest driver = active(withPeer(VIP), router(other, Set.of("peer"), VIP));

            driver.configure(withPeer(VIP));

            assertThat(driver.host().deleted()).isEmpty();
            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.driver().status().routers()).hasSize(1);
        }

        @Test
        void aWithdrawnRouterLetsGoAndSaysSo() {
            DriverUnderTest driver = active(alone(VIP));
            FakeHost.FakeSocket socket = driver.host().openSockets().getFirst();

            driver.configure();

            assertThat(driver.host().holds(VIP)).isFalse();
            assertThat(socket.sent().getLast()[2]).isZero();
            assertThat(driver.host().openSockets()).isEmpty();
        }
    }

    @Nested
    class Announcing {

        private static final List<Long> MOMENTS = List.of(0L, 100L, 300L, 700L, 1500L);

        @Test
        @DisplayName("V3-22: five times, at 0, 100, 300, 700 and 1500 ms")
        @Tag("V3-22+")
        void fiveTimes() {
            DriverUnderTest driver = active(withPeer(VIP));
            List<Integer> counts = IntStream.range(1, MOMENTS.size())
                    .map(i -> {
                        driver.run(Duration.ofMillis(MOMENTS.get(i) - MOMENTS.get(i - 1) - 1));
                        int before = driver.host().frames().size();
                        driver.run(Duration.ofMillis(1));
                        return driver.host().frames().size() - before;
                    })
                    .boxed()
                    .toList();
            driver.run(SECOND.multipliedBy(60));

            assertThat(counts).containsExactly(1, 1, 1, 1);
            assertThat(driver.host().frames()).hasSize(5);
        }

        @Test
        void aRemovedVipIsAnnouncedNoMore() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.hear(advert(255, VIP));
            driver.run(SECOND.multipliedBy(2));

            assertThat(driver.host().frames()).hasSize(1);
        }

        @Test
        @DisplayName("a thousand VIPs that do not fit the queue are all announced five times in the end")
        void aFullQueueOnlyDelays() {
            String[] vips = IntStream.range(0, 1000)
                    .mapToObj(i -> "198.51." + (100 + i / 250) + "." + i % 250)
                    .toArray(String[]::new);
            DriverUnderTest driver = started(FakeHost.at(OWN), withPeer(vips));
            driver.host().limitQueue(100);
            driver.run(DOWN_INTERVAL);
            int atOnce = driver.host().frames().size();
            for (int i = 0; i < 2_000; i++) {
                driver.host().drainQueue();
                driver.run(Duration.ofMillis(1));
            }

            assertThat(atOnce).isEqualTo(100);
            assertThat(driver.host().frames()).hasSize(5_000);
        }

        @Test
        @DisplayName("a losing advert makes it announce again")
        void aLoserMakesItAnnounceAgain() {
            DriverUnderTest driver = active(withPeer(VIP));
            driver.run(SECOND.multipliedBy(5));
            driver.host().frames().clear();

            driver.hear(advert(1, VIP));
            driver.run(SECOND.multipliedBy(2));

            assertThat(driver.host().frames()).hasSize(5);
        }
    }

    @Nested
    class Interfaces {

        @Test
        void aMissingInterfaceIsNamedAndWaitedFor() {
            FakeHost host = FakeHost.at(OWN);
            host.setPresent(false);
            DriverUnderTest driver = started(host, withPeer(VIP));
            Optional<Problem> missing = driver.status().blockingProblem();

            host.setPresent(true);
            host.hold(host.index(), OWN, 24, 0, 0);
            driver.run(SECOND);

            assertThat(missing)
                    .get()
                    .extracting(Problem::message)
                    .asString()
                    .contains("interface eth0 not found on this node");
            assertThat(driver.status().state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("V3-46: a VIP is never a source: without an address of its own the router waits")
        @Tag("V3-46-")
        void aVipIsNoSource() {
            FakeHost host = FakeHost.at();
            host.hold(ETH0, VIP, 24, 0, 0);

            DriverUnderTest driver = started(host, withPeer(VIP));

            assertThat(driver.problems()).contains(Problem.Kind.NO_SOURCE_ADDRESS);
            assertThat(driver.status().state()).isEqualTo(INITIALIZE);
        }

        @Test
        @DisplayName("V3-46: a link-local address is a source only after duplicate address detection")
        @Tag("V3-46-")
        void tentativeAddressesAreWaitedFor() {
            RouterKey key = new RouterKey("edge", "eth0", AddressFamily.IPV6, 51);
            FakeHost host = FakeHost.at("2001:db8::11");
            host.hold(ETH0, "fe80::11", 64, AddressFlag.IFA_F_TENTATIVE.number(), 0);
            DriverUnderTest driver = started(host, router(key, Set.of("peer"), "2001:db8::100"));
            List<Problem.Kind> before = driver.problems();

            host.hold(ETH0, "fe80::11", 64, 0, 0);
            driver.run(SECOND);

            assertThat(before).containsExactly(Problem.Kind.NO_SOURCE_ADDRESS);
            assertThat(host.openSockets().getFirst().source()).isEqualTo(IpAddress.parse("fe80::11"));
        }

        @Test
        @DisplayName("another source address: another socket, the same state")
        void aChangedSourceIsFollowed() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().release(ETH0, OWN);
            driver.host().hold(ETH0, OTHER, 24, 0, 0);
            driver.run(SECOND);

            assertThat(driver.host().openSockets().getFirst().source()).isEqualTo(IpAddress.parse(OTHER));
            assertThat(driver.status().transitions()).isEqualTo(2);
        }

        @Test
        void lossOfTheCarrierTakesTheVipsAtOnce() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().setCarrier(false);
            driver.driver().networkChanged(NEWS);
            driver.driver().tick();

            assertThat(driver.host().holds(VIP)).isFalse();
            assertThat(driver.problems()).containsExactly(Problem.Kind.INTERFACE_UNUSABLE);
        }

        @Test
        void aReplacedInterfaceStartsOver() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().setPresent(false);
            driver.host().setPresent(true);
            driver.host().hold(driver.host().index(), OWN, 24, 0, 0);
            driver.run(SECOND);

            assertThat(driver.status().state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("without CAP_NET_RAW the problem says so; with it, it works")
        @Tag("V3-02-")
        @Tag("V3-05-")
        void withoutTheCapabilityTheProblemSaysSo() {
            FakeHost host = FakeHost.at(OWN);
            host.failOpen(Errno.EPERM);
            DriverUnderTest driver = started(host, withPeer(VIP));
            driver.run(DOWN_INTERVAL);
            Optional<Problem> refused = driver.status().blockingProblem();
            VirtualRouterState before = driver.status().state();

            host.failOpen(null);
            driver.run(SECOND);

            assertThat(before).isEqualTo(INITIALIZE);
            assertThat(refused).get().extracting(Problem::message).asString().contains("EPERM", "CAP_NET_RAW");
            assertThat(driver.status().state()).isEqualTo(BACKUP);
        }

        @Test
        void aSocketThatFailsIsOpenedAgainWithoutATransition() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().failReceive(Errno.ENETDOWN);
            driver.driver().receive();
            driver.host().failReceive(null);
            driver.run(SECOND);

            assertThat(driver.host().opened()).isEqualTo(2);
            assertThat(driver.status().transitions()).isEqualTo(2);
        }

        @Test
        @DisplayName("an Active that cannot send gives up what it holds: its peers cannot know of it")
        void aMuteActiveGivesUp() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.host().failSend(Errno.EPERM);
            driver.run(SECOND.multipliedBy(3));

            assertThat(driver.host().holds(VIP)).isFalse();
            assertThat(driver.problems()).containsExactly(Problem.Kind.SENDING_FAILED);
        }

        @Test
        void aMuteActiveTriesAgainAfterAMinute() {
            DriverUnderTest driver = active(withPeer(VIP));
            driver.host().failSend(Errno.EPERM);
            driver.run(SECOND.multipliedBy(3));

            driver.host().failSend(null);
            driver.run(SECOND.multipliedBy(70));

            assertThat(driver.host().holds(VIP)).isTrue();
            assertThat(driver.problems()).isEmpty();
        }

        @Test
        @DisplayName("an advert lists no more VIPs than the MTU allows, and never more than 255")
        void advertsFitTheMtu() {
            FakeHost host = FakeHost.at(OWN);
            host.setMtu(576);
            String[] vips =
                    IntStream.range(0, 200).mapToObj(i -> "198.51.100." + i).toArray(String[]::new);

            DriverUnderTest driver = started(host, withPeer(vips));
            driver.run(DOWN_INTERVAL);

            assertThat(Byte.toUnsignedInt(host.openSockets().getFirst().sent().getFirst()[3]))
                    .isEqualTo(133);
            assertThat(host.held()).hasSize(201);
        }

        @Test
        @DisplayName("a router without VIPs waits and says so")
        void aRouterWithoutVipsSaysSo() {
            DriverUnderTest driver = started(FakeHost.at(OWN), withPeer());

            assertThat(driver.status().blockingProblem())
                    .get()
                    .extracting(Problem::kind)
                    .isEqualTo(Problem.Kind.NO_VIPS);
        }
    }

    @Nested
    class Peers {

        @Test
        @DisplayName("V3-S02: a thousand bad adverts are counted to the last one")
        @Tag("V3-S02-")
        void dropsAreCounted() {
            DriverUnderTest driver = active(withPeer(VIP));
            byte[] bad = new byte[12];
            bad[0] = 0x31;
            bad[1] = 51;
            bad[3] = 1;

            for (int i = 0; i < 1000; i++) {
                driver.hear(bad);
            }

            assertThat(driver.status().drops()).isEqualTo(Map.of(DropReason.CHECKSUM, 1000L));
        }

        @Test
        @DisplayName("V3-41: an advert for another virtual router is counted, and is nobody's")
        @Tag("V3-41-")
        void straysAreCounted() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.hear(new Advertisement(Version.VERSION_3, 52, 255, 100, List.of(IpAddress.parse(VIP))));

            assertThat(driver.driver().status().strayDrops()).isEqualTo(Map.of(DropReason.UNKNOWN_VIRTUAL_ROUTER, 1L));
            assertThat(driver.status().drops()).isEmpty();
        }

        @Test
        @DisplayName("V3-41: the right id on another interface is nobody's")
        @Tag("V3-41-")
        void anotherInterfaceIsNobodys() {
            FakeHost host = FakeHost.at(OWN);
            host.addEth1("198.51.100.11");
            RouterKey other = new RouterKey("core", "eth1", AddressFamily.IPV4, 52);
            DriverUnderTest driver = started(host, withPeer(VIP), router(other, Set.of("peer"), "198.51.100.100"));
            driver.run(DOWN_INTERVAL);
            IpAddress group = AdvertisementCodec.group(AddressFamily.IPV4);
            byte[] owner = AdvertisementCodec.encode(
                    advert(255, VIP), IpAddress.parse(OTHER), group, ChecksumForm.RFC9568, Authentication.None.NONE);

            host.arriveAt(ETH1, new ReceivedMessage(IpAddress.parse(OTHER), group, 255, owner));
            driver.driver().receive();

            assertThat(driver.driver().status().routers())
                    .extracting(RouterStatus::state)
                    .containsExactly(ACTIVE, ACTIVE);
            assertThat(driver.driver().status().strayDrops()).isEqualTo(Map.of(DropReason.UNKNOWN_VIRTUAL_ROUTER, 1L));
        }

        @ParameterizedTest(name = "V3-43: an owner''s advert with byte {0} changed to {1} moves no timer")
        @CsvSource({"0, 0x21", "0, 0x32", "3, 0", "3, 2", "5, 0", "6, 0"})
        @Tag("V3-43-")
        void aDroppedAdvertMovesNoTimer(int offset, String value) {
            DriverUnderTest driver = started(FakeHost.at(OWN), withPeer(VIP));
            driver.run(SECOND.multipliedBy(2));
            byte[] message = AdvertisementCodec.encode(
                    advert(255, VIP),
                    IpAddress.parse(OTHER),
                    AdvertisementCodec.group(AddressFamily.IPV4),
                    ChecksumForm.RFC9568,
                    Authentication.None.NONE);
            message[offset] = Integer.decode(value).byteValue();

            driver.hear(message);
            driver.run(DOWN_INTERVAL.minus(SECOND.multipliedBy(2)));

            assertThat(driver.status().state()).isEqualTo(ACTIVE);
            assertThat(driver.status().received()).isZero();
            assertThat(driver.status().drops().values()).containsExactly(1L);
        }

        @Test
        @DisplayName("a peer with the other checksum form is told, and which form it has")
        void theOtherChecksumIsTold() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.hear(advert(1, VIP), ChecksumForm.KEEPALIVED_LEGACY);

            assertThat(driver.problems()).containsExactly(Problem.Kind.CHECKSUM_DIFFERS);
            assertThat(driver.status().peerChecksum()).contains(ChecksumForm.KEEPALIVED_LEGACY);
        }

        @Test
        @DisplayName("V3-S03 V3-S04: another interval or VIP list is told, and obeyed all the same")
        @Tag("V3-S03+")
        @Tag("V3-S03-")
        @Tag("V3-S04+")
        @Tag("V3-S04-")
        void differencesAreToldAndObeyed() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.hear(new Advertisement(Version.VERSION_3, 51, 255, 200, List.of(IpAddress.parse("192.0.2.101"))));

            assertThat(driver.problems()).containsExactly(Problem.Kind.INTERVAL_DIFFERS, Problem.Kind.ADDRESSES_DIFFER);
            assertThat(driver.status().state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("what a peer said is forgotten once it is silent")
        void oldDifferencesAreForgotten() {
            DriverUnderTest driver = active(withPeer(VIP));
            driver.hear(advert(1, "192.0.2.101"));

            driver.run(SECOND.multipliedBy(5));

            assertThat(driver.problems()).isEmpty();
        }

        @Test
        @Tag("V3-08+")
        void theActiveIsNamed() {
            DriverUnderTest driver = active(withPeer(VIP));
            Optional<IpAddress> ours = driver.status().activeSource();

            driver.hear(advert(255, VIP));

            assertThat(ours).contains(IpAddress.parse(OWN));
            assertThat(driver.status().activeSource()).contains(IpAddress.parse(OTHER));
        }

        @Test
        @DisplayName("adverts of others heard while Active are counted: each means that there were two")
        void secondActivesAreCounted() {
            DriverUnderTest driver = active(withPeer(VIP));

            driver.hear(advert(1, VIP));

            assertThat(driver.status().receivedWhileActive()).isEqualTo(1);
        }

        @Test
        @DisplayName("the checksum form of the next advert is the one configured")
        void theConfiguredChecksumIsSent() {
            DriverUnderTest driver = active(withPeer(VIP));
            RouterConfig legacy = new RouterConfig(
                    KEY,
                    Version.VERSION_3,
                    254,
                    1000,
                    Preemption.AT_ONCE,
                    ChecksumForm.KEEPALIVED_LEGACY,
                    Optional.empty(),
                    List.of(IpAddress.parse(VIP)),
                    Set.of("peer"));
            FakeHost.FakeSocket socket = driver.host().openSockets().getFirst();
            byte[] before = socket.sent().getLast();

            driver.configure(legacy);
            driver.run(SECOND);

            byte[] after = socket.sent().getLast();
            assertThat(Arrays.copyOf(after, 6)).isEqualTo(Arrays.copyOf(before, 6));
            assertThat(Arrays.copyOfRange(after, 6, 8)).isNotEqualTo(Arrays.copyOfRange(before, 6, 8));
            assertThat(driver.status().transitions()).isEqualTo(2);
        }
    }
}
