package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses and ancillary data of received datagrams: any bytes are read, and an address can be written as it was read. */
class SocketFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                        SocketCodecsTest.NETLINK,
                        SocketCodecsTest.INTERNET,
                        SocketCodecsTest.INTERNET6,
                        SocketCodecsTest.PACKET,
                        SocketCodecsTest.PACKET_INFO,
                        SocketCodecsTest.PACKET_INFO6,
                        SocketCodecsTest.HOP_LIMIT)
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void received(byte[] bytes) {
        assertThat(ControlMessages.decode(bytes).toString()).isNotNull();
        SocketAddresses.decode(bytes)
                .ifPresent(address -> assertThat(SocketAddresses.decode(SocketAddresses.encode(address)))
                        .contains(address));
    }
}
