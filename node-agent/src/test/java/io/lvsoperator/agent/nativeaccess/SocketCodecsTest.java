package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SocketAddresses} and {@link ControlMessages}, as a little-endian machine has them. */
class SocketCodecsTest {
    static final String NETLINK = "10000000" // AF_NETLINK, padding
            + "04030201" // port id
            + "05000000"; // groups
    static final String INTERNET = "0200" // AF_INET
            + "0050" // port 80 in network order
            + "c0000264" // 192.0.2.100
            + "0000000000000000"; // padding
    static final String INTERNET6 = "0a00" // AF_INET6
            + "01bb" // port 443
            + "00000000" // flow
            + "fe800000000000000000000000000001" // fe80::1
            + "07000000"; // scope 7
    static final String PACKET = "1100" // AF_PACKET
            + "0806" // ARP in network order
            + "07000000" // index 7
            + "0000" // hardware type
            + "00" // packet type
            + "06" // length of the hardware address
            + "ffffffffffff0000"; // broadcast, padding

    static final String PACKET_INFO = "1c00000000000000" // length 28
            + "0000000008000000" // IPPROTO_IP, IP_PKTINFO
            + "07000000" // interface 7
            + "c000020b" // the local address that would answer
            + "e0000012"; // destination 224.0.0.18
    static final String PACKET_INFO6 = "2400000000000000" // length 36
            + "2900000032000000" // IPPROTO_IPV6, IPV6_PKTINFO
            + "ff020000000000000000000000000012" // destination ff02::12
            + "07000000" // interface 7
            + "00000000"; // padding
    static final String HOP_LIMIT = "1400000000000000" // length 20
            + "2900000034000000" // IPPROTO_IPV6, IPV6_HOPLIMIT
            + "ff000000"; // 255

    @Test
    void addressesAreLaidOutAsInC() {
        assertCoded(new NativeAddress.Netlink(0x01020304, 5), NETLINK);
        assertCoded(new NativeAddress.Internet(IpAddress.parse("192.0.2.100"), 80, 0), INTERNET);
        assertCoded(new NativeAddress.Internet(IpAddress.parse("fe80::1"), 443, 7), INTERNET6);
        assertCoded(new NativeAddress.Packet(0x0806, 7, MacAddress.BROADCAST), PACKET);
    }

    private static void assertCoded(NativeAddress address, String hex) {
        assertThat(HexFormat.of().formatHex(SocketAddresses.encode(address))).isEqualTo(hex);
        assertThat(SocketAddresses.decode(bytes(hex))).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "0100", // a UNIX socket
                "0200", // too short for its family
                "10000000",
                "0a0001bb00000000",
                "1100080607000000",
                "1100080607000000000000140000000000000000", // hardware address of 20 bytes
            })
    void addressesOfOtherKindsAreNone(String hex) {
        assertThat(SocketAddresses.decode(bytes(hex))).isEmpty();
    }

    @Test
    void ancillaryDataIsRead() {
        assertThat(ControlMessages.decode(bytes(PACKET_INFO)))
                .isEqualTo(new ControlMessages(
                        Optional.of(new PacketInfo(7, IpAddress.parse("224.0.0.18"))), OptionalInt.empty()));
        assertThat(ControlMessages.decode(bytes(PACKET_INFO6 + "00000000" + HOP_LIMIT)))
                .as("a header that is cut short ends it")
                .isEqualTo(new ControlMessages(
                        Optional.of(new PacketInfo(7, IpAddress.parse("ff02::12"))), OptionalInt.empty()));
        assertThat(ControlMessages.decode(bytes(PACKET_INFO6 + HOP_LIMIT)))
                .isEqualTo(new ControlMessages(
                        Optional.of(new PacketInfo(7, IpAddress.parse("ff02::12"))), OptionalInt.of(255)));
    }

    @Test
    void ancillaryDataOfOtherKindsIsPassedOver() {
        var timestamp = "2000000000000000" + "010000001d000000" + "00000000000000000000000000000000";

        assertThat(ControlMessages.decode(bytes(timestamp + HOP_LIMIT)))
                .isEqualTo(new ControlMessages(Optional.empty(), OptionalInt.of(255)));
    }

    @Test
    void anyBytesAreRead() {
        var random = new Random(41);
        var good = bytes(PACKET_INFO6 + HOP_LIMIT);
        for (var round = 0; round < 50_000; round++) {
            var mutant = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (var times = random.nextInt(4); times > 0 && mutant.length > 0; times--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            assertThat(ControlMessages.decode(mutant)).isNotNull();
            assertThat(SocketAddresses.decode(mutant)).isNotNull();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
