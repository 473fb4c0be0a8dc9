package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied.Change;
import io.lvsoperator.agent.apply.Applied.ObjectKind;
import io.lvsoperator.agent.apply.Applied.Operation;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.lab.Traffic;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DR director whose firewall drops invalid packets, and whose conntrack takes up no connection in its middle. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UntrackedIpvsIT {
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Lab lab;
    private Host director;
    private Host client;

    @TempDir
    private Path state;

    @BeforeAll
    void buildLab() {
        lab = Lab.named("notrack")
                .client("client")
                .director("d1")
                .realServer("rs1")
                .build();
        director = lab.host("d1");
        client = lab.host("client");
        director.addAddress(VIP, 32, Host.INTERFACE);
        director.addAddress(VIP6, 128, Host.INTERFACE);
        Host realServer = lab.host("rs1");
        realServer.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        realServer.setting("net/ipv4/conf/eth0/arp_announce", "2");
        realServer.addAddress(VIP, 32, "lo");
        realServer.addAddress(VIP6, 128, "lo");
        Traffic.serve(realServer, "rs1", ":80");
        director.exec("nft", "add table inet fw");
        director.exec("nft", "add chain inet fw in { type filter hook input priority filter; }");
        director.exec("nft", "add rule inet fw in ct state invalid counter drop");
        director.setting("net/netfilter/nf_conntrack_tcp_loose", "0");
    }

    @AfterAll
    void removeLab() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {VIP, VIP6})
    void aConnectionThatTheFirewallBreaksGoesThroughUntracked(String vip) throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.trackDirectRouting(true);
            engine.apply(slice(vip));
            assertThat(answered(vip)).as("tracked").isZero();

            engine.trackDirectRouting(false);
            Report report = engine.apply(slice(vip));
            String entriesBefore = entries();

            assertThat(report.untracked().problem()).isEmpty();
            assertThat(answered(vip)).as("untracked").isEqualTo(3);
            assertThat(entries()).as("conntrack's entries").isEqualTo(entriesBefore);
        }
    }

    @Test
    void whatAStrangerTakesAwayIsPutBackAndTold() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.trackDirectRouting(false);
            engine.keepApplying(slice(VIP));
            LvsCluster.await("the table", LIMIT, this::isThere, this::ruleset);
            int passes = engine.reports().size();

            director.exec("nft", "delete", "table", "inet", "lvs-operator");
            LvsCluster.await("the table to be back", LIMIT, this::isThere, this::ruleset);
            LvsCluster.await(
                    "the pass to be told",
                    LIMIT,
                    () -> engine.reports().stream().skip(passes).anyMatch(Report::drift),
                    this::ruleset);

            assertThat(engine.reports())
                    .filteredOn(Report::drift)
                    .singleElement()
                    .satisfies(report -> assertThat(report.done())
                            .containsEntry(new Change(Operation.ADD, ObjectKind.FIREWALL_TABLE), 1)
                            .containsEntry(new Change(Operation.ADD, ObjectKind.FIREWALL_ENTRY), 1));
        }
    }

    private boolean isThere() {
        return ruleset().contains("table inet lvs-operator");
    }

    private String ruleset() {
        return director.exec("nft", "list", "ruleset").out();
    }

    private String entries() {
        return director.setting("net/netfilter/nf_conntrack_count");
    }

    private int answered(String vip) {
        return Traffic.get(client, vip.contains(":") ? "[" + vip + "]:80" : vip + ":80", 3, TIMEOUT)
                .answered();
    }

    private String slice(String vip) {
        return """
                addresses: [{value: '%s', phase: Serving}]
                ports: [{protocol: TCP, port: 80, targetPort: 80}]
                scheduler: rr
                schedulerFlags: []
                onePacket: false
                realServers: [{address: '%s', weight: 1, forwarding: DR, phase: Serving}]
                """.formatted(
                vip,
                vip.contains(":") ? lab.host("rs1").ipv6() : lab.host("rs1").ipv4());
    }
}
