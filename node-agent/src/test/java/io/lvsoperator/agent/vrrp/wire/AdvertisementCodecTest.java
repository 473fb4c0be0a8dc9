package io.lvsoperator.agent.vrrp.wire;

import static io.lvsoperator.agent.vrrp.wire.WireExamples.GROUP;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.GROUP_V6;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.OTHER;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.SOURCE;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.SOURCE_V6;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.addresses;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.hex;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.overIpv4;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.overIpv6;
import static io.lvsoperator.api.v1alpha1.ChecksumForm.KEEPALIVED_LEGACY;
import static io.lvsoperator.api.v1alpha1.ChecksumForm.RFC9568;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Reception.Accepted;
import io.lvsoperator.agent.vrrp.wire.Reception.Dropped;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisementCodecTest {

    private static final long SEED = 9568;
    private static final int VRID = 51;
    private static final Optional<Expected> VERSION_3 =
            Optional.of(new Expected(Version.VERSION_3, 100, Authentication.None.NONE));

    static Stream<Arguments> examples() {
        return Stream.of(
                Arguments.of("A", WireExamples.A, WireExamples.A_RFC9568, RFC9568),
                Arguments.of("A legacy", WireExamples.A, WireExamples.A_LEGACY, KEEPALIVED_LEGACY),
                Arguments.of("A0", WireExamples.A0, WireExamples.A0_RFC9568, RFC9568),
                Arguments.of("A0 legacy", WireExamples.A0, WireExamples.A0_LEGACY, KEEPALIVED_LEGACY),
                Arguments.of("B", WireExamples.B, WireExamples.B_RFC9568, RFC9568),
                Arguments.of("B legacy", WireExamples.B, WireExamples.B_LEGACY, KEEPALIVED_LEGACY),
                Arguments.of("C", WireExamples.C, WireExamples.C_IPV6, RFC9568));
    }

    private static ReceivedMessage received(byte[] message, AddressFamily family) {
        return family == AddressFamily.IPV4 ? overIpv4(message) : overIpv6(message);
    }

    private static Reception decode(byte[] message, AddressFamily family) {
        return decode(received(message, family), family);
    }

    private static Reception decode(ReceivedMessage message, AddressFamily family) {
        IpAddress own = family == AddressFamily.IPV4 ? OTHER : IpAddress.parse("fe80::12");
        return AdvertisementCodec.decode(message, family, id -> id == VRID ? VERSION_3 : Optional.empty(), own);
    }

    private static Reception decodeIpv4(byte[] message) {
        return decode(message, AddressFamily.IPV4);
    }

    private static byte[] changed(byte[] message, int offset, int value) {
        byte[] copy = message.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    /** With the checksum of RFC 9568 over IPv4 filled in again, so that nothing but the change is wrong. */
    private static byte[] resealed(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message.clone()).putShort(6, (short) 0);
        return buffer.putShort(6, (short) Checksum.of(buffer)).array();
    }

    private static byte[] resealedIpv6(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message.clone()).putShort(6, (short) 0);
        ByteBuffer pseudo = Checksum.ipv6PseudoHeader(SOURCE_V6, GROUP_V6, message.length, Checksum.IPPROTO_VRRP);
        return buffer.putShort(6, (short) Checksum.of(pseudo, buffer)).array();
    }

    private static void assertDropped(Reception reception, DropReason reason) {
        assertThat(reception)
                .isInstanceOfSatisfying(
                        Dropped.class, dropped -> assertThat(dropped.reason()).isEqualTo(reason));
    }

    @ParameterizedTest(name = "V3-47: over {0} adverts go to {1}")
    @CsvSource({"IPV4, 224.0.0.18", "IPV6, ff02::12"})
    @Tag("V3-47+")
    void advertsGoToTheGroup(AddressFamily family, String group) {
        assertThat(AdvertisementCodec.group(family)).isEqualTo(IpAddress.parse(group));
    }

    @Nested
    class Encoding {

        @ParameterizedTest(name = "V3-11 V3-13 V3-14 V3-44: example {0} is encoded byte for byte")
        @MethodSource("io.lvsoperator.agent.vrrp.wire.AdvertisementCodecTest#examples")
        @Tag("V3-11+")
        @Tag("V3-13+")
        @Tag("V3-14+")
        @Tag("V3-44+")
        void examplesAreEncodedByteForByte(
                String name, Advertisement advertisement, byte[] expected, ChecksumForm form) {
            boolean ipv4 = advertisement.family() == AddressFamily.IPV4;

            byte[] encoded = AdvertisementCodec.encode(
                    advertisement, ipv4 ? SOURCE : SOURCE_V6, ipv4 ? GROUP : GROUP_V6, form, Authentication.None.NONE);

            assertThat(encoded).as(name).isEqualTo(expected);
        }

        @Test
        void theLegacyChecksumDependsOnTheDestination() {
            byte[] encoded = AdvertisementCodec.encode(
                    WireExamples.A, SOURCE, OTHER, KEEPALIVED_LEGACY, Authentication.None.NONE);

            assertThat(encoded).isEqualTo(WireExamples.A_LEGACY_UNICAST);
        }

        @Test
        @DisplayName("over IPv6 both settings give the one form that there is")
        void ipv6HasOneChecksumForm() {
            byte[] encoded = AdvertisementCodec.encode(
                    WireExamples.C, SOURCE_V6, GROUP_V6, KEEPALIVED_LEGACY, Authentication.None.NONE);

            assertThat(encoded).isEqualTo(WireExamples.C_IPV6);
        }

        @Test
        @DisplayName("V3-11: the reserved bits are zero at the longest interval too")
        @Tag("V3-11+")
        void reservedBitsAreZeroAtTheLongestInterval() {
            Advertisement longest = new Advertisement(Version.VERSION_3, VRID, 100, 4095, addresses("192.0.2.100"));

            byte[] encoded = AdvertisementCodec.encode(longest, SOURCE, GROUP, RFC9568, Authentication.None.NONE);

            assertThat(Arrays.copyOfRange(encoded, 4, 6)).isEqualTo(hex("0f ff"));
        }

        @ParameterizedTest(name = "V3-10 V3-13 V3-14 V3-42: an advertisement of {4} is refused")
        @CsvSource({
            "0,   100, 100, 192.0.2.100, virtual router id",
            "256, 100, 100, 192.0.2.100, virtual router id",
            "51,  -1,  100, 192.0.2.100, priority",
            "51,  256, 100, 192.0.2.100, priority",
            "51,  100, 0,   192.0.2.100, interval",
            "51,  100, 4096, 192.0.2.100, interval",
            "51,  100, 100, '',          number of addresses",
            "51,  100, 100, 192.0.2.100 fe80::1, family",
            "51,  100, 100, 2001:db8::1 fe80::1, link-local"
        })
        @Tag("V3-10-")
        @Tag("V3-13-")
        @Tag("V3-14-")
        @Tag("V3-42-")
        void impossibleAdvertisementsAreRefusedByName(
                int id, int priority, int interval, String addresses, String named) {
            List<IpAddress> list = addresses.isEmpty() ? List.of() : addresses(addresses.split(" "));

            assertThatThrownBy(() -> new Advertisement(Version.VERSION_3, id, priority, interval, list))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(named);
        }

        @ParameterizedTest(name = "an MTU of {1} has room for {2} {0} addresses, as in keepalived")
        @CsvSource({"IPV6, 1500, 89", "IPV4, 1500, 255", "IPV4, 576, 133", "IPV6, 9000, 255", "IPV6, 60, 0"})
        void advertisementsAreNeverFragmented(AddressFamily family, int mtu, int expected) {
            assertThat(Advertisement.maxAddresses(Version.VERSION_3, family, mtu))
                    .isEqualTo(expected);
        }
    }

    @Nested
    class Decoding {

        @ParameterizedTest(name = "V3-12 V3-38 V3-40 V3-43: example {0} is accepted, and its checksum form told")
        @MethodSource("io.lvsoperator.agent.vrrp.wire.AdvertisementCodecTest#examples")
        @Tag("V3-03+")
        @Tag("V3-06+")
        @Tag("V3-07+")
        @Tag("V3-10+")
        @Tag("V3-12+")
        @Tag("V3-38+")
        @Tag("V3-39+")
        @Tag("V3-40+")
        @Tag("V3-41+")
        @Tag("V3-43+")
        @Tag("V3-60+")
        void examplesAreAccepted(String name, Advertisement advertisement, byte[] bytes, ChecksumForm form) {
            AddressFamily family = advertisement.family();

            Reception reception = decode(bytes, family);

            assertThat(reception)
                    .as(name)
                    .isEqualTo(
                            new Accepted(advertisement, received(bytes, family).source(), form));
        }

        @ParameterizedTest(name = "V3-12: example {0} with any one bit flipped is dropped")
        @MethodSource("io.lvsoperator.agent.vrrp.wire.AdvertisementCodecTest#examples")
        @Tag("V3-12-")
        void everyFlippedBitIsDropped(String name, Advertisement advertisement, byte[] bytes, ChecksumForm form) {
            List<Reception> receptions = IntStream.range(0, bytes.length * Byte.SIZE)
                    .mapToObj(bit -> changed(bytes, bit / Byte.SIZE, bytes[bit / Byte.SIZE] ^ (1 << bit % Byte.SIZE)))
                    .map(flipped -> decode(flipped, advertisement.family()))
                    .toList();

            assertThat(receptions).as(name + " " + form).hasOnlyElementsOfType(Dropped.class);
        }

        @ParameterizedTest(name = "V3-40: example {0} cut anywhere is dropped for its length")
        @MethodSource("io.lvsoperator.agent.vrrp.wire.AdvertisementCodecTest#examples")
        @Tag("V3-40-")
        void everyTruncationIsDropped(String name, Advertisement advertisement, byte[] bytes, ChecksumForm form) {
            List<DropReason> reasons = IntStream.range(0, bytes.length)
                    .mapToObj(length -> decode(Arrays.copyOf(bytes, length), advertisement.family()))
                    .map(reception -> ((Dropped) reception).reason())
                    .toList();

            assertThat(reasons.subList(0, 8)).as(name + " " + form).containsOnly(DropReason.TOO_SHORT);
            assertThat(reasons.subList(8, bytes.length)).as(name).containsOnly(DropReason.INCOMPLETE);
        }

        @ParameterizedTest(name = "V3-03 V3-06: hop limit {0} is dropped")
        @ValueSource(ints = {ReceivedMessage.UNKNOWN_HOP_LIMIT, 0, 1, 64, 254})
        @Tag("V3-03-")
        @Tag("V3-06-")
        void otherHopLimitsAreDropped(int hopLimit) {
            ReceivedMessage routed = new ReceivedMessage(SOURCE, GROUP, hopLimit, WireExamples.A_RFC9568);
            ReceivedMessage routedIpv6 = new ReceivedMessage(SOURCE_V6, GROUP_V6, hopLimit, WireExamples.C_IPV6);

            assertDropped(decode(routed, AddressFamily.IPV4), DropReason.HOP_LIMIT);
            assertDropped(decode(routedIpv6, AddressFamily.IPV6), DropReason.HOP_LIMIT);
        }

        @ParameterizedTest(name = "V3-38: first byte {0} is another version")
        @ValueSource(ints = {0x21, 0x01, 0x41, 0xf1})
        @Tag("V3-38-")
        void otherVersionsAreDropped(int first) {
            assertDropped(decodeIpv4(resealed(changed(WireExamples.A_RFC9568, 0, first))), DropReason.VERSION);
        }

        @Test
        @DisplayName("V3-38: a whole advertisement of version 2 is dropped for its version")
        @Tag("V3-38-")
        void version2IsDropped() {
            assertDropped(decodeIpv4(WireExamples.D_VERSION_2), DropReason.VERSION);
        }

        @ParameterizedTest(name = "V3-07 V3-39: first byte {0} is another type")
        @ValueSource(ints = {0x30, 0x32, 0x3f})
        @Tag("V3-07-")
        @Tag("V3-39-")
        void otherTypesAreDropped(int first) {
            assertDropped(decodeIpv4(resealed(changed(WireExamples.A_RFC9568, 0, first))), DropReason.TYPE);
        }

        @Test
        @DisplayName("V3-10: a message without addresses is dropped")
        @Tag("V3-10-")
        void noAddressesAreDropped() {
            byte[] empty = resealed(Arrays.copyOf(changed(WireExamples.A_RFC9568, 3, 0), 8));

            assertThat(decodeIpv4(empty)).isEqualTo(new Dropped(DropReason.NO_ADDRESSES, VRID));
        }

        @Test
        @DisplayName("V3-11: reserved bits are not looked at")
        @Tag("V3-11-")
        void reservedBitsAreIgnored() {
            byte[] reserved = resealed(changed(WireExamples.A_RFC9568, 4, 0xf0));

            assertThat(decodeIpv4(reserved)).isEqualTo(new Accepted(WireExamples.A, SOURCE, RFC9568));
        }

        @Test
        @DisplayName("V3-12: an IPv6 checksum without pseudo-header is dropped")
        @Tag("V3-12-")
        void ipv6WithoutPseudoHeaderIsDropped() {
            assertDropped(decode(resealed(WireExamples.C_IPV6), AddressFamily.IPV6), DropReason.CHECKSUM);
        }

        @Test
        @DisplayName("V3-12: a legacy checksum made for another source is dropped")
        @Tag("V3-12-")
        void legacyChecksumOfAnotherSourceIsDropped() {
            ReceivedMessage rewritten = new ReceivedMessage(
                    IpAddress.parse("192.0.2.99"), GROUP, AdvertisementCodec.HOP_LIMIT, WireExamples.A_LEGACY);

            assertDropped(decode(rewritten, AddressFamily.IPV4), DropReason.CHECKSUM);
        }

        @ParameterizedTest(name = "V3-41: VRID {0} is not configured here")
        @ValueSource(ints = {0, 50, 52, 255})
        @Tag("V3-41-")
        void unknownVirtualRoutersAreDropped(int id) {
            byte[] other = resealed(changed(WireExamples.A_RFC9568, 1, id));

            assertDropped(decodeIpv4(other), DropReason.UNKNOWN_VIRTUAL_ROUTER);
        }

        @Test
        @DisplayName("V3-42: interval zero is dropped, also when the reserved bits are set")
        @Tag("V3-42-")
        void zeroIntervalIsDropped() {
            byte[] zero = resealed(changed(changed(WireExamples.A_RFC9568, 5, 0), 4, 0x10));

            assertDropped(decodeIpv4(zero), DropReason.ZERO_INTERVAL);
        }

        @ParameterizedTest(name = "V3-42: interval {0} is accepted")
        @ValueSource(ints = {1, 4095})
        @Tag("V3-42+")
        void intervalLimitsAreAccepted(int interval) {
            Advertisement limit = new Advertisement(Version.VERSION_3, VRID, 100, interval, addresses("192.0.2.100"));

            assertThat(decodeIpv4(AdvertisementCodec.encode(limit, SOURCE, GROUP, RFC9568, Authentication.None.NONE)))
                    .isEqualTo(new Accepted(limit, SOURCE, RFC9568));
        }

        @Test
        @DisplayName("V3-60: a first IPv6 address that is not link-local is dropped")
        @Tag("V3-60-")
        void globalFirstAddressIsDropped() {
            byte[] global = resealedIpv6(changed(WireExamples.C_IPV6, 8, 0x20));

            assertDropped(decode(global, AddressFamily.IPV6), DropReason.FIRST_ADDRESS_NOT_LINK_LOCAL);
        }

        @Test
        @DisplayName("V3-37: a packet from our own address is dropped")
        @Tag("V3-37-")
        void ownSourceIsDropped() {
            Reception reception = AdvertisementCodec.decode(
                    overIpv4(WireExamples.A_RFC9568),
                    AddressFamily.IPV4,
                    id -> id == VRID ? VERSION_3 : Optional.empty(),
                    SOURCE);

            assertDropped(reception, DropReason.OWN_SOURCE);
        }

        @Test
        @DisplayName("V3-08: priority 255 of another router is accepted")
        @Tag("V3-08+")
        void ownersAreHeard() {
            byte[] owner = resealed(changed(WireExamples.A_RFC9568, 2, 255));

            assertThat(decodeIpv4(owner))
                    .isInstanceOfSatisfying(
                            Accepted.class,
                            accepted -> assertThat(accepted.advertisement().priority())
                                    .isEqualTo(255));
        }

        @Test
        @DisplayName("a trailer after the addresses, as keepalived's HMAC appends, does no harm over IPv4")
        void trailersAreIgnoredOverIpv4() {
            byte[] trailed = Arrays.copyOf(WireExamples.A_LEGACY, WireExamples.A_LEGACY.length + 28);
            Arrays.fill(trailed, WireExamples.A_LEGACY.length, trailed.length, (byte) 0x5a);

            assertThat(decodeIpv4(trailed)).isEqualTo(new Accepted(WireExamples.A, SOURCE, KEEPALIVED_LEGACY));
        }

        @ParameterizedTest(name = "V3-12: over IPv6 a trailer of {0} bytes is under the checksum")
        @ValueSource(ints = {1, 2, 28})
        @Tag("V3-12-")
        void trailersAreChecksummedOverIpv6(int length) {
            byte[] trailed = Arrays.copyOf(WireExamples.C_IPV6, WireExamples.C_IPV6.length + length);
            Arrays.fill(trailed, WireExamples.C_IPV6.length, trailed.length, (byte) 0xa5);

            assertThat(decode(resealedIpv6(trailed), AddressFamily.IPV6))
                    .isEqualTo(new Accepted(WireExamples.C, SOURCE_V6, RFC9568));
            assertDropped(decode(trailed, AddressFamily.IPV6), DropReason.CHECKSUM);
        }

        @Test
        void theVirtualRouterOfADroppedMessageIsTold() {
            byte[] zero = resealed(changed(WireExamples.A_RFC9568, 5, 0));

            assertThat(decodeIpv4(zero)).isEqualTo(new Dropped(DropReason.ZERO_INTERVAL, VRID));
        }

        @ParameterizedTest(name = "V3-40: random bytes over {0} give a reason, never an exception")
        @EnumSource(AddressFamily.class)
        @Tag("V3-40-")
        void randomBytesGiveAReason(AddressFamily family) {
            Random random = new Random(SEED);
            for (int round = 0; round < 100_000; round++) {
                byte[] bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                if (bytes.length > 4 && random.nextBoolean()) {
                    bytes[0] = 0x31;
                    bytes[3] = (byte) random.nextInt(4);
                }
                if (bytes.length >= 8 && random.nextBoolean()) {
                    bytes = family == AddressFamily.IPV4 ? resealed(bytes) : resealedIpv6(bytes);
                }

                Reception reception =
                        AdvertisementCodec.decode(received(bytes, family), family, id -> VERSION_3, OTHER);

                assertThat(reception).as("seed %d round %d", SEED, round).isNotNull();
            }
        }

        @Test
        @DisplayName("V3-40: what is encoded is decoded again, for random advertisements of both families")
        @Tag("V3-40+")
        void randomAdvertisementsSurviveTheRoundTrip() {
            Random random = new Random(SEED);
            for (int round = 0; round < 2_000; round++) {
                AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
                Advertisement advertisement = randomAdvertisement(random, family);
                ReceivedMessage shell = received(new byte[0], family);
                byte[] bytes = AdvertisementCodec.encode(
                        advertisement,
                        shell.source(),
                        shell.destination(),
                        randomForm(random),
                        Authentication.None.NONE);

                Reception reception =
                        AdvertisementCodec.decode(received(bytes, family), family, id -> VERSION_3, OTHER);

                assertThat(reception)
                        .as("seed %d round %d", SEED, round)
                        .isInstanceOfSatisfying(
                                Accepted.class,
                                accepted -> assertThat(accepted.advertisement()).isEqualTo(advertisement));
            }
        }

        private static ChecksumForm randomForm(Random random) {
            return random.nextBoolean() ? RFC9568 : KEEPALIVED_LEGACY;
        }

        private static Advertisement randomAdvertisement(Random random, AddressFamily family) {
            List<IpAddress> addresses = IntStream.rangeClosed(0, random.nextInt(Advertisement.MAX_ADDRESSES))
                    .mapToObj(i -> {
                        byte[] bytes = new byte[family.addressLength()];
                        random.nextBytes(bytes);
                        if (family == AddressFamily.IPV6 && i == 0) {
                            bytes[0] = (byte) 0xfe;
                            bytes[1] = (byte) 0x80;
                        }
                        return IpAddress.of(bytes);
                    })
                    .toList();
            return new Advertisement(
                    Version.VERSION_3,
                    1 + random.nextInt(255),
                    random.nextInt(256),
                    1 + random.nextInt(4095),
                    addresses);
        }
    }
}
