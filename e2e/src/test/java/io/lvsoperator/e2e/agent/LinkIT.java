package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.lvsoperator.agent.link.AddressFlag;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkEvent;
import io.lvsoperator.agent.link.LinkMonitor;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.nativeaccess.Poller;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.netlink.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("network")
@ExtendWith(FreshNetworkNamespace.class)
class LinkIT {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8::100");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final Links links = new NetlinkLinks(netlink);

    @AfterEach
    void close() {
        netlink.close();
    }

    @Test
    void listsTheInterfacesAsIpDoes() throws Exception {
        Oracle.run("ip", "link", "add", "veth0", "mtu", "1400", "type", "veth", "peer", "name", "veth1");
        Oracle.run("ip", "link", "add", "br0", "type", "bridge");
        Oracle.run("ip", "link", "set", "veth1", "master", "br0");
        Oracle.run("ip", "link", "set", "veth0", "up");

        var expected = StreamSupport.stream(Oracle.ip("-d link").spliterator(), false)
                .map(link -> link.get("ifindex").asInt()
                        + " " + link.get("ifname").asText()
                        + " " + link.get("mtu").asInt()
                        + " "
                        + (link.get("link_type").asText().equals("ether")
                                ? link.get("address").asText()
                                : "")
                        + " " + link.at("/linkinfo/info_kind").asText())
                .toList();

        assertThat(links.state().links())
                .extracting(link -> link.index()
                        + " " + link.name()
                        + " " + link.mtu()
                        + " " + link.hardware().map(MacAddress::toString).orElse("")
                        + " " + link.kind().orElse(""))
                .isEqualTo(expected);
    }

