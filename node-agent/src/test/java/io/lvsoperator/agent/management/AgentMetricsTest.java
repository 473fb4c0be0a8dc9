package io.lvsoperator.agent.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.kernel.Assignments;
import io.lvsoperator.agent.kernel.Reports;
import io.lvsoperator.agent.settings.KernelSetting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AgentMetrics metrics = new AgentMetrics(registry);

    @Test
    void aSettingThatIsNotAppliedIsAProblem() {
        metrics.passed(
                Reports.of(Assignments.director())
                        .settingProblem(
                                KernelSetting.CONNTRACK,
                                new Problem(Problem.Reason.KERNEL_SETTING_NOT_APPLIED, "conntrack is 0"))
                        .report(),
                List.of());

        assertThat(problems("KernelSettingNotApplied")).isEqualTo(1);
    }

    @Test
    void whatWorksAgainstTheServicesIsAProblem() {
        metrics.passed(
                Reports.of(Assignments.director()).report(),
                List.of(new Problem(Problem.Reason.FIREWALL_DROPS_INVALID, "a rule")));

        assertThat(problems("FirewallDropsInvalid")).isEqualTo(1);
    }

    private double problems(String reason) {
        return registry.get("lvs.agent.problems").tag("reason", reason).gauge().value();
    }
}
