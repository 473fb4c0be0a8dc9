package io.lvsoperator.agent.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DesiredSettingsTest {
    @Test
    void everySettingOfAFleetIsWanted() {
        KernelSettings all = new KernelSettings(
                new KernelSettings.ConnectionTimeouts(1000, 100, 200),
                3,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                1,
                2,
                3,
                true,
                2);

        DesiredSettings desired = DesiredSettings.of(List.of(role("edge", all)), "d1");

        assertThat(desired.wanted()).containsOnlyKeys(KernelSetting.values());
        assertThat(desired.wanted().values()).allMatch(wanted -> wanted.fleet().equals("edge"));
        assertThat(desired.conflicts()).isEmpty();
    }

    @Test
    void whatNoFleetNamesIsNotWanted() {
        assertThat(DesiredSettings.of(List.of(role("edge", null), role("core", sloppyTcp(null))), "d1"))
                .isEqualTo(DesiredSettings.NONE);
    }

    @Test
    void theFirstFleetDecidesAndTheOtherIsNamed() {
        DesiredSettings desired =
                DesiredSettings.of(List.of(role("edge", sloppyTcp(true)), role("core", sloppyTcp(false))), "d1");

        assertThat(desired.wanted()).isEqualTo(Map.of(KernelSetting.SLOPPY_TCP, new DesiredSettings.Wanted(1, "edge")));
        assertThat(desired.conflicts().get(KernelSetting.SLOPPY_TCP))
                .isEqualTo(new Problem(
                        Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                        "net.ipv4.vs.sloppy_tcp on node d1 is 1 for fleet edge, and fleet core asks for 0: a node has one"
                                + " value, so ask for the same in both"));
    }

    private static KernelSettings sloppyTcp(@Nullable Boolean on) {
        return new KernelSettings(null, null, null, null, null, on, null, null, null, null, null, null, null, null);
    }

    private static LvsNodeSpec.DirectorRole role(String fleet, @Nullable KernelSettings settings) {
        return new LvsNodeSpec.DirectorRole(
                fleet, new DirectorFleetSpec.Network("eth0", null), List.of(), settings, null, null, null);
    }
}
