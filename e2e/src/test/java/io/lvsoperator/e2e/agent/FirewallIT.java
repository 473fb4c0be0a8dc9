package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.firewall.Firewall;
import io.lvsoperator.agent.firewall.NetlinkFirewall;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.surroundings.Surroundings;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that nft and iptables load into a kernel, as the agent reads and judges them. */
@Tag("network")
@ExtendWith(FreshNetworkNamespace.class)
class FirewallIT {
    private static final String VIP = "192.0.2.100";

    private final NetlinkSocket firewallSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);
    private final NetlinkSocket linkSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final Firewall firewall = new NetlinkFirewall(firewallSocket);

    @AfterEach
    void close() {
        firewallSocket.close();
        linkSocket.close();
    }

    @Test
    void aNamespaceWithoutRulesIsQuiet() throws Exception {
        assertThat(judge("DR")).isEqualTo(Surroundings.QUIET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DR  | input   | ct state invalid drop",
                "DR  | input   | ct state invalid counter reject",
                "DR  | input   | ct state invalid,untracked log drop",
                "DR  | input   | meta l4proto tcp ct state invalid drop",
                "DR  | input   | ip daddr 192.0.2.0/24 ct state invalid drop",
                "DR  | input   | ct state vmap { invalid : drop, established : accept }",
                "DR  | input   | ct state vmap { established : accept, related : accept, invalid : drop }",
                "DR  | input   | ct state { invalid, new } drop",
                "DR  | input   | ct state != { established, related } drop",
                "DR  | input   | ct state . meta l4proto vmap { invalid . tcp : drop }",
                "DR  | input   | ip daddr { 192.0.2.0/24, 10.0.0.0/8 } ct state invalid drop",
                "DR  | input   | tcp dport { 80, 443 } ct state invalid drop",
                "DR  | input   | tcp dport 80 ct state vmap { invalid : drop }",
                "DR  | input   | ip daddr . tcp dport { 192.0.2.100 . 80 } ct state invalid drop",
                "NAT | forward | ct state vmap { invalid : drop, established : accept, related : accept }",
                "NAT | forward | ct state invalid drop"
            })
    void aRuleOfNftIsFound(String forwarding, String hook, String rule) throws Exception {
        nft("inet fw", hook + " priority filter", rule);

        assertThat(judge(forwarding).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.FIREWALL_DROPS_INVALID);
            assertThat(problem.message()).contains("chain it of table inet fw");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ct state established drop",
                "ct state invalid accept",
                "ct state invalid counter",
                "iifname \"eth1\" ct state invalid drop",
                "ip daddr 198.51.100.0/24 ct state invalid drop",
                "ip daddr 192.0.2.100 accept; ct state invalid drop",
                "ct state vmap { established : accept, new : drop }",
                "ct state vmap { invalid : accept }; ct state invalid drop",
                "ct state != { invalid, established } drop",
                "tcp dport { 22, 443 } ct state invalid drop",
                "ip daddr { 10.0.0.0/8, 192.0.2.0/26 } ct state invalid drop",
                "ip daddr . tcp dport { 192.0.2.100 . 443 } ct state invalid drop",
                "ct state != invalid drop"
            })
    void aRuleOfNftThatDropsNothingOfOursIsNot(String rule) throws Exception {
        nft("inet fw", "input priority filter", rule);

        assertThat(judge("DR").problems()).isEmpty();
    }

    @Test
    void aVerdictMapThatJumpsIsFollowed() throws Exception {
        Oracle.feed("""
                table inet fw {
                    set blocked { type ct_state; elements = { invalid } }
                    chain checks { ct state @blocked drop; }
                    chain it {
                        type filter hook input priority filter
                        meta l4proto vmap { udp : accept, tcp : goto checks }
                    }
                }
                """, "nft", "-f", "-");

        assertThat(judge("DR").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("chain checks of table inet fw"));
    }

    @Test
    void aRuleOfIptablesLegacyMakesItUnknown() throws Exception {
        Oracle.run("iptables-legacy", "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");

        assertThat(judge("DR").unknown())
                .hasValueSatisfying(problem -> assertThat(problem.message()).contains("iptables-legacy (filter)"));
    }

    @ParameterizedTest
    @CsvSource({"DR, INPUT", "NAT, FORWARD"})
    void aRuleOfIptablesIsFoundBehindAJump(String forwarding, String chain) throws Exception {
        Oracle.run("iptables-nft", "-N", "checks");
        Oracle.run("iptables-nft", "-A", chain, "-m", "comment", "--comment", "ours", "-j", "checks");
        Oracle.run("iptables-nft", "-A", "checks", "-m", "state", "--state", "INVALID", "-j", "DROP");

        assertThat(judge(forwarding).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("chain checks of table ip filter"));
    }

    @Test
    void aRuleOfIptablesForTheOppositeIsNot() throws Exception {
        Oracle.run("iptables-nft", "-A", "INPUT", "-m", "conntrack", "!", "--ctstate", "INVALID", "-j", "DROP");

        assertThat(judge("DR").problems()).isEmpty();
    }

    @Test
    void anExemptionByNftIsHonoured() throws Exception {
        nft("inet fw", "input priority filter", "ct state invalid drop");
        nft("ip raw", "prerouting priority raw", "ip daddr %s notrack".formatted(VIP));

        assertThat(judge("DR").problems()).isEmpty();
    }

    @Test
    void anExemptionByIptablesIsHonoured() throws Exception {
        Oracle.run("iptables-nft", "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID", "-j", "DROP");
        assertThat(judge("DR").problems()).hasSize(1);

        Oracle.run("iptables-nft", "-t", "raw", "-A", "PREROUTING", "-d", VIP, "-j", "CT", "--notrack");

        assertThat(judge("DR").problems()).isEmpty();
    }

    @Test
    void kubeProxysInterfaceTellsItsIpvsMode() throws Exception {
        // A dummy in truth (see KubeProxyIT), which not every kernel has.
        Oracle.run("ip", "link", "add", "kube-ipvs0", "type", "bridge");

        assertThat(judge("DR").kubeProxy()).contains("ipvs");
    }

    private static void nft(String table, String hook, String rules) {
        Oracle.feed("""
                table %s {
                    chain it {
                        type filter hook %s
                        %s
                    }
                }
                """.formatted(table, hook, rules), "nft", "-f", "-");
    }

    private Surroundings judge(String forwarding) throws NetlinkException {
        var seen = new Surroundings.Seen(new NetlinkLinks(linkSocket).state(), firewall.ruleset(), Map.of(), false);
        return Surroundings.judge(serving(forwarding), seen, "d1");
    }

    private static DesiredState serving(String forwarding) {
        var roles = Serialization.unmarshal(
                "directs: [{fleet: edge, network: {interface: eth0}, virtualRouters: []}]", LvsNodeSpec.class);
        var slice = Serialization.unmarshal("""
                fleet: edge
                virtualServiceGeneration: 1
                addresses: [{value: %s, phase: Serving}]
                ports: [{protocol: TCP, port: 80, targetPort: 80}]
                scheduler: rr
                schedulerFlags: []
                onePacket: false
                realServers: [{address: 192.0.2.21, weight: 1, forwarding: %s, phase: Serving}]
                """.formatted(VIP, forwarding), VirtualServerSliceSpec.class);
        var slices = new Assignment.FleetSlices("1", List.of(new Assignment.Slice(new SliceName("shop", "s0"), slice)));
        return DesiredStateCompiler.compile(new Assignment(1, roles, Map.of("edge", slices)), "d1");
    }
}
