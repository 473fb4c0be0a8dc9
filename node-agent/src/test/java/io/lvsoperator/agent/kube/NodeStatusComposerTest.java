package io.lvsoperator.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.kernel.Assignments;
import io.lvsoperator.agent.kernel.Reports;
import io.lvsoperator.agent.surroundings.Surroundings;
import io.lvsoperator.agent.vrrp.VrrpStatus;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeStatusComposerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Problem KUBE_PROXY = new Problem(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE, "it deletes");
    private static final Problem FIREWALL = new Problem(Problem.Reason.FIREWALL_DROPS_INVALID, "it drops");

    @Test
    void whatDisturbsIsNamedAndTheNodeStaysReady() {
        List<Condition> conditions = compose(
                Optional.of(new Surroundings(Optional.of("ipvs"), List.of(KUBE_PROXY, FIREWALL), Optional.empty())));

        assertThat(conditions).extracting(Condition::type).containsExactly("Ready", "Undisturbed");
        assertThat(conditions)
                .extracting(Condition::status)
                .containsExactly(ConditionStatus.TRUE, ConditionStatus.FALSE);
        assertThat(conditions.getLast().reason()).isEqualTo("KubeProxyInIpvsMode");
        assertThat(conditions.getLast().message()).isEqualTo("it deletes; it drops");
    }

    @Test
    void theModeOfAHarmlessKubeProxyIsNamed() {
        Condition undisturbed = compose(
                        Optional.of(new Surroundings(Optional.of("nftables"), List.of(), Optional.empty())))
                .getLast();

        assertThat(undisturbed.status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(undisturbed.message()).endsWith("kube-proxy is in nftables mode");
    }

    @Test
    void surroundingsThatCannotBeReadAreUnknown() {
        Condition undisturbed = compose(Optional.of(Surroundings.QUIET.unseen("d1", "no answer")))
                .getLast();

        assertThat(undisturbed.status()).isEqualTo(ConditionStatus.UNKNOWN);
        assertThat(undisturbed.reason()).isEqualTo("SurroundingsUnknown");
        assertThat(undisturbed.message()).contains("d1", "no answer");
    }

    @Test
    void aNodeThatIsNoDirectorSaysNothingOfIt() {
        assertThat(compose(Optional.empty())).extracting(Condition::type).containsExactly("Ready");
    }

    @Test
    void whatConntrackPassesOverIsToldAsItWasReadBack() {
        LvsNodeStatus status =
                compose(new Report.Untracked(Optional.of(new Report.ReadBack(3, Optional.of(2))), Optional.empty()));

        assertThat(status.untracked()).isEqualTo(new LvsNodeStatus.UntrackedStatus(3, 2));
        assertThat(status.conditions()).last().satisfies(condition -> {
            assertThat(condition.type()).isEqualTo("Firewall");
            assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
        });
    }

    @Test
    void aTableThatCannotBeHadMakesTheFirewallFalse() {
        LvsNodeStatus status = compose(new Report.Untracked(
                Optional.of(new Report.ReadBack(3, Optional.empty())),
                Optional.of(new Problem(Problem.Reason.FIREWALL_NOT_APPLIED, "no nf_tables"))));

        assertThat(status.untracked()).isEqualTo(new LvsNodeStatus.UntrackedStatus(3, null));
        assertThat(status.conditions()).last().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
            assertThat(condition.reason()).isEqualTo("FirewallNotApplied");
            assertThat(condition.message()).isEqualTo("no nf_tables");
        });
    }

    @Test
    void connectionSynchronizationIsToldWhileAFleetAsksForIt() {
        Problem foreign = new Problem(Problem.Reason.CONNECTION_SYNC_FOREIGN, "stop it");

        assertThat(compose(new Report.Sync(true, Optional.empty())).conditions())
                .last()
                .satisfies(condition -> {
                    assertThat(condition.type()).isEqualTo("ConnectionSync");
                    assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
                });
        assertThat(compose(new Report.Sync(true, Optional.of(foreign))).conditions())
                .last()
                .satisfies(condition -> {
                    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
                    assertThat(condition.reason()).isEqualTo("ConnectionSyncForeign");
                    assertThat(condition.message()).isEqualTo("stop it");
                });
        assertThat(compose(Report.Sync.NOT_ASKED).conditions())
                .extracting(Condition::type)
                .doesNotContain("ConnectionSync");
    }

    private static LvsNodeStatus compose(Report.Sync sync) {
        Report report = Reports.of(Assignments.director()).sync(sync).report();
        return new NodeStatusComposer("test")
                .compose(report, VrrpStatus.INITIAL, null, List.of(), Optional.empty(), null, NOW);
    }

    private static LvsNodeStatus compose(Report.Untracked untracked) {
        Report report = Reports.of(Assignments.director()).untracked(untracked).report();
        return new NodeStatusComposer("test")
                .compose(report, VrrpStatus.INITIAL, null, List.of(), Optional.empty(), null, NOW);
    }

    private static List<Condition> compose(Optional<Surroundings> surroundings) {
        Report report = Reports.of(Assignments.director()).report();
        return Objects.requireNonNull(new NodeStatusComposer("test")
                .compose(report, VrrpStatus.INITIAL, null, List.of(), surroundings, null, NOW)
                .conditions());
    }
}
