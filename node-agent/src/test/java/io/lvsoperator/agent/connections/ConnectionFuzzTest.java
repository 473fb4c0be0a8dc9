package io.lvsoperator.agent.connections;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of the kernel's connection table. */
class ConnectionFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(ConnectionLineTest.IPV4, ConnectionLineTest.IPV6)
                .map(line -> line.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void lines(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            assertThat(ConnectionLine.parse(line).toString()).isNotNull();
        } catch (IllegalArgumentException said) {
            // as it should
        }
    }
}
