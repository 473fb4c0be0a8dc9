package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.operator.config.OperatorConfig;
import java.util.Optional;

/** The operator's own Deployment, with which all goes that the operator keeps in its namespace. */
final class OperatorDeployment {
    private OperatorDeployment() {}

    /**
     * The reference to it; empty when its name is not known.
     *
     * @throws IllegalStateException when there is no Deployment of that name
     */
    static Optional<OwnerReference> asOwner(KubernetesClient client, OperatorConfig config) {
        return config.deployment().map(name -> {
            Deployment deployment = client.apps()
                    .deployments()
                    .inNamespace(config.namespace())
                    .withName(name)
                    .get();
            if (deployment == null) {
                throw new IllegalStateException("OPERATOR_DEPLOYMENT_NAME is '" + name + "', but namespace '"
                        + config.namespace() + "' has no such Deployment");
            }
            return new OwnerReferenceBuilder()
                    .withApiVersion("apps/v1")
                    .withKind("Deployment")
                    .withName(name)
                    .withUid(deployment.getMetadata().getUid())
                    .build();
        });
    }
}
