package io.lvsoperator.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.Mutations;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtnetlinkRepliesTest {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;

    static final ByteBuffer VETH = HexDump.buffer("""
            00 00 01 00      # AF_UNSPEC, ARPHRD_ETHER
            07 00 00 00      # index 7
            43 10 01 00      # UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP
            00 00 00 00
            09 00 03 00      # IFLA_IFNAME, length 9
              65 74 68 30    #   eth0
              00 00 00 00
            08 00 04 00      # IFLA_MTU
              dc 05 00 00    #   1500
            0a 00 01 00      # IFLA_ADDRESS, length 10
              02 00 5e 10
              00 01 00 00
            10 00 12 00      # IFLA_LINKINFO, length 16; the kernel leaves out the NESTED bit here
              09 00 01 00    #   IFLA_INFO_KIND, length 9
                76 65 74 68  #     veth
                00 00 00 00
            70 00 1a 80      # IFLA_AF_SPEC, length 112, nested
              08 00 0a 80      # AF_INET6, with something in it
                00 00 00 00
              64 00 02 80      # AF_INET, length 100, nested
                60 00 01 00    #   IFLA_INET_CONF, length 96: an array of 23
                  01 00 00 00  #     1 forwarding
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  02 00 00 00  #     8 rp_filter
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  02 00 00 00  #    18 arp_announce
                  01 00 00 00  #    19 arp_ignore
                  00 00 00 00
                  00 00 00 00
                  00 00 00 00
                  01 00 00 00  #    23 accept_local
            """);

    static final ByteBuffer LEASED_ADDRESS = HexDump.buffer("""
            02 20 80 00      # AF_INET, /32, PERMANENT in the old flags, global scope
            07 00 00 00      # index 7
            08 00 01 00      # IFA_ADDRESS
              c0 00 02 64    #   192.0.2.100
            08 00 02 00      # IFA_LOCAL
              c0 00 02 64
            0d 00 03 00      # IFA_LABEL, length 13
              65 74 68 30    #   eth0:lvs
              3a 6c 76 73
              00 00 00 00
            05 00 0b 00      # IFA_PROTO, length 5
              90 00 00 00
            08 00 08 00      # IFA_FLAGS, which overrule the old ones
              20 02 00 00    #   DEPRECATED, NOPREFIXROUTE
            14 00 06 00      # IFA_CACHEINFO
              00 00 00 00    #   preferred 0 s
              04 00 00 00    #   valid 4 s
              11 11 11 11    #   created
              22 22 22 22    #   updated
            """);

    static final ByteBuffer IPV6_ADDRESS = HexDump.buffer("""
            0a 40 80 00      # AF_INET6, /64, PERMANENT, global scope
            02 00 00 00      # index 2
            14 00 01 00      # IFA_ADDRESS
              20 01 0d b8    #   2001:db8::1
              00 00 00 00
              00 00 00 00
              00 00 00 01
            14 00 06 00      # IFA_CACHEINFO
              ff ff ff ff    #   preferred for ever
              ff ff ff ff    #   valid for ever
              00 00 00 00
              00 00 00 00
            """);

    @Test
    void readsAnInterface() throws Exception {
        assertThat(RtnetlinkReplies.link(HexDump.message(RTM_NEWLINK, VETH)))
                .contains(new Link(
                        7,
                        "eth0",
                        0x11043,
                        1500,
                        Optional.of(MacAddress.of(new byte[] {2, 0, 0x5e, 0x10, 0, 1})),
                        Optional.of("veth"),
                        Map.of(
                                DeviceSetting.FORWARDING, 1,
                                DeviceSetting.RP_FILTER, 2,
                                DeviceSetting.ARP_ANNOUNCE, 2,
                                DeviceSetting.ARP_IGNORE, 1,
                                DeviceSetting.ACCEPT_LOCAL, 1)));
    }

    @Test
    void readsAnInterfaceThatIsNotEthernet() throws Exception {
        var tunnel = HexDump.buffer("""
                00 00 00 03      # AF_UNSPEC, ARPHRD_TUNNEL
                09 00 00 00      # index 9
                80 00 00 00      # NOARP
                00 00 00 00
                08 00 01 00      # IFLA_ADDRESS of four bytes
                  00 00 00 00
                """);

        assertThat(RtnetlinkReplies.link(HexDump.message(RTM_NEWLINK, tunnel)))
                .contains(new Link(9, "", 0x80, 0, Optional.empty(), Optional.empty(), Map.of()));
    }

    @Test
    void leavesOutWhatABridgeTellsOfItsPorts() throws Exception {
        var port = HexDump.buffer("07 00 01 00  07 00 00 00  00 00 00 00  00 00 00 00");

        assertThat(RtnetlinkReplies.event(HexDump.message(RTM_DELLINK, port))).isEmpty();
    }

    @Test
    void readsAnAddressWithALease() throws Exception {
        assertThat(RtnetlinkReplies.address(HexDump.message(RTM_NEWADDR, LEASED_ADDRESS)))
                .contains(new InterfaceAddress(
                        7, IpAddress.parse("192.0.2.100"), 32, 0x220, Optional.of("eth0:lvs"), 0x90, 0, 4));
    }

    @Test
    void readsAnIpv6Address() throws Exception {
        assertThat(RtnetlinkReplies.address(HexDump.message(RTM_NEWADDR, IPV6_ADDRESS)))
                .contains(new InterfaceAddress(
                        2,
                        IpAddress.parse("2001:db8::1"),
                        64,
                        0x80,
                        Optional.empty(),
                        0,
                        InterfaceAddress.FOREVER,
                        InterfaceAddress.FOREVER));
    }

    @Test
    void takesTheOwnEndOfAPointToPointLink() throws Exception {
        var peer = HexDump.buffer("""
                02 20 00 00      # AF_INET, /32
                07 00 00 00
                08 00 01 00      # IFA_ADDRESS: the other end
                  0a 00 00 02
                08 00 02 00      # IFA_LOCAL
                  0a 00 00 01
                """);

        assertThat(RtnetlinkReplies.address(HexDump.message(RTM_NEWADDR, peer))
                        .orElseThrow()
                        .address())
                .isEqualTo(IpAddress.parse("10.0.0.1"));
    }

    @Test
    void leavesOutAddressesOfOtherFamilies() throws Exception {
        var mctp = HexDump.buffer("2d 00 00 00  01 00 00 00");

        assertThat(RtnetlinkReplies.address(HexDump.message(RTM_NEWADDR, mctp))).isEmpty();
    }

    @Test
    void tellsEventsApart() throws Exception {
        assertThat(RtnetlinkReplies.event(HexDump.message(RTM_NEWLINK, VETH)))
                .containsInstanceOf(LinkEvent.LinkChanged.class);
        assertThat(RtnetlinkReplies.event(HexDump.message(RTM_DELLINK, VETH)))
                .containsInstanceOf(LinkEvent.LinkRemoved.class);
        assertThat(RtnetlinkReplies.event(HexDump.message(RTM_NEWADDR, IPV6_ADDRESS)))
                .containsInstanceOf(LinkEvent.AddressChanged.class);
        assertThat(RtnetlinkReplies.event(HexDump.message(RTM_DELADDR, IPV6_ADDRESS)))
                .containsInstanceOf(LinkEvent.AddressRemoved.class);
        assertThat(RtnetlinkReplies.event(HexDump.message(24, HexDump.buffer("00"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 20 00 00", // half a header
                "02 20 00 00  07 00 00 00", // no address
                "02 20 00 00  07 00 00 00  14 00 02 00  00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00", // IPv6's
                // length
                "02 20 00 00  07 00 00 00  08 00 06 00  00 00 00 00", // half a cache info
            })
    void refusesWhatIsNoAddress(String bytes) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> RtnetlinkReplies.address(HexDump.message(RTM_NEWADDR, HexDump.buffer(bytes))));
    }

    @Test
    void readsBackTheAddressesThatItAsksFor() throws Exception {
        var random = new Random(31);
        for (var round = 0; round < 2000; round++) {
            var bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            var index = random.nextInt(1, Integer.MAX_VALUE);
            var wanted = new HostAddress(
                    index, IpAddress.of(bytes), random.nextBoolean() ? Optional.of("eth0:lvs") : Optional.empty());

            var read = RtnetlinkReplies.address(HexDump.message(
                            RTM_NEWADDR, RtnetlinkRequests.add(wanted).payload()))
                    .orElseThrow();

            assertThat(new HostAddress(read.interfaceIndex(), read.address(), read.label()))
                    .isEqualTo(wanted);
            assertThat(read.prefixLength()).isEqualTo(wanted.address().family().addressBits());
            assertThat(read.isMarkedAsOurs()).isTrue();
        }
    }

    @Test
    void readsSettingsOfAnOlderKernelThatHasFewer() throws Exception {
        var message = new MessageWriter()
                .header(16, header -> {})
                .nested(
                        26,
                        families -> families.nested(
                                2,
                                ipv4 -> ipv4.bytes(
                                        1, HexDump.buffer("01 00 00 00").array())))
                .finish();

        assertThat(RtnetlinkReplies.link(HexDump.message(RTM_NEWLINK, message))
                        .orElseThrow()
                        .settings())
                .isEqualTo(Map.of(DeviceSetting.FORWARDING, 1));
    }

    @Test
    void survivesMutants() {
        Mutations.check(32, List.of(VETH), RtnetlinkReplies::link);
        Mutations.check(33, List.of(LEASED_ADDRESS, IPV6_ADDRESS), RtnetlinkReplies::address);
        Mutations.check(34, List.of(VETH, LEASED_ADDRESS, IPV6_ADDRESS), RtnetlinkReplies::event);
    }
}
