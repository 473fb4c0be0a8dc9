package io.lvsoperator.e2e.chart;

import java.util.Map;

/**
 * What a pod of the operator's Deployment would be given: run the operator with exactly this and the token of its
 * service account, and it is the operator that the chart installed.
 *
 * @param namespace the namespace of the release
 * @param serviceAccount the service account of the pod
 * @param variables the environment of the container, with the references to fields resolved
 */
public record OperatorEnvironment(String namespace, String serviceAccount, Map<String, String> variables) {
    public OperatorEnvironment {
        variables = Map.copyOf(variables);
    }

    /** The service account that the operator gives its agents. */
    public String agentServiceAccount() {
        String name = variables.get("AGENT_SERVICE_ACCOUNT");
        if (name == null) {
            throw new IllegalStateException(
                    "the chart tells the operator no AGENT_SERVICE_ACCOUNT, only " + variables.keySet());
        }
        return name;
    }
}
