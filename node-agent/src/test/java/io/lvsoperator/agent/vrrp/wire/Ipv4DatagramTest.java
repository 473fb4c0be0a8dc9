package io.lvsoperator.agent.vrrp.wire;

import static io.lvsoperator.agent.vrrp.wire.WireExamples.A_DATAGRAM;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.A_RFC9568;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.GROUP;
import static io.lvsoperator.agent.vrrp.wire.WireExamples.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv4DatagramTest {

    private static byte[] changed(int offset, int value) {
        byte[] copy = A_DATAGRAM.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    @Test
    @DisplayName("V3-03: source, destination, TTL and message come from the IP header")
    @Tag("V3-03+")
    void theHeaderIsTakenApart() {
        ReceivedMessage message = Ipv4Datagram.parse(A_DATAGRAM).orElseThrow();

        assertThat(message).usingRecursiveComparison().isEqualTo(new ReceivedMessage(SOURCE, GROUP, 255, A_RFC9568));
    }

    @Test
    @DisplayName("the length of the IP header counts, not that of a padded frame")
    void paddingIsCutOff() {
        ReceivedMessage message =
                Ipv4Datagram.parse(Arrays.copyOf(A_DATAGRAM, 46)).orElseThrow();

        assertThat(message.bytes()).isEqualTo(A_RFC9568);
    }

    @Test
    @DisplayName("V3-40: a header with nothing behind it is a message of no bytes, too short for VRRP")
    @Tag("V3-40-")
    void aHeaderAloneIsAnEmptyMessage() {
        byte[] header = Arrays.copyOf(changed(3, 20), 20);

        assertThat(Ipv4Datagram.parse(header).orElseThrow().bytes()).isEmpty();
    }

    @Test
    void headerOptionsAreSkipped() {
        byte[] withOption = new byte[A_DATAGRAM.length + 4];
        System.arraycopy(A_DATAGRAM, 0, withOption, 0, 20);
        System.arraycopy(A_DATAGRAM, 20, withOption, 24, A_RFC9568.length);
        withOption[0] = 0x46;
        withOption[3] = 36;

        assertThat(Ipv4Datagram.parse(withOption).orElseThrow().bytes()).isEqualTo(A_RFC9568);
    }

    @ParameterizedTest(name = "byte {0} = {1} is no whole IPv4 header")
    @CsvSource({"0, 0x65", "0, 0x44", "0, 0x4f", "2, 0x01", "3, 0x10"})
    void brokenHeadersGiveNothing(int offset, String value) {
        assertThat(Ipv4Datagram.parse(changed(offset, Integer.decode(value)))).isEmpty();
    }

    @Test
    void everyTruncationGivesNothing() {
        assertThat(IntStream.range(0, A_DATAGRAM.length)
                        .mapToObj(length -> Ipv4Datagram.parse(Arrays.copyOf(A_DATAGRAM, length)))
                        .filter(java.util.Optional::isPresent))
                .isEmpty();
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = new Random(791);
        long parsed = IntStream.range(0, 100_000)
                .mapToObj(round -> {
                    byte[] bytes = new byte[random.nextInt(64)];
                    random.nextBytes(bytes);
                    if (bytes.length > 3) {
                        bytes[0] = (byte) (0x40 | random.nextInt(16));
                        bytes[2] = 0;
                    }
                    return Ipv4Datagram.parse(bytes);
                })
                .filter(java.util.Optional::isPresent)
                .count();

        assertThat(parsed).isPositive();
    }
}
