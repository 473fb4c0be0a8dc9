package io.lvsoperator.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsPlannerTest {
    @Test
    void aSettingThatIsAsWantedIsLeftAloneAndNotOursToRestore() {
        SettingsPlanner plan = plan(wanting(KernelSetting.CONNTRACK, 1), Map.of(KernelSetting.CONNTRACK, 1), Map.of());

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.saved()).isEmpty();
    }

    @Test
    void whatWasBeforeIsSavedOnce() {
        SettingsPlanner plan = plan(
                wanting(KernelSetting.TCP_TIMEOUT, 600),
                Map.of(KernelSetting.TCP_TIMEOUT, 700),
                Map.of(KernelSetting.TCP_TIMEOUT, 900));

        assertThat(plan.steps())
                .containsExactly(new Step.SetKernel(KernelSetting.TCP_TIMEOUT, 600, Optional.of("edge")));
        assertThat(plan.saved()).isEqualTo(Map.of(KernelSetting.TCP_TIMEOUT, 900));
    }

    @Test
    void whatTheKernelItselfMakesOfADefenceIsNoDrift() {
        DesiredSettings one = wanting(KernelSetting.DROP_ENTRY, 1);

        assertThat(plan(one, Map.of(KernelSetting.DROP_ENTRY, 2), Map.of()).steps())
                .isEmpty();
        assertThat(plan(one, Map.of(KernelSetting.DROP_ENTRY, 3), Map.of()).steps())
                .hasSize(1);
    }

    @Test
    void aSettingThatTheKernelLacksIsNamed() {
        SettingsPlanner plan = plan(wanting(KernelSetting.CONNTRACK, 1), Map.of(), Map.of());

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.problems().get(KernelSetting.CONNTRACK))
                .hasFieldOrPropertyWithValue(
                        "message",
                        "the kernel of node d1 has no setting net.ipv4.vs.conntrack, which fleet edge asks to be 1: remove it"
                                + " from the fleet's spec.kernelSettings, or take another kernel");
    }

    @Test
    void whatIsYetToBeRestoredStaysSaved() {
        Map<KernelSetting, Integer> former = Map.of(KernelSetting.CONNTRACK, 0);

        SettingsPlanner first = plan(DesiredSettings.NONE, Map.of(KernelSetting.CONNTRACK, 1), former);
        SettingsPlanner second = plan(DesiredSettings.NONE, former, first.saved());

        assertThat(first.steps()).containsExactly(new Step.SetKernel(KernelSetting.CONNTRACK, 0, Optional.empty()));
        assertThat(first.saved()).isEqualTo(former);
        assertThat(second.steps()).isEmpty();
        assertThat(second.saved()).isEmpty();
    }

    private static DesiredSettings wanting(KernelSetting setting, int value) {
        return new DesiredSettings(Map.of(setting, new DesiredSettings.Wanted(value, "edge")), Map.of());
    }

    private static SettingsPlanner plan(
            DesiredSettings desired, Map<KernelSetting, Integer> observed, Map<KernelSetting, Integer> saved) {
        return SettingsPlanner.plan(desired, observed, new Ledger(Set.of(), Set.of(), Map.of(), saved), "d1");
    }
}
