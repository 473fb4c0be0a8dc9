package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a plan.
 *
 * @param done number of steps that the kernel took, by kind
 * @param first the first of them, in words
 * @param sliceProblems slices of which something was refused
 * @param fleetProblems roles of which something was refused
 * @param settingProblems settings of the kernel that could not be made
 * @param overtaken the kernel was changed by somebody else between looking and doing: look again at once
 * @param complete every step was done
 * @param cleanedUp every step was done that belongs to no slice and no role any more
 */
public record Applied(
        Map<Change, Integer> done,
        List<String> first,
        Map<SliceName, Problem> sliceProblems,
        Map<String, Problem> fleetProblems,
        Map<KernelSetting, Problem> settingProblems,
        boolean overtaken,
        boolean complete,
        boolean cleanedUp) {
    public Applied {
        done = Map.copyOf(done);
        first = List.copyOf(first);
        sliceProblems = Map.copyOf(sliceProblems);
        fleetProblems = Map.copyOf(fleetProblems);
        settingProblems = Map.copyOf(settingProblems);
    }

    boolean changed(ObjectKind kind) {
        return done.keySet().stream().anyMatch(change -> change.object() == kind);
    }

    /** A kind of step, the labels of the metrics. */
    public record Change(Operation operation, ObjectKind object) {
        /** By hand for the reason of {@link io.lvsoperator.agent.nativeaccess.IpAddress#hashCode()}. */
        @Override
        public int hashCode() {
            return operation.hashCode() * 31 + object.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Change(var otherOperation, var otherObject)
                    && operation == otherOperation
                    && object == otherObject;
        }
    }

    /** What was done to an object. */
    public enum Operation {
        ADD("add"),
        SET("set"),
        DELETE("delete");

        private final String label;

        Operation(String label) {
            this.label = label;
        }

        /** As it stands in metrics. */
        public String label() {
            return label;
        }
    }

    /** Kinds of kernel objects. */
    public enum ObjectKind {
        SERVICE("service"),
        DESTINATION("destination"),
        LOOPBACK_VIP("loopback_vip"),
        DEVICE_SETTING("device_setting"),
        KERNEL_SETTING("kernel_setting"),
        FIREWALL_TABLE("firewall_table"),
        FIREWALL_ENTRY("firewall_entry"),
        SYNC_DAEMON("sync_daemon");

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
