package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The byte examples of the requirements: VRID 51, sent from 192.0.2.11 or fe80::11 to the group. */
final class WireExamples {

    static final IpAddress SOURCE = IpAddress.parse("192.0.2.11");
    static final IpAddress SOURCE_V6 = IpAddress.parse("fe80::11");
    static final IpAddress GROUP = IpAddress.parse("224.0.0.18");
    static final IpAddress GROUP_V6 = IpAddress.parse("ff02::12");
    static final IpAddress OTHER = IpAddress.parse("192.0.2.12");

    static final Advertisement A = new Advertisement(Version.VERSION_3, 51, 100, 100, addresses("192.0.2.100"));
    static final Advertisement A0 = new Advertisement(Version.VERSION_3, 51, 0, 100, addresses("192.0.2.100"));
    static final Advertisement B =
            new Advertisement(Version.VERSION_3, 51, 200, 10, addresses("192.0.2.100", "192.0.2.101"));
    static final Advertisement D = new Advertisement(Version.VERSION_2, 51, 100, 100, addresses("192.0.2.100"));
    static final Advertisement C =
            new Advertisement(Version.VERSION_3, 51, 150, 100, addresses("fe80::100", "2001:db8::100"));

    /** Version and type, VRID, priority, count; interval, checksum; one address. */
    static final byte[] A_RFC9568 = hex("31 33 64 01", "00 64 a8 02", "c0 00 02 64");

    static final byte[] A_LEGACY = hex("31 33 64 01", "00 64 05 68", "c0 00 02 64");
    static final byte[] A_LEGACY_UNICAST = hex("31 33 64 01", "00 64 23 6e", "c0 00 02 64");
    static final byte[] A0_RFC9568 = hex("31 33 00 01", "00 64 0c 03", "c0 00 02 64");
    static final byte[] A0_LEGACY = hex("31 33 00 01", "00 64 69 68", "c0 00 02 64");
    static final byte[] B_RFC9568 = hex("31 33 c8 02", "00 0a 81 f5", "c0 00 02 64", "c0 00 02 65");
    static final byte[] B_LEGACY = hex("31 33 c8 02", "00 0a df 56", "c0 00 02 64", "c0 00 02 65");
    static final byte[] C_IPV6 = hex(
            "31 33 96 02",
            "00 64 0b ed",
            "fe 80 00 00 00 00 00 00 00 00 00 00 00 00 01 00",
            "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00");
    /** Version 2, as D of the requirements. */
    static final byte[] D_VERSION_2 = hex("21 33 64 01", "00 01 b8 65", "c0 00 02 64", "00 00 00 00 00 00 00 00");

    /** IP header of the frame of A, then the message. */
    static final byte[] A_DATAGRAM = hex(
            "45 c0 00 20", // version and header length, TOS, total length
            "00 00 00 00", // identification, fragment
            "ff 70 18 90", // TTL, protocol 112, header checksum
            "c0 00 02 0b",
            "e0 00 00 12",
            "31 33 64 01 00 64 a8 02 c0 00 02 64");

    private WireExamples() {}

    static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    static List<IpAddress> addresses(String... addresses) {
        return Arrays.stream(addresses).map(IpAddress::parse).toList();
    }

    static ReceivedMessage overIpv4(byte[] message) {
        return new ReceivedMessage(SOURCE, GROUP, AdvertisementCodec.HOP_LIMIT, message);
    }

    static ReceivedMessage overIpv6(byte[] message) {
        return new ReceivedMessage(SOURCE_V6, GROUP_V6, AdvertisementCodec.HOP_LIMIT, message);
    }
}
