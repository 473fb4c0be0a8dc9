package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.firewall.NetlinkTables;
import io.lvsoperator.agent.firewall.OwnTable;
import io.lvsoperator.agent.firewall.TableEdit;
import io.lvsoperator.agent.firewall.TablePlanner;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.plan.Exemption;
import io.lvsoperator.agent.plan.UntrackedTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's own table in a kernel, as {@code nft} sees it. */
@Tag("network")
@ExtendWith(FreshNetworkNamespace.class)
class UntrackedTableIT {
    private static final List<Exemption> WANTED = List.of(
            new Exemption(IpAddress.parse("192.0.2.100"), Optional.of(Protocol.TCP), 80),
            new Exemption(IpAddress.parse("2001:db8::100"), Optional.of(Protocol.SCTP), 8080),
            new Exemption(IpAddress.parse("192.0.2.101"), Optional.of(Protocol.UDP), 0),
            new Exemption(IpAddress.parse("2001:db8::101"), Optional.of(Protocol.TCP), 0),
            new Exemption(IpAddress.parse("192.0.2.102"), Optional.empty(), 0),
            new Exemption(IpAddress.parse("2001:db8::102"), Optional.empty(), 0));

    private final NetlinkSocket socket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);
    private final NetlinkTables tables = new NetlinkTables(socket);

    @AfterEach
    void close() {
        socket.close();
    }

    @Test
    void nftShowsTheTableAsItIsMeant() throws Exception {
        bring(WANTED);

        assertThat(table()).isEqualToNormalizingWhitespace("""
                table inet lvs-operator {
                    comment "made by the node agent of lvs-operator, which puts it right when it is changed"
                    set services4 { type ipv4_addr . inet_proto . inet_service
                        elements = { 192.0.2.100 . tcp . 80 } }
                    set protocols4 { type ipv4_addr . inet_proto
                        elements = { 192.0.2.101 . udp } }
                    set addresses4 { type ipv4_addr
                        elements = { 192.0.2.102 } }
                    set services6 { type ipv6_addr . inet_proto . inet_service
                        elements = { 2001:db8::100 . sctp . 8080 } }
                    set protocols6 { type ipv6_addr . inet_proto
                        elements = { 2001:db8::101 . tcp } }
                    set addresses6 { type ipv6_addr
                        elements = { 2001:db8::102 } }
                    chain untracked {
                        type filter hook prerouting priority raw; policy accept;
                        ip daddr . meta l4proto . th dport @services4 notrack
                        ip daddr . meta l4proto @protocols4 notrack
                        ip daddr @addresses4 notrack
                        ip6 daddr . meta l4proto . th dport @services6 notrack
                        ip6 daddr . meta l4proto @protocols6 notrack
                        ip6 daddr @addresses6 notrack
                    }
                }
                """);
    }

    @Test
    void whatWasMadeIsReadBackAsWhatIsWanted() throws Exception {
        bring(WANTED);

        assertThat(plan(WANTED)).isEmpty();
        assertThat(tables.read(UntrackedTable.NAME).orElseThrow().elementsOf(wanted(WANTED)))
                .isEqualTo(WANTED.size());
    }

    @Test
    void anEditIsTheElementsThatChangeInOneGeneration() throws Exception {
        bring(WANTED.subList(0, 3));
        int before = tables.generation().orElseThrow();

        List<TableEdit> edits = bring(List.of(WANTED.get(0), WANTED.get(2), WANTED.get(4)));

        assertThat(edits)
                .containsExactlyInAnyOrder(
                        new TableEdit.Delete(
                                UntrackedTable.NAME,
                                "services6",
                                Set.of("20010db8000000000000000000000100" + "84000000" + "1f900000")),
                        new TableEdit.Add(UntrackedTable.NAME, "addresses4", Set.of("c0000266")));
        assertThat(tables.generation()).hasValue(before + 1);
        assertThat(table()).contains("192.0.2.102").doesNotContain("2001:db8::100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush ruleset",
                "delete table inet lvs-operator",
                "flush table inet lvs-operator",
                "flush chain inet lvs-operator untracked",
                "flush set inet lvs-operator services4",
                "delete element inet lvs-operator services4 { 192.0.2.100 . tcp . 80 }",
                "add element inet lvs-operator services4 { 192.0.2.100 . tcp . 81 }",
                "add rule inet lvs-operator untracked counter drop",
                "insert rule inet lvs-operator untracked return",
                "add chain inet lvs-operator more",
                "add set inet lvs-operator more { type ipv4_addr; }",
                "add counter inet lvs-operator more",
                "add chain inet lvs-operator untracked { policy drop; }",
                "add table inet lvs-operator { flags dormant; }"
            })
    void whatAStrangerDoesIsSeenByTheGenerationAndPutRight(String command) throws Exception {
        bring(WANTED);
        String before = table();
        int generation = tables.generation().orElseThrow();
        assertThat(tables.generation()).as("nothing happened").hasValue(generation);

        Oracle.feed(command, "nft", "-f", "-");

        assertThat(tables.generation().orElseThrow()).isNotEqualTo(generation);
        assertThat(bring(WANTED)).isNotEmpty();
        assertThat(table()).isEqualTo(before);
        assertThat(plan(WANTED)).isEmpty();
    }

    @Test
    void tablesOfOthersAreLeftAlone() throws Exception {
        Oracle.feed("""
                table inet fw { chain in { type filter hook input priority filter; ct state invalid drop; }; }
                table ip lvs-operator { set mine { type ipv4_addr; }; }
                """, "nft", "-f", "-");
        String theirs = Oracle.run("nft", "list", "ruleset");

        bring(WANTED);
        bring(List.of());

        assertThat(Oracle.run("nft", "list", "ruleset")).isEqualTo(theirs);
    }

    @Test
    void aTableOfThatNameWithoutTheAgentsCommentIsNotItsOwn() throws Exception {
        Oracle.feed("table inet lvs-operator { comment \"mine\"; }", "nft", "-f", "-");

        assertThat(tables.read(UntrackedTable.NAME).orElseThrow().ours()).isFalse();
    }

    @Test
    void aRefusedEditLeavesNothingOfTheOthers() throws Exception {
        List<TableEdit> edits = List.of(
                new TableEdit.Make(wanted(WANTED), false),
                new TableEdit.Add(UntrackedTable.NAME, "nosuchset", Set.of("c0000266")));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> tables.write(edits))
                .matches(refused -> refused.is(Errno.ENOENT))
                .withMessageContaining("nosuchset");

        assertThat(tables.read(UntrackedTable.NAME)).isEmpty();
        bring(WANTED);
        assertThat(plan(WANTED)).as("the socket goes on").isEmpty();
    }

    @Test
    void tenThousandServicesAreMadeReadBackAndEditedOneByOne() throws Exception {
        List<Exemption> many = IntStream.range(0, 10_000)
                .mapToObj(i -> new Exemption(
                        IpAddress.parse("198.18.%d.%d".formatted(i / 250, i % 250 + 1)), Optional.of(Protocol.TCP), 80))
                .toList();

        bring(many);

        assertThat(plan(many)).isEmpty();
        assertThat(bring(many.subList(1, many.size())))
                .singleElement()
                .isEqualTo(new TableEdit.Delete(
                        UntrackedTable.NAME, "services4", Set.of("c6120001" + "06000000" + "00500000")));
        assertThat(plan(many.subList(1, many.size()))).isEmpty();
    }

    private List<TableEdit> bring(List<Exemption> exemptions) throws NetlinkException {
        List<TableEdit> edits = plan(exemptions);
        if (!edits.isEmpty()) {
            tables.write(edits);
        }
        return edits;
    }

    private List<TableEdit> plan(List<Exemption> exemptions) throws NetlinkException {
        return TablePlanner.plan(UntrackedTable.NAME, UntrackedTable.of(exemptions), tables.read(UntrackedTable.NAME));
    }

    private static OwnTable wanted(List<Exemption> exemptions) {
        return UntrackedTable.of(exemptions).orElseThrow();
    }

    private static String table() {
        return Oracle.run("nft", "list", "table", "inet", UntrackedTable.NAME);
    }
}
