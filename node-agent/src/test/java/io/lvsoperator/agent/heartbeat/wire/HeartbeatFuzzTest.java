package io.lvsoperator.agent.heartbeat.wire;

import static io.lvsoperator.agent.heartbeat.wire.HeartbeatExamples.KEY;
import static io.lvsoperator.agent.heartbeat.wire.HeartbeatExamples.OF_D2;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What anybody sends to the port: any bytes give a result, and an authentic heartbeat can be sent as it came. */
class HeartbeatFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(HeartbeatCodec.encode(OF_D2, List.of(KEY)), new byte[0]);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void datagrams(byte[] bytes) {
        Reception reception = HeartbeatCodec.decode(bytes, fleet -> List.of(KEY));
        if (reception instanceof Reception.Authentic(var heartbeat)) {
            byte[] again = HeartbeatCodec.encode(heartbeat, List.of(KEY));
            assertThat(HeartbeatCodec.decode(again, fleet -> List.of(KEY))).isEqualTo(reception);
        }
    }
}
