package io.lvsoperator.agent.vrrp.wire;

import static io.lvsoperator.agent.vrrp.wire.WireExamples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    /** The requirements' frames carry the virtual router's MAC; without one the interface's goes into the same places. */
    private static final MacAddress IPV4_MAC = new MacAddress(0x00005e000133L);

    private static final MacAddress IPV6_MAC = new MacAddress(0x00005e000233L);

    @Test
    @DisplayName("V3-22: gratuitous ARP for 192.0.2.100, byte for byte")
    @Tag("V3-22+")
    @Tag("V3-S07+")
    void gratuitousArp() {
        byte[] frame = Announcement.frame(IPV4_MAC, IpAddress.parse("192.0.2.100"));

        assertThat(frame)
                .isEqualTo(hex(
                        "ff ff ff ff ff ff", // destination: everybody
                        "00 00 5e 00 01 33", // source
                        "08 06 00 01 08 00 06 04 00 01", // ARP, Ethernet, IPv4, lengths, request
                        "00 00 5e 00 01 33 c0 00 02 64", // sender
                        "00 00 5e 00 01 33 c0 00 02 64")); // target
    }

    @Test
    @DisplayName("V3-22 V3-S11: unsolicited NA for 2001:db8::100, byte for byte, with R=1 S=0 O=1")
    @Tag("V3-22+")
    @Tag("V3-S11+")
    void unsolicitedNeighbourAdvertisement() {
        byte[] frame = Announcement.frame(IPV6_MAC, IpAddress.parse("2001:db8::100"));

        assertThat(frame)
                .isEqualTo(hex(
                        "33 33 00 00 00 01 00 00 5e 00 02 33 86 dd", // Ethernet: all nodes, source, IPv6
                        "60 00 00 00 00 20 3a ff", // length 32, ICMPv6, hop limit 255
                        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00", // from the VIP
                        "ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01", // to ff02::1
                        "88 00 18 fa a0 00 00 00", // type 136, checksum, flags
                        "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00", // target
                        "02 01 00 00 5e 00 02 33")); // target link-layer address
    }
}
