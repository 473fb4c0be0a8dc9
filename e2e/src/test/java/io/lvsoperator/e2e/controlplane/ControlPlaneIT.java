package io.lvsoperator.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tests rely on in the shared control plane. */
@WithControlPlane
class ControlPlaneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String READER = "reader";

    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private String namespace = "";

    ControlPlaneIT(ControlPlane controlPlane, KubernetesClient client) {
        this.controlPlane = controlPlane;
        this.client = client;
    }

    @BeforeEach
    void createNamespace() {
        namespace = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("control-plane-it-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(READER)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
    }

    @Test
    void tellsItsKubernetesVersion() {
        // When
        String version = client.getKubernetesVersion().getGitVersion();

        // Then
        assertThat(version).isEqualTo("v1.36.3");
    }

    @Test
    void refusesAServiceAccountWithoutARole() {
        // Given
        try (KubernetesClient reader = controlPlane.clientAsServiceAccount(namespace, READER)) {

            // When
            var refusal = catchThrowableOfType(
                    KubernetesClientException.class,
                    () -> reader.configMaps().inNamespace(namespace).list());

            // Then
            assertThat(refusal.getStatus().getMessage())
                    .contains("system:serviceaccount:" + namespace + ":" + READER, "cannot list resource");
        }
    }

    @Test
    void letsAServiceAccountDoWhatItsRoleAllows() {
        // Given
        client.resource(viewBinding()).create();
        try (KubernetesClient reader = controlPlane.clientAsServiceAccount(namespace, READER)) {

            // When
            var accounts = reader.serviceAccounts().inNamespace(namespace).list();

            // Then
            assertThat(accounts.getItems())
                    .extracting(account -> account.getMetadata().getName())
                    .contains(READER);
        }
    }

    @Test
    void refusesAUserThatIsInNoGroup() {
        // Given
        try (KubernetesClient nobody = controlPlane.clientAs("nobody")) {

            // When
            var refusal = catchThrowableOfType(
                    KubernetesClientException.class, () -> nobody.nodes().list());

            // Then
            assertThat(refusal.getStatus().getMessage()).contains("User \"nobody\" cannot list resource \"nodes\"");
        }
    }

    @Test
    void letsAUserActByItsGroups() {
        // Given
        try (KubernetesClient nobody = controlPlane.clientAs("nobody", "system:masters")) {

            // When
            var nodes = nobody.nodes().list();

            // Then
            assertThat(nodes.getKind()).isEqualTo("NodeList");
        }
    }

    @Test
    void bindsAPodOfADaemonSetToANodeThatOnlyTheApiKnows() {
        // Given
        client.resource(nodeOf(namespace)).create();

        // When
        client.resource(daemonSet()).create();

        // Then
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    client.pods().inNamespace(namespace).list().getItems())
                            .singleElement()
                            .satisfies(pod ->
                                    assertThat(pod.getSpec().getNodeName()).isEqualTo(namespace)));
        } finally {
            client.nodes().withName(namespace).delete();
        }
    }

    @Test
    void collectsWhatADeletedOwnerLeaves() {
        // Given
        ConfigMap owner = client.resource(configMap("owner")).create();
        client.resource(new ConfigMapBuilder(configMap("owned"))
                        .editMetadata()
                        .addNewOwnerReference()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();

        // When
        client.resource(owner).delete();

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.configMaps()
                                .inNamespace(namespace)
                                .withName("owned")
                                .get())
                        .isNull());
    }

    @Test
    void leavesAControlPlaneRunningThatItOnlyAttachedTo() {
        // Given
        String version;
        try (ControlPlane attached = ControlPlane.attach(controlPlane.kubeconfig())) {
            version = attached.client().getKubernetesVersion().getGitVersion();
        }

        // When
        String afterwards = client.getKubernetesVersion().getGitVersion();

        // Then
        assertThat(afterwards).isEqualTo(version);
    }

    private RoleBinding viewBinding() {
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withName("reader-views")
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "view")
                .addNewSubject(null, "ServiceAccount", READER, namespace)
                .build();
    }

    private static Node nodeOf(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("only-for", name)
                .endMetadata()
                .withNewStatus()
                .withCapacity(
                        Map.of("pods", new Quantity("10"), "cpu", new Quantity("1"), "memory", new Quantity("1Gi")))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("Test")
                .endCondition()
                .endStatus()
                .build();
    }

    private DaemonSet daemonSet() {
        var labels = Map.of("app", "agent");
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName("agent")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(new PodBuilder()
                        .withNewSpec()
                        .addToNodeSelector("only-for", namespace)
                        .addNewContainer()
                        .withName("agent")
                        .withImage("agent")
                        .endContainer()
                        .endSpec()
                        .build()
                        .getSpec())
                .endTemplate()
                .endSpec()
                .build();
    }

    private ConfigMap configMap(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }
}
