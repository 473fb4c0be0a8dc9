package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.lvsoperator.operator.config.OperatorConfig;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgentDaemonSetTest {
    private static final OperatorConfig CONFIG = OperatorConfig.from(Map.of(
            "POD_NAMESPACE", "lvs-system",
            "POD_NAME", "operator-0",
            "AGENT_IMAGE", "registry.example/agent:1",
            "AGENT_IMAGE_PULL_SECRETS", "[{\"name\":\"registry\"}]",
            "AGENT_MANAGEMENT_PORT", "9555",
            "AGENT_LOG_LEVEL", "DEBUG"));

    private final DaemonSet daemonSet = AgentDaemonSet.of(CONFIG, Optional.empty());
    private final PodSpec pod = daemonSet.getSpec().getTemplate().getSpec();
    private final Container agent = pod.getContainers().getFirst();

    @Test
    void runsOnTheNodesThatTheOperatorHasLabelled() {
        assertThat(pod.getNodeSelector()).containsOnlyKeys("lvs-operator.io/agent");
    }

    @Test
    void findsItsPodsByTheLabelsThatItGivesThem() {
        assertThat(daemonSet.getSpec().getSelector().getMatchLabels())
                .isEqualTo(daemonSet.getSpec().getTemplate().getMetadata().getLabels())
                .isEqualTo(AgentDaemonSet.selectorLabels(CONFIG));
    }

    @Test
    void mayChangeTheNodesNetworkAndNothingElse() {
        assertThat(pod.getHostNetwork()).isTrue();
        assertThat(pod.getHostPID()).isNull();
        assertThat(agent.getSecurityContext().getPrivileged()).isNull();
        assertThat(agent.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(agent.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(agent.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(agent.getSecurityContext().getCapabilities().getAdd()).containsExactly("NET_ADMIN", "NET_RAW");
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void keepsItsStateOnTheNodeAndMountsNothingElseOfIt() {
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getHostPath() != null)
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getHostPath().getPath()).isEqualTo("/var/lib/lvs-operator");
                    assertThat(agent.getVolumeMounts())
                            .filteredOn(mount -> mount.getName().equals(volume.getName()))
                            .singleElement()
                            .extracting(mount -> mount.getMountPath())
                            .isEqualTo("/var/lib/lvs-operator");
                });
    }

    @Test
    void givesTheAgentWhatTheOperatorWasConfiguredWith() {
        assertThat(agent.getImage()).isEqualTo("registry.example/agent:1");
        assertThat(pod.getImagePullSecrets())
                .extracting(LocalObjectReference::getName)
                .containsExactly("registry");
        assertThat(agent.getEnv())
                .filteredOn(variable -> variable.getValue() != null)
                .extracting(EnvVar::getName, EnvVar::getValue)
                .contains(
                        tuple("LVS_MANAGEMENT_PORT", "9555"),
                        tuple("LVS_LOG_LEVEL", "DEBUG"),
                        tuple("LVS_FLEET_SECRETS", "lvs-system/lvs-operator-fleet-secrets"));
    }

    @Test
    void isProbedOnTheLoopbackOfTheNodeAtTheConfiguredPort() {
        assertThat(Stream.of(agent.getStartupProbe(), agent.getLivenessProbe(), agent.getReadinessProbe()))
                .extracting(Probe::getHttpGet)
                .allSatisfy(get -> {
                    assertThat(get.getHost()).isEqualTo("127.0.0.1");
                    assertThat(get.getPort().getIntVal()).isEqualTo(9555);
                });
    }

    @Test
    void goesWithTheOperatorsDeploymentWhereThatIsKnown() {
        OwnerReference owner = new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName("operator")
                .withUid("1-2-3")
                .build();

        assertThat(AgentDaemonSet.of(CONFIG, Optional.of(owner)).getMetadata().getOwnerReferences())
                .containsExactly(owner);
        assertThat(daemonSet.getMetadata().getOwnerReferences()).isEmpty();
    }

    @Test
    void isTheSameForTheSameConfiguration() {
        assertThat(AgentDaemonSet.of(CONFIG, Optional.empty())).isEqualTo(daemonSet);
    }

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
