package io.lvsoperator.agent.surroundings;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.behind;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.marked;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.Chain;
import io.lvsoperator.agent.firewall.ChainName;
import io.lvsoperator.agent.firewall.Expression;
import io.lvsoperator.agent.firewall.Expression.Field;
import io.lvsoperator.agent.firewall.Hook;
import io.lvsoperator.agent.firewall.Rule;
import io.lvsoperator.agent.firewall.Ruleset;
import io.lvsoperator.agent.firewall.SetContents;
import io.lvsoperator.agent.firewall.SetElement;
import io.lvsoperator.agent.firewall.SetName;
import io.lvsoperator.agent.firewall.TableFamily;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurroundingsTest {
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final DesiredState DIRECT_ROUTING = serving(dr(VIP, at("192.0.2.21", 1)));
    private static final DesiredState NAT =
            serving(slice(ForwardingMethod.NAT, SchedulerName.RR, Phase.SERVING, VIP, 80, behind("10.0.0.21", 1)));
    private static final Expression DROP = new Expression.Drop();

    private final List<Chain> chains = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<SetName, SetContents> sets = new HashMap<>();
    private List<String> legacyTables = List.of();
    private NetworkState network =
            new FakeLinks().with(2, "eth0", "192.0.2.11/24").state();
    private Map<KernelSetting, Integer> settings = Map.of();
    private boolean servicesWereDeleted;

    @Test
    void aNodeWithoutFirewallAndKubeProxyIsQuiet() {
        assertThat(judge(DIRECT_ROUTING)).isEqualTo(Surroundings.QUIET);
    }

    @Test
    void aKubeProxyInIpvsModeThatDeletesIsNamedWithTheWayOut() {
        network = new FakeLinks().with(5, "kube-ipvs0").state();
        servicesWereDeleted = true;

        Surroundings found = judge(DIRECT_ROUTING);

        assertThat(found.kubeProxy()).contains("ipvs");
        assertThat(found.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE);
            assertThat(problem.message()).contains("node d1", "nftables mode", "excludeCIDRs");
        });
    }

    @Test
    void aKubeProxyInIpvsModeThatLeavesOursAloneIsNoProblem() {
        network = new FakeLinks().with(5, "kube-ipvs0").state();

        Surroundings found = judge(DIRECT_ROUTING);

        assertThat(found.kubeProxy()).contains("ipvs");
        assertThat(found.problems()).isEmpty();
    }

    @Test
    void aStrangerWhoDeletesIsNotTakenForKubeProxy() {
        servicesWereDeleted = true;

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @Test
    void kubeProxysTableTellsItsNftablesMode() {
        chains.add(new Chain(new ChainName(TableFamily.NFPROTO_IPV6, "kube-proxy", "services"), OptionalInt.empty()));

        assertThat(judge(DIRECT_ROUTING).kubeProxy()).contains("nftables");
    }

    @Test
    void anInvalidDropInInputIsNamedForDirectRouting() {
        rule(base("in", Hook.NF_INET_LOCAL_IN), invalid(DROP));

        assertThat(judge(DIRECT_ROUTING).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.FIREWALL_DROPS_INVALID);
            assertThat(problem.message())
                    .contains(
                            "node d1",
                            "chain in of table inet fw",
                            "TCP 192.0.2.100:80",
                            "spec.firewall.directRouting of fleet edge: Untracked");
        });
        assertThat(judge(NAT).problems()).isEmpty();
    }

    @Test
    void anInvalidDropInForwardIsNamedForNatUnlessIpvsTakesPartInConntrack() {
        rule(base("fwd", Hook.NF_INET_FORWARD), invalid(DROP));

        assertThat(judge(NAT).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.FIREWALL_DROPS_INVALID);
            assertThat(problem.message()).contains("chain fwd of table inet fw", "spec.kernelSettings.conntrack");
        });
        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();

        settings = Map.of(KernelSetting.CONNTRACK, 1);
        assertThat(judge(NAT).problems()).isEmpty();
    }

    @Test
    void theDropOfIptablesIsFoundBehindAJump() {
        ChainName input = base(TableFamily.NFPROTO_IPV4, "filter", "INPUT", Hook.NF_INET_LOCAL_IN);
        ChainName jumpedTo = new ChainName(TableFamily.NFPROTO_IPV4, "filter", "ufw-before-input");
        rule(input, new Expression.Neutral(), new Expression.Jump("ufw-before-input"));
        rule(jumpedTo, new Expression.ConntrackState(1), new Expression.Neutral(), DROP);

        assertThat(judge(DIRECT_ROUTING).problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.message()).contains("chain ufw-before-input of table ip filter"));
    }

    @Test
    void aTableOfTheOtherFamilyDoesNotCount() {
        rule(base(TableFamily.NFPROTO_IPV6, "filter", "INPUT", Hook.NF_INET_LOCAL_IN), invalid(DROP));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
        assertThat(judge(serving(dr(VIP6, at("2001:db8::21", 1)))).problems()).hasSize(1);
    }

    @Test
    void aFirewallMarkIsHitByItsVips() {
        rule(base("in", Hook.NF_INET_LOCAL_IN), invalid(DROP));

        assertThat(judge(serving(marked(10, List.of(VIP), at("192.0.2.21", 1)))).problems())
                .hasSize(1);
    }

    @Test
    void aRuleThatLooksAtSomethingElseTooIsNotTakenToHold() {
        rule(
                base("in", Hook.NF_INET_LOCAL_IN),
                new Expression.Load(Field.SOMETHING_ELSE, 1),
                new Expression.Compare(1, true, "65746831"),
                new Expression.ConntrackState(1),
                DROP);
        rule(
                base("in2", Hook.NF_INET_LOCAL_IN),
                new Expression.Unknown("limit"),
                new Expression.ConntrackState(1),
                DROP);

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @Test
    void aRuleForOtherStatesDoesNotCount() {
        rule(base("in", Hook.NF_INET_LOCAL_IN), new Expression.ConntrackState(1 << 6), DROP);

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @Test
    void aVipThatIsAcceptedFirstIsNotHit() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, to(VIP, new Expression.Accept()));
        rule(input, invalid(DROP));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
        assertThat(judge(serving(dr("192.0.2.101", at("192.0.2.21", 1)))).problems())
                .hasSize(1);
    }

    @Test
    void aVipThatConntrackPassesOverIsNotHit() {
        rule(base("in", Hook.NF_INET_LOCAL_IN), invalid(DROP));
        rule(base("pre", Hook.NF_INET_PRE_ROUTING), to(VIP, new Expression.NoTrack()));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
        assertThat(judge(serving(dr("192.0.2.101", at("192.0.2.21", 1)))).problems())
                .hasSize(1);
    }

    @Test
    void aReturnEndsAChainAndItsCallerGoesOn() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Jump("checks"));
        rule(input, invalid(DROP));
        ChainName checks = new ChainName(TableFamily.NFPROTO_INET, "fw", "checks");
        rule(checks, new Expression.Return());
        rule(checks, DROP);

        assertThat(judge(DIRECT_ROUTING).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("chain in of"));
    }

    @Test
    void chainsThatCallEachOtherEnd() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Jump("in"));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @Test
    void chainsThatJumpToOneAnotherManyTimesAreWalkedOnce() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        ChainName from = input;
        for (int level = 0; level < 14; level++) {
            for (int jump = 0; jump < 30; jump++) {
                rule(from, new Expression.Jump("level" + level));
            }
            from = new ChainName(TableFamily.NFPROTO_INET, "fw", "level" + level);
        }
        rule(input, invalid(DROP));

        List<Problem> problems = assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> judge(DIRECT_ROUTING).problems());

        assertThat(problems).hasSize(1);
    }

    private Surroundings judge(DesiredState desired) {
        return Surroundings.judge(
                desired,
                new Surroundings.Seen(
                        network, new Ruleset(chains, rules, sets, legacyTables), settings, servicesWereDeleted),
                NODE);
    }

    private static DesiredState serving(VirtualServerSliceSpec service) {
        return DesiredStateCompiler.compile(director(service), NODE);
    }

    private ChainName base(String chain, Hook hook) {
        return base(TableFamily.NFPROTO_INET, "fw", chain, hook);
    }

    private ChainName base(TableFamily family, String table, String chain, Hook hook) {
        ChainName name = new ChainName(family, table, chain);
        chains.add(new Chain(name, OptionalInt.of(hook.number())));
        return name;
    }

    private void rule(ChainName chain, Expression... expressions) {
        rules.add(new Rule(chain, List.of(expressions)));
    }

    /** As nft writes {@code ct state invalid}. */
    private static Expression[] invalid(Expression verdict) {
        return new Expression[] {
            new Expression.Load(Field.CONNTRACK_STATE, 1),
            new Expression.Mask(1, 1, "01000000"),
            new Expression.Compare(1, false, "00000000"),
            verdict
        };
    }

    @Test
    void aVerdictMapThatDropsInvalidPacketsIsFound() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Load(Field.CONNTRACK_STATE, 1), new Expression.Lookup("states", 1, false, true));
        set("states", false, element("02000000", new Expression.Accept()), element("01000000", DROP));

        assertThat(judge(DIRECT_ROUTING).problems()).hasSize(1);
    }

    @Test
    void aVerdictMapWithoutInvalidPacketsGoesOnToTheNextRule() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Load(Field.CONNTRACK_STATE, 1), new Expression.Lookup("states", 1, false, true));
        set("states", false, element("02000000", new Expression.Accept()));
        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();

        rule(input, invalid(DROP));

        assertThat(judge(DIRECT_ROUTING).problems()).hasSize(1);
    }

    @Test
    void anElementForTheRestStandsForInvalidPackets() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Load(Field.CONNTRACK_STATE, 1), new Expression.Lookup("states", 1, false, true));
        set(
                "states",
                false,
                element("02000000", new Expression.Accept()),
                new SetElement("", false, true, Optional.of(DROP)));

        assertThat(judge(DIRECT_ROUTING).problems()).hasSize(1);
    }

    @Test
    void aSetThatIsNotKnownDropsNothing() {
        ChainName input = base("in", Hook.NF_INET_LOCAL_IN);
        rule(input, new Expression.Load(Field.CONNTRACK_STATE, 1), new Expression.Lookup("states", 1, false, true));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @Test
    void theAgentsOwnSetOfServicesIsAnExemption() {
        rule(base("in", Hook.NF_INET_LOCAL_IN), invalid(DROP));
        ChainName untracked = base("untracked", Hook.NF_INET_PRE_ROUTING);
        rule(
                untracked,
                new Expression.Load(Field.IPV4_DESTINATION, 1),
                new Expression.Load(Field.PROTOCOL, 9),
                new Expression.Load(Field.DESTINATION_PORT, 10),
                new Expression.Lookup("services4", 1, false, false),
                new Expression.NoTrack());
        set("services4", false, new SetElement("c0000264" + "06000000" + "00510000", false, false, Optional.empty()));
        assertThat(judge(DIRECT_ROUTING).problems()).as("another port").hasSize(1);

        set("services4", false, new SetElement("c0000264" + "06000000" + "00500000", false, false, Optional.empty()));

        assertThat(judge(DIRECT_ROUTING).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"c0000200, c0000300, true", "c0000264, c0000265, true", "c0000200, c0000264, false"})
    void anIntervalHasItsStartAndNotItsEnd(String start, String end, boolean within) {
        rule(
                base("in", Hook.NF_INET_LOCAL_IN),
                new Expression.Load(Field.IPV4_DESTINATION, 1),
                new Expression.Lookup("nets", 1, false, false),
                DROP);
        set(
                "nets",
                true,
                new SetElement("00000000", true, false, Optional.empty()),
                new SetElement(start, false, false, Optional.empty()),
                new SetElement(end, true, false, Optional.empty()));

        assertThat(judge(DIRECT_ROUTING).problems()).hasSize(within ? 1 : 0);
    }

    @Test
    void tablesOfIptablesLegacyMakeItUnknown() {
        legacyTables = List.of("filter");

        Surroundings surroundings = judge(DIRECT_ROUTING);

        assertThat(surroundings.problems()).isEmpty();
        assertThat(surroundings.unknown()).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.SURROUNDINGS_UNKNOWN);
            assertThat(problem.message()).contains("node d1", "iptables-legacy (filter)");
        });
    }

    private void set(String name, boolean intervals, SetElement... elements) {
        sets.put(new SetName(TableFamily.NFPROTO_INET, "fw", name), new SetContents(intervals, List.of(elements)));
    }

    private static SetElement element(String key, Expression verdict) {
        return new SetElement(key, false, false, Optional.of(verdict));
    }

    private static Expression[] to(String address, Expression verdict) {
        return new Expression[] {
            new Expression.Load(Field.FAMILY, 1),
            new Expression.Compare(1, true, "02"),
            new Expression.Load(Field.IPV4_DESTINATION, 1),
            new Expression.Compare(
                    1, true, HexFormat.of().formatHex(IpAddress.parse(address).toBytes())),
            verdict
        };
    }
}
