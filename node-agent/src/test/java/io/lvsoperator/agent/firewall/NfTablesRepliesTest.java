package io.lvsoperator.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.firewall.Expression.Compare;
import io.lvsoperator.agent.firewall.Expression.ConntrackState;
import io.lvsoperator.agent.firewall.Expression.Drop;
import io.lvsoperator.agent.firewall.Expression.Field;
import io.lvsoperator.agent.firewall.Expression.Jump;
import io.lvsoperator.agent.firewall.Expression.Load;
import io.lvsoperator.agent.firewall.Expression.Lookup;
import io.lvsoperator.agent.firewall.Expression.Mask;
import io.lvsoperator.agent.firewall.Expression.Neutral;
import io.lvsoperator.agent.firewall.Expression.NoTrack;
import io.lvsoperator.agent.firewall.Expression.Unknown;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.FakeNetlink;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.Mutations;
import io.lvsoperator.agent.netlink.RefusedException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel 6.1 answered to rules that nft 1.0.6 and iptables-nft 1.8.9 had loaded. */
class NfTablesRepliesTest {
    /** {@code chain in { type filter hook input priority 0; }} of table inet fw. */
    static final ByteBuffer INPUT_CHAIN = HexDump.buffer("""
            01000006
            0700010066770000
            07000300696e0000
            0c0002000000000000000002
            14000400
              0800010000000001
              0800020000000000
            0800050000000001
            0b00070066696c7465720000
            08000a0000000001
            0800060000000005""");

    /** {@code chain checks} of table inet fw. */
    static final ByteBuffer PLAIN_CHAIN = HexDump.buffer("""
            01000006
            0700010066770000
            0b000300636865636b730000
            0c0002000000000000000001
            0800060000000002""");

    /** {@code ct state invalid drop} in chain checks. */
    static final ByteBuffer INVALID_DROP = HexDump.buffer("""
            01000006
            0700010066770000
            0b000200636865636b730000
            0c0003000000000000000004
            cc000400
              20000100 0700010063740000 14000200 0800020000000000 0800010000000001
              4c000100 0c00010062697477697365003c0002000800010000000001080002000000000108000300000000040800060000000000
                0c000400080001000100 0000 0c0005000800010000000000
              2c000100 08000100636d7000 20000200 0800010000000001 0800020000000001 0c0003000800010000000000
              30000100 0e000100696d6d656469617465000000 1c000200 0800010000000000 10000200 0c000200 0800010000000000""");

    /** {@code counter jump checks}. */
    static final ByteBuffer JUMP = HexDump.buffer("""
            01000006 0700010066770000 07000200696e0000 0c000300000000000000000a 0c0006000000000000000009
            6c000400
              2c000100 0c000100636f756e74657200 1c000200 0c0001000000000000000000 0c0002000000000000000000
              3c000100 0e000100696d6d656469617465000000 28000200 0800010000000000
                1c000200 18000200 08000100fffffffd 0b000200636865636b730000""");

    /** {@code ip daddr 192.0.2.100 notrack}. */
    static final ByteBuffer NOTRACK = HexDump.buffer("""
            01000006 0700010066770000 0800020070726500 0c000300000000000000000c
            c4000400
              24000100 090001006d657461 00000000 14000200 080002000000000f 0800010000000001
              2c000100 08000100636d7000 20000200 0800010000000001 0800020000000000 0c000300 0500010002000000
              34000100 0c0001007061796c6f616400 24000200
                0800010000000001 0800020000000001 0800030000000010 0800040000000004
              2c000100 08000100636d7000 20000200 0800010000000001 0800020000000000 0c000300 08000100c0000264
              10000100 0c0001006e6f747261636b00""");

    /** {@code iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP}. */
    static final ByteBuffer IPTABLES = iptables("0100 0000 0100");

    /** {@code iptables -A FORWARD -m state --state INVALID,NEW -j DROP}. */
    private static final ByteBuffer IPTABLES_STATE = iptables("0120 0000 0900");

