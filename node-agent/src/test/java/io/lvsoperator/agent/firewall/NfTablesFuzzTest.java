package io.lvsoperator.agent.firewall;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.netlink.Fuzzed;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Chains, and rules with their expressions. */
class NfTablesFuzzTest {
    static Stream<byte[]> seeds() {
        return Fuzzed.seeds(
                NfTablesRepliesTest.INPUT_CHAIN,
                NfTablesRepliesTest.PLAIN_CHAIN,
                NfTablesRepliesTest.INVALID_DROP,
                NfTablesRepliesTest.JUMP,
                NfTablesRepliesTest.NOTRACK,
                NfTablesRepliesTest.IPTABLES,
                NfTablesRepliesTest.IPTABLES_NOTRACK,
                NfTablesRepliesTest.SET);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void replies(byte[] payload) {
        NetlinkMessage message = Fuzzed.message(0xa00, payload);
        Fuzzed.decode(() -> NfTablesReplies.chain(message));
        Fuzzed.decode(() -> NfTablesReplies.rule(message));
    }
}
