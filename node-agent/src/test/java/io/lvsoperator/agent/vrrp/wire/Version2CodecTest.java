package io.lvsoperator.agent.vrrp.wire;

import static io.lvsoperator.agent.vrrp.wire.WireExamples.GROUP;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.OTHER;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.SOURCE;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.addresses;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of RFC 3768. */
class Version2CodecTest {

    private static final long SEED = 3768;
    private static final int VRID = 51;
    private static final Optional<Expected> VERSION_2 =
            Optional.of(new Expected(Version.VERSION_2, 100, Authentication.None.NONE));
    private static final int TRAILER = WireExamples.D_VERSION_2.length - 8;

    private static Reception decode(ReceivedMessage message) {
        return AdvertisementCodec.decode(
                message, AddressFamily.IPV4, id -> id == VRID ? VERSION_2 : Optional.empty(), OTHER);
    }

    private static Reception decode(byte[] message) {
        return decode(overIpv4(message));
    }

    private static byte[] changed(byte[] message, int offset, int value) {
        byte[] copy = message.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    /** With the checksum filled in again, so that nothing but the change is wrong. */
    private static byte[] resealed(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message.clone()).putShort(6, (short) 0);
        return buffer.putShort(6, (short) Checksum.of(buffer)).array();
    }

    /** D with one byte changed and nothing else wrong. */
    private static byte[] with(int offset, int value) {
        return resealed(changed(WireExamples.D_VERSION_2, offset, value));
    }

    private static void assertDropped(Reception reception, DropReason reason) {
        assertThat(reception).isEqualTo(new Dropped(reason, VRID));
    }

    @Test
    @DisplayName("V2-33: example D is encoded byte for byte, whatever the form of the checksum")
    @Tag("V2-33+")
    void theExampleIsEncodedByteForByte() {
        assertThat(AdvertisementCodec.encode(WireExamples.D, SOURCE, GROUP, RFC9568, Authentication.None.NONE))
                .isEqualTo(WireExamples.D_VERSION_2);
        assertThat(AdvertisementCodec.encode(
                        WireExamples.D, SOURCE, OTHER, KEEPALIVED_LEGACY, Authentication.None.NONE))
                .isEqualTo(WireExamples.D_VERSION_2);
    }

    @Test
    @DisplayName("example D is accepted")
    @Tag("V2-03+")
    @Tag("V2-04+")
    @Tag("V2-07+")
    @Tag("V2-25+")
    @Tag("V2-26+")
    @Tag("V2-27+")
    @Tag("V2-28+")
    @Tag("V2-29+")
    @Tag("V2-30+")
    @Tag("V2-32+")
    void theExampleIsAccepted() {
        assertThat(decode(WireExamples.D_VERSION_2)).isEqualTo(new Accepted(WireExamples.D, SOURCE, RFC9568));
    }