    /** {@code iptables -A FORWARD -m conntrack ! --ctstate INVALID -j DROP}. */
    private static final ByteBuffer IPTABLES_INVERTED = iptables("0100 0100 0100");

    private static ByteBuffer iptables(String flagsInvertedAndStates) {
        return HexDump.buffer(
                "02000006 0b00010066696c7465720000 0c000200464f525741524400"
                        + " 0c0003000000000000000002 38010400"
                        + " d8000100 0a0001006d61746368000000 c8000200 0e000100636f6e6e747261636b000000 0800020000000003 ac000300"
                        + "00".repeat(146)
                        + flagsInvertedAndStates
                        + "00".repeat(16)
                        + " 2c000100 0c000100636f756e74657200 1c000200 0c0001000000000000000000 0c0002000000000000000000"
                        + " 30000100 0e000100696d6d656469617465000000 1c000200 0800010000000000 10000200 0c000200 0800010000000000");
    }

    /** {@code iptables -t raw -A PREROUTING -d 192.0.2.100 -j CT --notrack}, its counter left out. */
    static final ByteBuffer IPTABLES_NOTRACK = HexDump.buffer(
            "02000006 0800010072617700 0f000200505245524f5554494e470000 0c0003000000000000000002 d4000400"
                    + " 34000100 0c0001007061796c6f616400 24000200"
                    + " 0800010000000001 0800020000000001 0800030000000010 0800040000000004"
                    + " 2c000100 08000100636d7000 20000200 0800010000000001 0800020000000000 0c000300 08000100c0000264"
                    + " 70000100 0b00010074617267657400 00 60000200 07000100435400 00 0800020000000002 4c000300 0100"
                    + "00".repeat(70));

    /** {@code ct state { invalid, new } drop}: a set. */
    static final ByteBuffer SET = HexDump.buffer("""
            01000006 0700010066770000 07000200696e0000 0c0003000000000000000009 0c0006000000000000000007
            84000400
              20000100 0700010063740000 14000200 0800020000000000 0800010000000001
              30000100 0b0001006c6f6f6b75700000 20000200 0b0001005f5f736574300000 0800020000000001 0800050000000000
              30000100 0e000100696d6d656469617465000000 1c000200 0800010000000000 10000200 0c000200 0800010000000000""");

    private static final ChainName CHECKS = new ChainName(TableFamily.NFPROTO_INET, "fw", "checks");
    private static final ChainName INPUT = new ChainName(TableFamily.NFPROTO_INET, "fw", "in");

    @TempDir
    private Path proc;

    @Test
    void readsChainsWithTheirHook() throws Exception {
        assertThat(NfTablesReplies.chain(HexDump.message(0, INPUT_CHAIN)))
                .contains(new Chain(INPUT, OptionalInt.of(1)));
        assertThat(NfTablesReplies.chain(HexDump.message(0, PLAIN_CHAIN)))
                .contains(new Chain(CHECKS, OptionalInt.empty()));
    }

    @Test
    void readsTheInvalidDropOfNft() throws Exception {
        assertThat(NfTablesReplies.rule(HexDump.message(0, INVALID_DROP)))
                .contains(new Rule(
                        CHECKS,
                        List.of(
                                new Load(Field.CONNTRACK_STATE, 1),
                                new Mask(1, 1, "01000000"),
                                new Compare(1, false, "00000000"),
                                new Drop())));
    }

    @Test
    void readsTheInvalidDropOfIptables() throws Exception {
        assertThat(expressions(IPTABLES)).containsExactly(new ConntrackState(1), new Neutral(), new Drop());
    }

    @Test
    void readsTheStateMatchOfIptables() throws Exception {
        assertThat(expressions(IPTABLES_STATE)).contains(new ConntrackState(1 | 1 << 3));
    }

