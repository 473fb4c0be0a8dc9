package io.lvsoperator.operator.compile;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.operator.config.OperatorConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The DaemonSet of the agents: one on every node with the operator's own label. */
public final class AgentDaemonSet {
    private static final String STATE_DIRECTORY = "/var/lib/lvs-operator";
    private static final String PROC_SYS_NET = "/proc/sys/net";

    /** Outside /proc, which is read-only in a container. */
    private static final String KERNEL_SETTINGS_DIRECTORY = "/run/lvs-operator/proc-sys-net";

    private AgentDaemonSet() {}

    /** Labels by which the agents' pods are found. */
    public static Map<String, String> selectorLabels(OperatorConfig config) {
        return Map.of(
                "app.kubernetes.io/name",
                "lvs-node-agent",
                "app.kubernetes.io/instance",
                config.agent().daemonSet());
    }

    /**
     * The DaemonSet as it must be.
     *
     * @param owner the operator's own Deployment, where its name is known
     */
    public static DaemonSet of(OperatorConfig config, Optional<OwnerReference> owner) {
        Map<String, String> labels = selectorLabels(config);
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(config.agent().daemonSet())
                .withNamespace(config.namespace())
                .withLabels(labels)
                .withOwnerReferences(owner.map(List::of).orElse(List.of()))
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withNewMaxUnavailable(1)
                .endRollingUpdate()
                .endUpdateStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(podSpec(config))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec podSpec(OperatorConfig config) {
        PodSpec pod = plainPodSpec(config);
        return config.agent().writableKernelSettings() ? withKernelSettings(pod) : pod;
    }

    private static PodSpec withKernelSettings(PodSpec pod) {
        return new PodSpecBuilder(pod)
                .addNewVolume()
                .withName("kernel-settings")
                .withNewHostPath()
                .withPath(PROC_SYS_NET)
                .withType("Directory")
                .endHostPath()
                .endVolume()
                .editFirstContainer()
                .addNewEnv()
                .withName("LVS_WRITABLE_KERNEL_SETTINGS")
                .withValue(KERNEL_SETTINGS_DIRECTORY)
                .endEnv()
                .addNewVolumeMount()
                .withName("kernel-settings")
                .withMountPath(KERNEL_SETTINGS_DIRECTORY)
                .endVolumeMount()
                .endContainer()
                .build();
    }

    private static PodSpec plainPodSpec(OperatorConfig config) {
        OperatorConfig.Agent agent = config.agent();
        return new PodSpecBuilder()
                .withServiceAccountName(agent.serviceAccount())
                .withNodeSelector(Map.of(Api.AGENT_NODE_LABEL, ""))
                .withTolerations(agent.tolerations())
                .withPriorityClassName(agent.priorityClass())
                .withImagePullSecrets(agent.pullSecrets())
                .withHostNetwork(true)
                .withDnsPolicy("ClusterFirstWithHostNet")
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(config))
                .addNewVolume()
                .withName("state")
                .withNewHostPath()
                .withPath(STATE_DIRECTORY)
                .withType("DirectoryOrCreate")
                .endHostPath()
                .endVolume()
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .build();
    }

    private static Container container(OperatorConfig config) {
        OperatorConfig.Agent agent = config.agent();
        return new ContainerBuilder()
                .withName("agent")
                .withImage(agent.image())
                .withImagePullPolicy(agent.pullPolicy())
                .addNewEnv()
                .withName("NODE_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("spec.nodeName")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("LVS_STATE_DIRECTORY")
                .withValue(STATE_DIRECTORY)
                .endEnv()
                .addNewEnv()
                .withName("LVS_MANAGEMENT_PORT")
                .withValue(Integer.toString(agent.managementPort()))
                .endEnv()
                .addNewEnv()
                .withName("LVS_LOG_LEVEL")
                .withValue(agent.logLevel())
                .endEnv()
                .addNewEnv()
                .withName("LVS_FLEET_SECRETS")
                .withValue(config.namespace() + "/" + config.fleetSecrets())
                .endEnv()
                .withResources(agent.resources())
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .withAdd("NET_ADMIN", "NET_RAW")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(probe("/livez", agent.managementPort(), 1, 60))
                .withLivenessProbe(probe("/livez", agent.managementPort(), 10, 3))
                .withReadinessProbe(probe("/readyz", agent.managementPort(), 2, 2))
                .addNewVolumeMount()
                .withName("state")
                .withMountPath(STATE_DIRECTORY)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    /** The agent shares the node's network and answers on its loopback only. */
    private static Probe probe(String path, int port, int periodSeconds, int failureThreshold) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withHost("127.0.0.1")
                .withPath(path)
                .withNewPort(port)
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failureThreshold)
                .build();
    }
}
