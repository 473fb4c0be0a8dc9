package io.lvsoperator.agent.heartbeat.wire;

import static io.lvsoperator.agent.heartbeat.wire.HeartbeatExamples.KEY;
import static io.lvsoperator.agent.heartbeat.wire.HeartbeatExamples.OF_D2;
import static io.lvsoperator.agent.heartbeat.wire.HeartbeatExamples.OTHER_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HeartbeatCodecTest {
    /** Written by hand after the layout in the codec's description. */
    private static final String CONTENT = "4c565348" // LVSH
            + "01" // version
            + "00" // not fenced
            + "0000000000000002" + "0000000000000009" // mark
            + "0000000000000001" + "0000000000000005" // heard
            + "0000000000000000" + "0000000000000000" // greeted nobody
            + "04" + "65646765" // edge
            + "02" + "6432" // d2
            + "02" + "6431" // d1
            + "10" + "30313233343536373839616263646566" // digest of the tables
            + "04" + "34373131" // resourceVersion 4711
            + "02" // virtual routers
            + "04" + "33" + "01" + "fd" // IPv4, 51, Backup, 253
            + "06" + "33" + "02" + "fd"; // IPv6, 51, Active, 253

    private static byte[] datagram() {
        return HeartbeatCodec.encode(OF_D2, List.of(KEY));
    }

    private static Reception decode(byte[] datagram, byte[]... keys) {
        return HeartbeatCodec.decode(datagram, fleet -> fleet.equals("edge") ? List.of(keys) : List.of());
    }

    @Test
    void itsBytesAreThoseOfTheDescription() throws Exception {
        byte[] content = HexFormat.of().parseHex(CONTENT);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));

        assertThat(HexFormat.of().formatHex(datagram()))
                .isEqualTo(CONTENT + "01" + HexFormat.of().formatHex(mac.doFinal(content)));
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(decode(datagram(), KEY)).isEqualTo(new Reception.Authentic(OF_D2));
    }

    @Test
    void saysThatTheSenderIsFenced() {
        Heartbeat fenced = new Heartbeat(
                "edge", "d2", "d1", OF_D2.mark(), OF_D2.heard(), OF_D2.greeted(), true, List.of(), "", "");

        assertThat(decode(HeartbeatCodec.encode(fenced, List.of(KEY)), KEY)).isEqualTo(new Reception.Authentic(fenced));
    }

    @Test
    void oneKeyInCommonIsEnough() {
        byte[] signedWithBoth = HeartbeatCodec.encode(OF_D2, List.of(OTHER_KEY, KEY));

        assertThat(decode(signedWithBoth, KEY)).isInstanceOf(Reception.Authentic.class);
        assertThat(decode(signedWithBoth, OTHER_KEY)).isInstanceOf(Reception.Authentic.class);
        assertThat(decode(datagram(), OTHER_KEY, KEY)).isInstanceOf(Reception.Authentic.class);
    }

    @Test
    void anotherKeyIsAForgery() {
        assertThat(decode(datagram(), OTHER_KEY)).isEqualTo(new Reception.Rejected(Rejection.FORGED));
    }

    @Test
    void aFleetOfOthersIsNotOurs() {
        assertThat(HeartbeatCodec.decode(datagram(), fleet -> List.of()))
                .isEqualTo(new Reception.Rejected(Rejection.UNKNOWN_FLEET));
    }

    @Test
    void aLaterVersionIsNamedAsSuch() {
        byte[] later = datagram();
        later[4] = 2;

        assertThat(decode(later, KEY)).isEqualTo(new Reception.Rejected(Rejection.UNKNOWN_VERSION));
    }

    @Test
    void noFlippedBitIsTakenForAuthentic() {
        for (int bit = 0; bit < datagram().length * Byte.SIZE; bit++) {
            byte[] flipped = datagram();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));

            assertThat(decode(flipped, KEY)).as("bit %d", bit).isInstanceOf(Reception.Rejected.class);
        }
    }

    @Test
    void noCutOrLengthenedDatagramIsTakenForAuthentic() {
        for (int length = 0; length < datagram().length + 40; length++) {
            if (length != datagram().length) {
                assertThat(decode(Arrays.copyOf(datagram(), length), KEY))
                        .as("%d bytes", length)
                        .isEqualTo(new Reception.Rejected(Rejection.MALFORMED));
            }
        }
    }

    @Test
    void theLongestNamesFit() {
        String longest = "n".repeat(253);
        Heartbeat heartbeat = new Heartbeat(
                "f".repeat(63),
                longest,
                longest,
                OF_D2.mark(),
                OF_D2.heard(),
                OF_D2.greeted(),
                false,
                Collections.nCopies(Heartbeat.MAX_ROUTERS, OF_D2.routers().getFirst()),
                "0123456789abcdef",
                "9".repeat(64));

        byte[] datagram = HeartbeatCodec.encode(heartbeat, List.of(KEY, OTHER_KEY));

        assertThat(HeartbeatCodec.decode(datagram, fleet -> List.of(KEY)))
                .isEqualTo(new Reception.Authentic(heartbeat));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Heartbeat tooLong = new Heartbeat(
                "edge", "n".repeat(254), "d1", OF_D2.mark(), OF_D2.heard(), OF_D2.greeted(), false, List.of(), "", "");

        assertThatThrownBy(() -> HeartbeatCodec.encode(tooLong, List.of(KEY)))
                .hasMessageContaining("254 bytes")
                .hasMessageContaining("do not fit a heartbeat");
    }
}
