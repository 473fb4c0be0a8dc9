package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.Map;

/**
 * What became of a plan.
 *
 * @param done number of steps that the kernel took, by kind of object
 * @param sliceProblems slices of which something was refused
 * @param fleetProblems roles of which something was refused
 * @param settingProblems settings of the kernel that could not be made
 * @param overtaken the kernel was changed by somebody else between looking and doing: look again at once
 * @param complete every step was done
 * @param cleanedUp every step was done that belongs to no slice and no role any more
 */
public record Applied(
        Map<ObjectKind, Integer> done,
        Map<SliceName, Problem> sliceProblems,
        Map<String, Problem> fleetProblems,
        Map<KernelSetting, Problem> settingProblems,
        boolean overtaken,
        boolean complete,
        boolean cleanedUp) {
    public Applied {
        done = Map.copyOf(done);
        sliceProblems = Map.copyOf(sliceProblems);
        fleetProblems = Map.copyOf(fleetProblems);
        settingProblems = Map.copyOf(settingProblems);
    }

    /** Kinds of kernel objects, the labels of the metrics. */
    public enum ObjectKind {
        SERVICE("service"),
        DESTINATION("destination"),
        LOOPBACK_VIP("loopback_vip"),
        DEVICE_SETTING("device_setting"),
        KERNEL_SETTING("kernel_setting");

        private final String label;

        ObjectKind(String label) {
            this.label = label;
        }

        /** As it stands in metrics and messages. */
        public String label() {
            return label;
        }
    }
}
