package io.lvsoperator.agent.vrrp.wire;

import static io.lvsoperator.agent.vrrp.wire.WireExamples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {

    /** The first is the example of RFC 1071 section 3, the others were added up by hand. */
    @ParameterizedTest(name = "V3-12: the checksum of {0} is {1}")
    @CsvSource({"00 01 f2 03 f4 f5 f6 f7, 220d", "01 02 03, fbfd", "ff ff ff ff, 0000", "ff fe 00 03, fffd"})
    @Tag("V3-12+")
    void isTheOnesComplementOfTheSum(String bytes, String checksum) {
        assertThat(Checksum.of(ByteBuffer.wrap(hex(bytes)))).isEqualTo(Integer.parseInt(checksum, 16));
    }
}