    @Test
    void tellsWhetherALinkIsOperational() throws Exception {
        Oracle.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
        Oracle.run("ip", "link", "set", "veth0", "up");
        assertThat(link("veth0").isOperational()).isFalse();

        Oracle.run("ip", "link", "set", "veth1", "up");
        assertThat(link("veth0").isOperational()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void setsASettingOfOneInterface(DeviceSetting setting) throws Exception {
        makeEth0();

        links.set(link("eth0").index(), Map.of(setting, 1));

        assertThat(Oracle.sysctl("ipv4/conf/eth0/" + setting.name().toLowerCase(Locale.ROOT)))
                .isEqualTo("1");
        assertThat(link("eth0").settings()).containsEntry(setting, 1);
    }

    @Test
    void setsSeveralSettingsAtOnceAndLeavesTheOthers() throws Exception {
        makeEth0();
        var before = link("eth0").settings();

        links.set(link("eth0").index(), Map.of(DeviceSetting.ARP_IGNORE, 1, DeviceSetting.ARP_ANNOUNCE, 2));

        assertThat(link("eth0").settings())
                .containsAllEntriesOf(Map.of(DeviceSetting.ARP_IGNORE, 1, DeviceSetting.ARP_ANNOUNCE, 2))
                .containsEntry(DeviceSetting.RP_FILTER, before.get(DeviceSetting.RP_FILTER))
                .containsEntry(DeviceSetting.FORWARDING, before.get(DeviceSetting.FORWARDING));
    }

    @Test
    void namesTheOperationThatTheKernelRefuses() {
        assertRefused(() -> links.set(4711, Map.of(DeviceSetting.ARP_IGNORE, 1)), Errno.ENODEV);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> links.set(4711, Map.of(DeviceSetting.ARP_IGNORE, 1)))
                .withMessageContaining("set {ARP_IGNORE=1} on interface 4711: ENODEV");
    }

    @Test
    void holdsAnIpv4VipUnderALabel() throws Exception {
        makeEth0();

        links.add(new HostAddress(link("eth0").index(), VIP, Optional.of("eth0:lvs")));

        var held = Oracle.ip("-4 addr show dev eth0").at("/0/addr_info/0");
        assertThat(held.get("local").asText()).isEqualTo("192.0.2.100");
        assertThat(held.get("prefixlen").asInt()).isEqualTo(32);
        assertThat(held.get("label").asText()).isEqualTo("eth0:lvs");
        assertThat(held.get("scope").asText()).isEqualTo("global");
    }

    @Test
    void holdsAnIpv6VipAtOnceAndWithoutARoute() throws Exception {
        makeEth0();

        links.add(new HostAddress(link("eth0").index(), VIP6, Optional.empty()));

        var held = Oracle.ip("-6 addr show dev eth0 scope global").at("/0/addr_info/0");
        assertThat(held.get("local").asText()).isEqualTo("2001:db8::100");
        assertThat(held.get("prefixlen").asInt()).isEqualTo(128);
        assertThat(held.get("nodad").asBoolean()).isTrue();
        assertThat(held.has("tentative")).isFalse();
        assertThat(Oracle.run("ip", "-6", "route", "show", "2001:db8::100")).isEmpty();
    }

    @Test
    void marksWhatItAdds() throws Exception {
        makeEth0();
        var index = link("eth0").index();
        Oracle.run("ip", "addr", "add", "192.0.2.1/24", "dev", "eth0");
        links.add(new HostAddress(index, VIP, Optional.empty()));
        links.add(new HostAddress(index, VIP6, Optional.empty()));

        assertThat(links.state().addresses())
                .filteredOn(InterfaceAddress::isMarkedAsOurs)
                .extracting(InterfaceAddress::address)
                .containsExactlyInAnyOrder(VIP, VIP6);
    }

    @Test
    void saysThatAnAddressIsThereAlready() throws Exception {
        makeEth0();
        var address = new HostAddress(link("eth0").index(), VIP, Optional.empty());
        links.add(address);

        assertRefused(() -> links.add(address), Errno.EEXIST);
    }

    @Test
    void replacesAnAddressThatIsThereAndOneThatIsNot() throws Exception {
        makeEth0();
        var address = new HostAddress(link("eth0").index(), VIP6, Optional.empty());

        links.replace(address);
        links.replace(address);

        assertThat(links.state().addressesOf(link("eth0")))
                .filteredOn(held -> held.address().equals(VIP6))
                .singleElement()
                .matches(held -> held.has(AddressFlag.IFA_F_NODAD) && held.isMarkedAsOurs());
    }

    @Test
    void deletesAnAddressOnceAndThenSaysThatItIsNotThere() throws Exception {
        makeEth0();
        var index = link("eth0").index();
        links.add(new HostAddress(index, VIP, Optional.empty()));
        links.add(new HostAddress(index, VIP6, Optional.empty()));

        links.delete(index, VIP, 32);
        links.delete(index, VIP6, 128);

        assertThat(Oracle.run("ip", "addr", "show", "dev", "eth0", "scope", "global"))
                .doesNotContain("192.0.2.100", "2001:db8::100");
        assertRefused(() -> links.delete(index, VIP, 32), Errno.EADDRNOTAVAIL);
        assertRefused(() -> links.delete(index, VIP6, 128), Errno.EADDRNOTAVAIL);
    }

    @Test
    void readsForeignAddressesWithPrefixPeerLabelAndLifetimes() throws Exception {
        makeEth0();
        Oracle.run("ip", "addr", "add", "10.0.0.1", "peer", "10.0.0.2/32", "dev", "eth0");
        Oracle.run("ip", "addr", "add", "192.0.2.1/24", "dev", "eth0", "valid_lft", "100", "preferred_lft", "50");
        Oracle.run("ip", "addr", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
        var index = link("eth0").index();

        var held = links.state().addresses();

        assertThat(held)
                .anySatisfy(address -> assertThat(address)
                        .isEqualTo(new InterfaceAddress(
                                index,
                                IpAddress.parse("10.0.0.1"),
                                32,
                                AddressFlag.IFA_F_PERMANENT.number(),
                                Optional.of("eth0"),
                                0,
                                InterfaceAddress.FOREVER,
                                InterfaceAddress.FOREVER)));
        assertThat(held).anySatisfy(address -> {
            assertThat(address.address()).isEqualTo(IpAddress.parse("192.0.2.1"));
            assertThat(address.prefixLength()).isEqualTo(24);
            assertThat(address.validSeconds()).isBetween(90L, 100L);
            assertThat(address.preferredSeconds()).isBetween(40L, 50L);
        });
        assertThat(held).anySatisfy(address -> {
            assertThat(address.address()).isEqualTo(IpAddress.parse("2001:db8::1"));
            assertThat(address.prefixLength()).isEqualTo(64);
            assertThat(address.label()).isEmpty();
        });
    }

    @Test
    void findsTheInterfaceOfAPrefixWhateverVipsAreHeld() throws Exception {
        makeEth0();
        Oracle.run("ip", "addr", "add", "192.0.2.11/24", "dev", "eth0");
        Oracle.run("ip", "link", "add", "eth1", "type", "bridge");
        links.add(new HostAddress(link("eth1").index(), VIP, Optional.empty()));
        links.add(new HostAddress(link("lo").index(), VIP, Optional.empty()));

        assertThat(links.state().linksHolding(IpAddress.parse("192.0.2.0"), 24))
                .extracting(Link::name)
                .containsExactly("eth0");
        assertThat(links.state().linksHolding(IpAddress.parse("198.51.100.0"), 24))
                .isEmpty();
    }

    @Test
    void hearsAddressesComeAndGo() throws Exception {
        makeEth0();
        var index = link("eth0").index();
        try (var monitor = LinkMonitor.open()) {
            links.add(new HostAddress(index, VIP, Optional.empty()));
            links.delete(index, VIP, 32);

            var events = hear(monitor, LinkEvent.AddressRemoved.class::isInstance);

            assertThat(events)
                    .filteredOn(LinkEvent.AddressChanged.class::isInstance)
                    .singleElement(type(LinkEvent.AddressChanged.class))
                    .matches(event -> event.address().address().equals(VIP)
                            && event.address().isMarkedAsOurs());
            assertThat(events)
                    .last(type(LinkEvent.AddressRemoved.class))
                    .matches(event -> event.address().address().equals(VIP));
        }
    }

    @Test
    void hearsLinksComeChangeAndGo() throws Exception {
        try (var monitor = LinkMonitor.open()) {
            makeEth0();
            Oracle.run("ip", "link", "set", "eth0", "up");
            Oracle.run("ip", "link", "del", "eth0");

            var events = hear(monitor, LinkEvent.LinkRemoved.class::isInstance);

            assertThat(events)
                    .filteredOn(LinkEvent.LinkChanged.class::isInstance)
                    .extracting(event -> ((LinkEvent.LinkChanged) event).link())
                    .extracting(Link::isOperational)
                    .contains(false, true);
            assertThat(events)
                    .filteredOn(LinkEvent.LinkRemoved.class::isInstance)
                    .extracting(event -> ((LinkEvent.LinkRemoved) event).link().name())
                    .containsAnyOf("eth0", "far");
        }
    }

    @Test
    void doesNotTakeALeavingBridgePortForARemovedLink() throws Exception {
        makeEth0();
        Oracle.run("ip", "link", "add", "br0", "type", "bridge");
        Oracle.run("ip", "link", "set", "eth0", "master", "br0");
        try (var monitor = LinkMonitor.open()) {
            Oracle.run("ip", "link", "set", "eth0", "nomaster");
            Oracle.run("ip", "link", "del", "br0");

            assertThat(hear(monitor, LinkEvent.LinkRemoved.class::isInstance))
                    .filteredOn(LinkEvent.LinkRemoved.class::isInstance)
                    .extracting(event -> ((LinkEvent.LinkRemoved) event).link().name())
                    .containsExactly("br0");
        }
    }

    @Test
    void asksForAResyncWhenEventsWereLost() throws Exception {
        makeEth0();
        var address = new HostAddress(link("eth0").index(), VIP, Optional.empty());
        try (var monitor = LinkMonitor.open()) {
            for (var i = 0; i < 20_000; i++) {
                links.add(address);
                links.delete(address.interfaceIndex(), VIP, 32);
            }

            assertThat(hear(monitor, LinkEvent.Resync.class::isInstance))
                    .last(type(LinkEvent.Resync.class))
                    .matches(event -> event.cause().contains("ENOBUFS"));
        }
    }

    @Test
    void saysThatItMayNot() throws Exception {
        makeEth0();
        var index = link("eth0").index();
        FreshNetworkNamespace.dropCapabilities();

        assertRefused(() -> links.set(index, Map.of(DeviceSetting.ARP_IGNORE, 1)), Errno.EPERM);
        assertRefused(() -> links.add(new HostAddress(index, VIP, Optional.empty())), Errno.EPERM);
    }

    private static void makeEth0() {
        Oracle.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far");
        Oracle.run("ip", "link", "set", "far", "up");
    }

    private Link link(String name) throws NetlinkException {
        return links.state().link(name).orElseThrow();
    }

    private static List<LinkEvent> hear(LinkMonitor monitor, Predicate<LinkEvent> last) throws Exception {
        var heard = new ArrayList<LinkEvent>();
        var poller = new Poller(monitor.source());
        while (heard.stream().noneMatch(last)) {
            assertThat(poller.await(SOON))
                    .as("an event in time, after " + heard.size() + " others")
                    .isNotEmpty();
            heard.addAll(monitor.events());
        }
        return heard;
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws Exception;
    }

    private static void assertRefused(Operation operation, Errno errno) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(operation::run)
                .matches(e -> e.is(errno), errno.name());
    }
}
