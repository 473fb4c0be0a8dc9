package io.lvsoperator.agent.kube;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * The agent's client of the API server. It does not read who manages which field: of 10,000 slices that would be a third of what the
 * agent holds.
 */
public final class ClusterClient {
    private ClusterClient() {}

    /** A new client; to be closed. */
    public static KubernetesClient of(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .build();
    }

    static KubernetesSerialization serialization() {
        return new KubernetesSerialization(new ObjectMapper().addMixIn(ObjectMeta.class, WithoutManagers.class), true);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagers {}
}