    @Test
    void anInvertedMatchOfIptablesIsUnknown() throws Exception {
        assertThat(expressions(IPTABLES_INVERTED)).contains(new Unknown("match"));
    }

    @Test
    void readsAJump() throws Exception {
        assertThat(expressions(JUMP)).containsExactly(new Neutral(), new Jump("checks"));
    }

    @Test
    void readsWhatExemptsAnAddressFromConntrack() throws Exception {
        assertThat(expressions(NOTRACK))
                .containsExactly(
                        new Load(Field.FAMILY, 1),
                        new Compare(1, true, "02"),
                        new Load(Field.IPV4_DESTINATION, 1),
                        new Compare(1, true, "c0000264"),
                        new NoTrack());
        assertThat(expressions(IPTABLES_NOTRACK))
                .containsExactly(new Load(Field.IPV4_DESTINATION, 1), new Compare(1, true, "c0000264"), new NoTrack());
    }

    @Test
    void readsALookupInASet() throws Exception {
        assertThat(expressions(SET))
                .containsExactly(new Load(Field.CONNTRACK_STATE, 1), new Lookup("__set0", 1, false, false), new Drop());
    }

    @Test
    void passesOverTablesOfOtherFamilies() throws Exception {
        ByteBuffer bridge = ByteBuffer.allocate(INVALID_DROP.limit()).order(INVALID_DROP.order());
        bridge.put(INVALID_DROP.duplicate()).put(0, (byte) 7).flip();

        assertThat(NfTablesReplies.rule(HexDump.message(0, bridge))).isEmpty();
    }

    @Test
    void tellsAMessageWithoutHeader() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> NfTablesReplies.rule(HexDump.message(0, HexDump.buffer("0100"))));
    }

    @Test
    void survivesMutants() {
        Mutations.check(41, List.of(INPUT_CHAIN, PLAIN_CHAIN), NfTablesReplies::chain);
        Mutations.check(
                42, List.of(INVALID_DROP, JUMP, NOTRACK, IPTABLES, IPTABLES_NOTRACK, SET), NfTablesReplies::rule);
    }

    @Test
    void aKernelWithoutNftablesHasNoRules() throws Exception {
        var firewall = new NetlinkFirewall(
                new FakeNetlink(request -> FakeNetlink.Answer.refusal(Errno.EINVAL.number())), proc);

        assertThat(firewall.ruleset()).isEqualTo(Ruleset.EMPTY);
    }

    @Test
    void tablesOfIptablesLegacyAreNamedUnlessTheyOnlyTranslate() throws Exception {
        Files.writeString(proc.resolve("ip_tables_names"), "raw\nnat\nfilter\n");
        Files.writeString(proc.resolve("ip6_tables_names"), "filter\n");
        var firewall = new NetlinkFirewall(new FakeNetlink(request -> FakeNetlink.Answer.of()), proc);

        assertThat(firewall.ruleset().legacyTables()).containsExactly("filter", "raw");
    }

    @Test
    void aRefusalIsNotTakenForAnEmptyRuleset() {
        var firewall =
                new NetlinkFirewall(new FakeNetlink(request -> FakeNetlink.Answer.refusal(Errno.EPERM.number())));

        assertThatExceptionOfType(RefusedException.class).isThrownBy(firewall::ruleset);
    }

    @Test
    void asksForAllFamilies() throws Exception {
        var netlink = new FakeNetlink(request -> FakeNetlink.Answer.of());

        new NetlinkFirewall(netlink).ruleset();

        assertThat(netlink.requests()).extracting(request -> request.type()).containsExactly(0xa04, 0xa07);
        assertThat(netlink.requests())
                .extracting(request -> HexDump.of(request.payload()))
                .containsOnly("00 00 00 00\n");
    }

    private static List<Expression> expressions(ByteBuffer payload) throws MalformedMessageException {
        return NfTablesReplies.rule(HexDump.message(0, payload)).orElseThrow().expressions();
    }
}
