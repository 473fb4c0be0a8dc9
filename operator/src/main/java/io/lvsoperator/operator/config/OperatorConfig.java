package io.lvsoperator.operator.config;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator is told by environment variables.
 *
 * @param namespace {@code POD_NAMESPACE}: where the operator and the agents run; required
 * @param podName {@code POD_NAME}: who it is in the leader election; required with it
 * @param deployment {@code OPERATOR_DEPLOYMENT_NAME}: the operator's Deployment, which then owns the agents' DaemonSet
 * @param leaseName {@code LEASE_NAME}: the Lease of the leader election; {@code lvs-operator} by default
 * @param leaderElection {@code LEADER_ELECTION}: whether to elect a leader; {@code true} by default
 * @param managementPort {@code MANAGEMENT_PORT}: port of health and metrics, 8080 by default; 0 takes a free one
 * @param nodeLossTimeout {@code NODE_LOSS_TIMEOUT_SECONDS}: how long a node whose agent is not ready, or fails, is waited
 *     for when something is withdrawn; 300 by default
 * @param fleetSecrets {@code FLEET_SECRETS_NAME}: the Secret in the same namespace that the agents read the fleets' keys from;
 *     {@code lvs-operator-fleet-secrets} by default
 * @param agent the agents
 */
public record OperatorConfig(
        String namespace,
        String podName,
        Optional<String> deployment,
        String leaseName,
        boolean leaderElection,
        int managementPort,
        Duration nodeLossTimeout,
        String fleetSecrets,
        Agent agent) {

    /**
     * The agents' DaemonSet.
     *
     * @param daemonSet {@code AGENT_DAEMON_SET_NAME}; {@code lvs-node-agent} by default
     * @param image {@code AGENT_IMAGE}; required
     * @param pullPolicy {@code AGENT_IMAGE_PULL_POLICY}: Always, IfNotPresent (default) or Never
     * @param pullSecrets {@code AGENT_IMAGE_PULL_SECRETS}: a JSON list such as {@code [{"name":"registry"}]}
     * @param serviceAccount {@code AGENT_SERVICE_ACCOUNT}; {@code lvs-node-agent} by default
     * @param priorityClass {@code AGENT_PRIORITY_CLASS}; {@code system-node-critical} by default
     * @param resources {@code AGENT_RESOURCES}: JSON of a container's resources
     * @param tolerations {@code AGENT_TOLERATIONS}: a JSON list; everything is tolerated by default
     * @param logLevel {@code AGENT_LOG_LEVEL}: ERROR, WARN, INFO (default), DEBUG or TRACE
     * @param managementPort {@code AGENT_MANAGEMENT_PORT}: port of health and metrics on each node's loopback; 9470 by
     *     default
     * @param heartbeatPort {@code AGENT_HEARTBEAT_PORT}: UDP port of the nodes at which directors of a fleet hear each other; 9471 by
     *     default
     * @param writableKernelSettings {@code AGENT_WRITABLE_KERNEL_SETTINGS}: whether the agents get a writable mount of their
     *     node's /proc/sys/net, for spec.kernelSettings of fleets; {@code false} by default
     */
    public record Agent(
            String daemonSet,
            String image,
            String pullPolicy,
            List<LocalObjectReference> pullSecrets,
            String serviceAccount,
            String priorityClass,
            ResourceRequirements resources,
            List<Toleration> tolerations,
            String logLevel,
            int managementPort,
            int heartbeatPort,
            boolean writableKernelSettings) {}

    private static final String DEFAULT_RESOURCES = """
            {"requests":{"cpu":"50m","memory":"128Mi"},"limits":{"memory":"256Mi"}}""";
    private static final String DEFAULT_TOLERATIONS = """
            [{"operator":"Exists"}]""";

    /**
     * Reads it.
     *
     * @throws ConfigurationException naming the variable, its value and what it should be
     */
    public static OperatorConfig from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        boolean leaderElection = environment.flag("LEADER_ELECTION", true);
        return new OperatorConfig(
                environment.required(
                        "POD_NAMESPACE", "the namespace that the operator runs in (fieldRef metadata.namespace)"),
                leaderElection
                        ? environment.required("POD_NAME", "the name of the operator's pod (fieldRef metadata.name)")
                        : environment.text("POD_NAME", "lvs-operator"),
                environment.optional("OPERATOR_DEPLOYMENT_NAME"),
                environment.text("LEASE_NAME", "lvs-operator"),
                leaderElection,
                environment.number("MANAGEMENT_PORT", 8080, 0, 65535),
                Duration.ofSeconds(environment.number("NODE_LOSS_TIMEOUT_SECONDS", 300, 1, 86400)),
                environment.text("FLEET_SECRETS_NAME", "lvs-operator-fleet-secrets"),
                agent(environment));
    }

    private static Agent agent(Environment environment) {
        return new Agent(
                environment.text("AGENT_DAEMON_SET_NAME", "lvs-node-agent"),
                environment.required("AGENT_IMAGE", "the image of the node agent"),
                environment.oneOf(
                        "AGENT_IMAGE_PULL_POLICY", "IfNotPresent", List.of("Always", "IfNotPresent", "Never")),
                environment.json("AGENT_IMAGE_PULL_SECRETS", "[]", Environment.PULL_SECRETS),
                environment.text("AGENT_SERVICE_ACCOUNT", "lvs-node-agent"),
                environment.text("AGENT_PRIORITY_CLASS", "system-node-critical"),
                environment.json("AGENT_RESOURCES", DEFAULT_RESOURCES, Environment.RESOURCES),
                environment.json("AGENT_TOLERATIONS", DEFAULT_TOLERATIONS, Environment.TOLERATIONS),
                environment.oneOf("AGENT_LOG_LEVEL", "INFO", List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE")),
                environment.number("AGENT_MANAGEMENT_PORT", 9470, 1, 65535),
                environment.number("AGENT_HEARTBEAT_PORT", 9471, 1, 65535),
                environment.flag("AGENT_WRITABLE_KERNEL_SETTINGS", false));
    }
}
