package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.lvsoperator.operator.config.OperatorConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentDaemonSetTest {
    @Test
    void mountsNothingOfTheKernelUnasked() {
        // When
        PodSpec pod = pod("false");

        // Then
        assertThat(pod.getVolumes()).extracting(v -> v.getName()).containsExactlyInAnyOrder("state", "tmp");
        assertThat(pod.getContainers().getFirst().getEnv())
                .noneMatch(variable -> variable.getName().equals("LVS_WRITABLE_KERNEL_SETTINGS"));
    }

    @Test
    void mountsTheKernelSettingsOutsideOfProcWhenAsked() {
        // When
        PodSpec pod = pod("true");

        // Then
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("kernel-settings"))
                .extracting(volume -> volume.getHostPath().getPath())
                .containsExactly("/proc/sys/net");
        assertThat(pod.getContainers()).hasSize(1);
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("kernel-settings"))
                .extracting(mount -> mount.getMountPath(), mount -> mount.getReadOnly())
                .containsExactly(tuple("/run/lvs-operator/proc-sys-net", null));
        assertThat(pod.getContainers().getFirst().getEnv())
                .filteredOn(variable -> variable.getName().equals("LVS_WRITABLE_KERNEL_SETTINGS"))
                .extracting(variable -> variable.getValue())
                .containsExactly("/run/lvs-operator/proc-sys-net");
    }

    private static PodSpec pod(String writableKernelSettings) {
        OperatorConfig config = OperatorConfig.from(Map.of(
                "POD_NAMESPACE",
                "lvs",
                "POD_NAME",
                "operator-0",
                "AGENT_IMAGE",
                "agent:test",
                "AGENT_WRITABLE_KERNEL_SETTINGS",
                writableKernelSettings));
        return AgentDaemonSet.of(config, Optional.empty())
                .getSpec()
                .getTemplate()
                .getSpec();
    }
}