    @ParameterizedTest(name = "V2-33: an advertisement of version 2 with {0} cs and {1} is refused, naming {2}")
    @CsvSource({
        "150,   192.0.2.100, interval is 150 centiseconds",
        "99,    192.0.2.100, interval in seconds is 0",
        "25600, 192.0.2.100, interval in seconds is 256",
        "100,   fe80::1,     no address like fe80::1"
    })
    @Tag("V2-33-")
    void impossibleAdvertisementsAreRefusedByName(int interval, String address, String named) {
        List<IpAddress> list = addresses(address);

        assertThatThrownBy(() -> new Advertisement(Version.VERSION_2, VRID, 100, interval, list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest(name = "an interval of {0} s is carried as it is")
    @ValueSource(ints = {1, 255})
    void intervalLimitsAreCarried(int seconds) {
        Advertisement limit = new Advertisement(Version.VERSION_2, VRID, 100, seconds * 100, addresses("192.0.2.100"));

        Reception reception = AdvertisementCodec.decode(
                overIpv4(AdvertisementCodec.encode(limit, SOURCE, GROUP, RFC9568, Authentication.None.NONE)),
                AddressFamily.IPV4,
                id -> Optional.of(new Expected(Version.VERSION_2, seconds * 100, Authentication.None.NONE)),
                OTHER);

        assertThat(reception).isEqualTo(new Accepted(limit, SOURCE, RFC9568));
    }

    @ParameterizedTest(name = "an MTU of {0} has room for {1} addresses and the authentication data")
    @CsvSource({"576, 131", "1500, 255"})
    void advertisementsAreNeverFragmented(int mtu, int expected) {
        assertThat(Advertisement.maxAddresses(Version.VERSION_2, AddressFamily.IPV4, mtu))
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("V2-27: any one flipped bit is noticed, also in the trailer")
    @Tag("V2-27-")
    @Tag("V2-30-")
    void everyFlippedBitIsDropped() {
        byte[] bytes = WireExamples.D_VERSION_2;

        List<Reception> receptions = IntStream.range(0, bytes.length * Byte.SIZE)
                .mapToObj(bit -> changed(bytes, bit / Byte.SIZE, bytes[bit / Byte.SIZE] ^ (1 << bit % Byte.SIZE)))
                .map(Version2CodecTest::decode)
                .toList();

        assertThat(receptions).hasOnlyElementsOfType(Dropped.class);
    }

    @Test
    @DisplayName("V2-26: a message that is cut anywhere is dropped for its length, also within the trailer")
    @Tag("V2-26-")
    void everyTruncationIsDropped() {
        byte[] bytes = WireExamples.D_VERSION_2;

        List<DropReason> reasons = IntStream.range(0, bytes.length)
                .mapToObj(length -> ((Dropped) decode(Arrays.copyOf(bytes, length))).reason())
                .toList();

        assertThat(reasons.subList(0, 8)).containsOnly(DropReason.TOO_SHORT);
        assertThat(reasons.subList(8, bytes.length)).containsOnly(DropReason.INCOMPLETE);
    }

    @ParameterizedTest(name = "V2-03: TTL {0} is dropped")
    @ValueSource(ints = {0, 1, 64, 254})
    @Tag("V2-03-")
    void otherTtlsAreDropped(int ttl) {
        assertDropped(decode(new ReceivedMessage(SOURCE, GROUP, ttl, WireExamples.D_VERSION_2)), DropReason.HOP_LIMIT);
    }

    @ParameterizedTest(name = "V2-25: first byte {0} is another version")
    @ValueSource(ints = {0x31, 0x11, 0x01, 0xf1})
    @Tag("V2-25-")
    void otherVersionsAreDropped(int first) {
        assertDropped(decode(with(0, first)), DropReason.VERSION);
    }

    @Test
    @DisplayName("V2-25: a whole advertisement of version 3 is dropped for its version")
    @Tag("V2-25-")
    void version3IsDropped() {
        assertDropped(decode(WireExamples.A_RFC9568), DropReason.VERSION);
    }

    @Test
    @DisplayName("there is no version 2 over IPv6, even for an id that is not configured")
    void thereIsNoIpv6() {
        Reception reception = AdvertisementCodec.decode(
                overIpv6(WireExamples.D_VERSION_2), AddressFamily.IPV6, id -> Optional.empty(), OTHER);

        assertDropped(reception, DropReason.VERSION);
    }

    @ParameterizedTest(name = "V2-04: first byte {0} is another type")
    @ValueSource(ints = {0x20, 0x22, 0x2f})
    @Tag("V2-04-")
    void otherTypesAreDropped(int first) {
        assertDropped(decode(with(0, first)), DropReason.TYPE);
    }

    @ParameterizedTest(name = "V2-07 V2-29: authentication type {0} is not ours")
    @ValueSource(ints = {1, 2, 3, 255})
    @Tag("V2-07-")
    @Tag("V2-29-")
    void otherAuthenticationIsDropped(int type) {
        assertDropped(decode(with(4, type)), DropReason.AUTHENTICATION);
    }

    @Test
    @DisplayName("without authentication its data is not looked at (section 5.3.10)")
    void authenticationDataIsIgnored() {
        assertThat(decode(with(TRAILER, 0x73))).isEqualTo(new Accepted(WireExamples.D, SOURCE, RFC9568));
    }

    @ParameterizedTest(name = "V2-32: an interval of {0} s is not ours")
    @ValueSource(ints = {0, 2, 255})
    @Tag("V2-32-")
    void otherIntervalsAreDropped(int seconds) {
        assertDropped(decode(with(5, seconds)), DropReason.INTERVAL);
    }

    @ParameterizedTest(name = "V2-28: VRID {0} is not configured here")
    @ValueSource(ints = {0, 50, 255})
    @Tag("V2-28-")
    void unknownVirtualRoutersAreDropped(int id) {
        assertThat(decode(with(1, id))).isEqualTo(new Dropped(DropReason.UNKNOWN_VIRTUAL_ROUTER, id));
    }

    @Test
    void aPacketFromOurOwnAddressIsDropped() {
        Reception reception = AdvertisementCodec.decode(
                overIpv4(WireExamples.D_VERSION_2), AddressFamily.IPV4, id -> VERSION_2, SOURCE);

        assertDropped(reception, DropReason.OWN_SOURCE);
    }

    @Test
    @DisplayName("V2-27: the checksum has no pseudo-header")
    @Tag("V2-27-")
    void aPseudoHeaderIsDropped() {
        ByteBuffer message = ByteBuffer.wrap(WireExamples.D_VERSION_2.clone()).putShort(6, (short) 0);
        ByteBuffer pseudoHeader = Checksum.legacyIpv4PseudoHeader(SOURCE, GROUP, message.capacity());
        message.putShort(6, (short) Checksum.of(pseudoHeader, message));

        assertDropped(decode(message.array()), DropReason.CHECKSUM);
    }

    @Test
    @DisplayName("bytes after the trailer are no part of the message")
    void whatFollowsIsIgnored() {
        byte[] longer = Arrays.copyOf(WireExamples.D_VERSION_2, WireExamples.D_VERSION_2.length + 3);
        Arrays.fill(longer, WireExamples.D_VERSION_2.length, longer.length, (byte) 0x5a);

        assertThat(decode(longer)).isEqualTo(new Accepted(WireExamples.D, SOURCE, RFC9568));
    }

    @Test
    @DisplayName("V2-26: what is encoded is decoded again, for random advertisements")
    @Tag("V2-26+")
    void randomAdvertisementsSurviveTheRoundTrip() {
        Random random = new Random(SEED);
        for (int round = 0; round < 1_000; round++) {
            List<IpAddress> vips = IntStream.rangeClosed(0, random.nextInt(Advertisement.MAX_ADDRESSES))
                    .mapToObj(i -> IpAddress.parse("10.1." + random.nextInt(256) + "." + random.nextInt(256)))
                    .toList();
            Advertisement advertisement =
                    new Advertisement(Version.VERSION_2, 1 + random.nextInt(255), random.nextInt(256), 100, vips);
            byte[] bytes = AdvertisementCodec.encode(advertisement, SOURCE, GROUP, RFC9568, Authentication.None.NONE);

            Reception reception =
                    AdvertisementCodec.decode(overIpv4(bytes), AddressFamily.IPV4, id -> VERSION_2, OTHER);

            assertThat(reception)
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(new Accepted(advertisement, SOURCE, RFC9568));
        }
    }

    @Nested
    @DisplayName("with a password (RFC 2338 section 5.3.6)")
    class WithAPassword {
        private static final Authentication SECRET =
                Authentication.Password.of("secret".getBytes(StandardCharsets.US_ASCII));
        /** Example D as keepalived 2.2.7 sends it with auth_type PASS and auth_pass secret. */
        private static final byte[] D_WITH_PASSWORD =
                resealed(HexFormat.of().parseHex("2133640101010000c00002647365637265740000"));

        private static Reception received(byte[] message, Authentication own) {
            return AdvertisementCodec.decode(
                    overIpv4(message),
                    AddressFamily.IPV4,
                    id -> Optional.of(new Expected(Version.VERSION_2, 100, own)),
                    OTHER);
        }

        @Test
        @DisplayName("type 1 and the password, filled with zeros, under the checksum")
        void itIsSent() {
            assertThat(AdvertisementCodec.encode(WireExamples.D, SOURCE, GROUP, RFC9568, SECRET))
                    .isEqualTo(D_WITH_PASSWORD);
        }

        @Test
        @DisplayName("V2-29: the same one is heard")
        @Tag("V2-29+")
        void theSameIsHeard() {
            assertThat(received(D_WITH_PASSWORD, SECRET)).isEqualTo(new Accepted(WireExamples.D, SOURCE, RFC9568));
        }

        @Test
        @DisplayName("V2-29: another one, a longer one and none are not heard")
        @Tag("V2-29-")
        void anotherIsNotHeard() {
            byte[] longer = D_WITH_PASSWORD.clone();
            longer[longer.length - 1] = 's';

            assertDropped(received(resealed(longer), SECRET), DropReason.AUTHENTICATION);
            assertDropped(
                    received(D_WITH_PASSWORD, Authentication.Password.of("Secret".getBytes(StandardCharsets.US_ASCII))),
                    DropReason.AUTHENTICATION);
            assertDropped(received(WireExamples.D_VERSION_2, SECRET), DropReason.AUTHENTICATION);
        }

        @Test
        @DisplayName("V2-07: the right data under another type is not heard")
        @Tag("V2-07-")
        void anotherTypeIsNotHeard() {
            byte[] other = D_WITH_PASSWORD.clone();
            other[4] = 2;

            assertDropped(received(resealed(other), SECRET), DropReason.AUTHENTICATION);
        }

        @Test
        @DisplayName("the password behind as many addresses as the message lists is looked at")
        void itIsFoundBehindAllAddresses() {
            Advertisement two =
                    new Advertisement(Version.VERSION_2, VRID, 100, 100, addresses("192.0.2.100", "192.0.2.101"));
            byte[] longer = Arrays.copyOf(AdvertisementCodec.encode(two, SOURCE, GROUP, RFC9568, SECRET), 40);

            assertThat(received(longer, SECRET)).isEqualTo(new Accepted(two, SOURCE, RFC9568));
        }

        @ParameterizedTest(name = "{0} bytes are no password")
        @ValueSource(ints = {0, 9})
        void itHasOneToEightBytes(int length) {
            assertThatThrownBy(() -> Authentication.Password.of(new byte[length]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 8 bytes");
        }

        @Test
        void itIsNotPrinted() {
            assertThat(SECRET).hasToString("Password[...]");
        }
    }
}
