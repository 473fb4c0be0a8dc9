package io.lvsoperator.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RtnetlinkRequestsTest {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8::100");

    @Test
    void setsSettingsOfOneInterface() {
        var settings = new EnumMap<>(Map.of(DeviceSetting.ARP_IGNORE, 1, DeviceSetting.ARP_ANNOUNCE, 2));

        assertRequest(RtnetlinkRequests.set(7, settings), 19, 0, """
                00 00 00 00      # AF_UNSPEC, type
                07 00 00 00      # index 7
                00 00 00 00      # flags
                00 00 00 00      # change
                1c 00 1a 80      # IFLA_AF_SPEC, length 28, nested
                  18 00 02 80      #   AF_INET, length 24, nested
                    14 00 01 80    #     IFLA_INET_CONF, length 20, nested
                      08 00 12 00  #       IPV4_DEVCONF_ARP_ANNOUNCE
                        02 00 00 00
                      08 00 13 00  #       IPV4_DEVCONF_ARP_IGNORE
                        01 00 00 00
                """);
    }

    @Test
    void addsAnIpv4Address() {
        var address = new HostAddress(7, VIP, Optional.of("eth0:lvs"));

        assertRequest(RtnetlinkRequests.add(address), 20, 0x600, """
                02 20 00 00      # AF_INET, /32, no flags, global scope
                07 00 00 00      # index 7
                08 00 02 00      # IFA_LOCAL
                  c0 00 02 64    #   192.0.2.100
                08 00 01 00      # IFA_ADDRESS
                  c0 00 02 64
                0d 00 03 00      # IFA_LABEL, length 13
                  65 74 68 30    #   eth0:lvs
                  3a 6c 76 73
                  00 00 00 00
                05 00 0b 00      # IFA_PROTO, length 5
                  90 00 00 00
                """);
    }

    @Test
    void replacesAnIpv6Address() {
        var address = new HostAddress(7, VIP6, Optional.empty());

        assertRequest(RtnetlinkRequests.replace(address), 20, 0x500, """
                0a 80 00 00      # AF_INET6, /128, no flags, global scope
                07 00 00 00      # index 7
                14 00 02 00      # IFA_LOCAL
                  20 01 0d b8    #   2001:db8::100
                  00 00 00 00
                  00 00 00 00
                  00 00 01 00
                14 00 01 00      # IFA_ADDRESS
                  20 01 0d b8
                  00 00 00 00
                  00 00 00 00
                  00 00 01 00
                08 00 08 00      # IFA_FLAGS
                  02 02 00 00    #   NODAD, NOPREFIXROUTE
                05 00 0b 00      # IFA_PROTO, length 5
                  90 00 00 00
                """);
    }

    /** R6: without mark and flags a renewal would clear them. */
    @Test
    void renewsAnIpv6AddressWithItsMarkAndItsFlags() {
        var address = new HostAddress(7, VIP6, Optional.empty(), 4);

        assertRequest(RtnetlinkRequests.replace(address), 20, 0x500, """
                0a 80 00 00      # AF_INET6, /128, no flags, global scope
                07 00 00 00      # index 7
                14 00 02 00      # IFA_LOCAL
                  20 01 0d b8    #   2001:db8::100
                  00 00 00 00
                  00 00 00 00
                  00 00 01 00
                14 00 01 00      # IFA_ADDRESS
                  20 01 0d b8
                  00 00 00 00
                  00 00 00 00
                  00 00 01 00
                08 00 08 00      # IFA_FLAGS
                  02 02 00 00    #   NODAD, NOPREFIXROUTE
                14 00 06 00      # IFA_CACHEINFO
                  04 00 00 00    #   preferred 4 s
                  04 00 00 00    #   valid 4 s
                  00 00 00 00
                  00 00 00 00
                05 00 0b 00      # IFA_PROTO, length 5
                  90 00 00 00
                """);
    }

    @Test
    void deletesAnAddress() {
        assertRequest(RtnetlinkRequests.delete(7, VIP, 24), 21, 0, """
                02 18 00 00      # AF_INET, /24
                07 00 00 00      # index 7
                08 00 02 00      # IFA_LOCAL
                  c0 00 02 64
                08 00 01 00      # IFA_ADDRESS
                  c0 00 02 64
                """);
    }

    @Test
    void listsInterfacesAndAddresses() {
        assertRequest(RtnetlinkRequests.links(), 18, 0, "00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00");
        assertRequest(RtnetlinkRequests.addresses(), 22, 0, "00 00 00 00  00 00 00 00");
    }

    @Test
    void saysInWordsWhatItAsks() {
        assertThat(RtnetlinkRequests.add(new HostAddress(7, VIP, Optional.empty()))
                        .operation())
                .hasToString("add address 192.0.2.100 on interface 7");
        assertThat(RtnetlinkRequests.delete(7, VIP, 32).operation())
                .hasToString("delete address 192.0.2.100/32 on interface 7");
    }

    private static void assertRequest(NetlinkRequest request, int type, int flags, String dump) {
        assertThat(request.type()).isEqualTo(type);
        assertThat(request.flags()).isEqualTo(flags);
        assertThat(HexDump.of(request.payload())).isEqualTo(HexDump.of(HexDump.buffer(dump)));
    }
}
