package io.lvsoperator.agent.link;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.netlink.Fuzzed;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Links and addresses, listed or announced. */
class RtnetlinkFuzzTest {
    static Stream<byte[]> seeds() {
        return Fuzzed.seeds(
                RtnetlinkRepliesTest.VETH, RtnetlinkRepliesTest.LEASED_ADDRESS, RtnetlinkRepliesTest.IPV6_ADDRESS);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void events(byte[] payload) {
        for (int type = Rtnetlink.RTM_NEWLINK; type <= Rtnetlink.RTM_DELADDR; type++) {
            int announced = type;
            Fuzzed.decode(() -> RtnetlinkReplies.event(Fuzzed.message(announced, payload)));
        }
    }
}
