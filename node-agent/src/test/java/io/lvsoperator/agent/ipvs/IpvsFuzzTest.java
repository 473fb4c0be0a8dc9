package io.lvsoperator.agent.ipvs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.netlink.Fuzzed;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of the IPVS family. */
class IpvsFuzzTest {
    static Stream<byte[]> seeds() {
        return Fuzzed.seeds(IpvsRepliesTest.SERVICE, IpvsRepliesTest.DESTINATION, IpvsRepliesTest.DAEMON);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void replies(byte[] payload) {
        NetlinkMessage message = Fuzzed.message(0x1c, payload);
        Fuzzed.decode(() -> IpvsReplies.info(message));
        Fuzzed.decode(() -> IpvsReplies.timeouts(message));
        Fuzzed.decode(() -> IpvsReplies.server(message));
        Fuzzed.decode(() -> IpvsReplies.daemon(message));
        for (AddressFamily family : AddressFamily.values()) {
            Fuzzed.decode(() -> IpvsReplies.destination(message, family));
        }
    }
}
