package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the settings of the kernel to what fleets ask for, and back to what they were when nobody asks any more.
 *
 * @param steps the changes
 * @param saved what each setting was before that is in demand, or yet to be restored
 * @param problems settings that cannot be had on this node
 */
record SettingsPlanner(List<Step> steps, Map<KernelSetting, Integer> saved, Map<KernelSetting, Problem> problems) {

    static SettingsPlanner plan(
            DesiredSettings desired, Map<KernelSetting, Integer> observed, Ledger ledger, String nodeName) {
        List<Step> steps = new ArrayList<>();
        Map<KernelSetting, Integer> saved = new EnumMap<>(KernelSetting.class);
        Map<KernelSetting, Problem> problems = new EnumMap<>(KernelSetting.class);
        problems.putAll(desired.conflicts());
        desired.wanted().forEach((setting, wanted) -> {
            Integer present = observed.get(setting);
            if (present == null) {
                problems.putIfAbsent(setting, absent(setting, wanted, nodeName));
                return;
            }
            boolean fits = setting.isAsGoodAs(wanted.value(), present);
            if (!fits) {
                steps.add(new Step.SetKernel(setting, wanted.value(), Optional.of(wanted.fleet())));
            }
            Optional.ofNullable(ledger.savedKernelSettings().get(setting))
                    .or(() -> fits ? Optional.empty() : Optional.of(present))
                    .ifPresent(former -> saved.put(setting, former));
        });
        ledger.savedKernelSettings().forEach((setting, former) -> {
            Integer present = observed.get(setting);
            boolean restore = !desired.wanted().containsKey(setting) && present != null && !present.equals(former);
            if (restore) {
                steps.add(new Step.SetKernel(setting, former, Optional.empty()));
                saved.put(setting, former); // until it is seen to be restored
            }
        });
        return new SettingsPlanner(steps, saved, problems);
    }

    private static Problem absent(KernelSetting setting, DesiredSettings.Wanted wanted, String nodeName) {
        return new Problem(
                Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                "the kernel of node %s has no setting %s, which fleet %s asks to be %d: remove it from the fleet's spec.kernelSettings, or take another kernel"
                        .formatted(nodeName, setting.text(), wanted.fleet(), wanted.value()));
    }
}
