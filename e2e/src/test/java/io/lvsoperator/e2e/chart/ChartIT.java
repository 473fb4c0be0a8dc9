package io.lvsoperator.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.ControlPlaneOptions;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import io.lvsoperator.operator.OperatorMain;
import io.lvsoperator.operator.config.OperatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The chart on a real API server: installed, upgraded, uninstalled, and the rights that it grants. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NAMESPACE = "lvs-system";
    private static final String OPERATOR = "lvs-lvs-operator";
    private static final String AGENT = "lvs-lvs-operator-node-agent";
    private static final Path SERVICE = Path.of("../crds/src/test/resources/objects/valid/virtualservice-minimal.yaml");
    private static final Path FLEET = Path.of("../crds/src/test/resources/objects/valid/directorfleet-minimal.yaml");
    private static final String LOG = "operator.log";
    private static final Path GOLDEN = Path.of("../charts/src/test/resources/golden");

    /** The operator's rights in every namespace. */
    private static final Set<String> OPERATOR_EVERYWHERE = Right.table(
            "lvs-operator.io/virtualservices: get list watch patch",
            "lvs-operator.io/virtualservices/status: patch",
            "lvs-operator.io/directorfleets: get list watch patch",
            "lvs-operator.io/directorfleets/status: patch",
            "lvs-operator.io/virtualserverslices: get list watch create patch delete",
            "lvs-operator.io/lvsnodes: get list watch create patch delete",
            "/nodes: get list watch patch",
            "/namespaces: get list watch",
            "events.k8s.io/events: create");

    private static final Set<String> OPERATOR_AT_HOME = Right.table(
            "apps/deployments/lvs-lvs-operator: get",
            "apps/daemonsets: get list watch",
            "apps/daemonsets/lvs-lvs-operator-node-agent: create patch",
            "/pods: get list watch",
            "/secrets/lvs-lvs-operator-secrets: get list watch create patch",
            "coordination.k8s.io/leases: create",
            "coordination.k8s.io/leases/lvs-lvs-operator: get patch update");

    private static final Set<String> AGENT_EVERYWHERE = Right.table(
            "lvs-operator.io/virtualserverslices: get list watch",
            "lvs-operator.io/lvsnodes: get list watch",
            "lvs-operator.io/lvsnodes/status: patch",
            "/events: create");

    private static final Set<String> AGENT_AT_HOME = Right.table("/secrets/lvs-lvs-operator-secrets: get list watch");

    private final ControlPlane controlPlane;
    private final KubernetesClient client;

    /** A control plane of its own, as a cluster has the CRDs only once. */
    ChartIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        controlPlane = ControlPlane.start(ControlPlaneOptions.in(directory));
        client = controlPlane.client();
    }

    @AfterAll
    void stop() {
        controlPlane.close();
    }

    @AfterEach
    void removeEverything() {
        Helm.list()
                .allNamespaces()
                .withKubeConfig(controlPlane.kubeconfig())
                .call()
                .forEach(release -> Helm.uninstall(release.getName())
                        .withNamespace(release.getNamespace())
                        .withKubeConfig(controlPlane.kubeconfig())
                        .call());
        client.apps().daemonSets().inNamespace(NAMESPACE).delete();
        client.apiextensions().v1().customResourceDefinitions().delete();
        await().atMost(PATIENCE).until(() -> crds().isEmpty());
    }

    @Test
    void installsCrdsThatServe() throws IOException {
        // When
        install("{}");

        // Then
        assertThat(crds()).hasSize(4);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(applyService()).isNotNull());
    }

    @Test
    void itsOperatorIsAdmittedWhereOnlyRestrictedPodsAre() {
        // Given
        String restricted = "lvs-restricted";
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(restricted)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();

        // When
        ChartInstallation.install(controlPlane.kubeconfig(), restricted, "{}");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                client.pods().inNamespace(restricted).list().getItems())
                        .singleElement()
                        .extracting(Pod::getSpec)
                        .extracting(pod -> pod.getServiceAccountName())
                        .isEqualTo(OPERATOR));
    }

    @Test
    void rendersObjectsThatTheApiServerKnowsEveryFieldOf() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            for (Path values :
                    files.filter(f -> f.toString().endsWith(".values.yaml")).toList()) {
                assertThat(rendered(values))
                        .isNotEmpty()
                        .allSatisfy(object -> assertThat(client.resource(object)
                                        .dryRun()
                                        .fieldValidation(Validation.STRICT)
                                        .create())
                                .as(values + " " + object.getKind())
                                .isNotNull());
            }
        }
    }

    @Test
    void theOperatorMayDoWhatItNeedsAndNothingElse() {
        // Given
        install("{}");

        // When
        try (KubernetesClient operator = controlPlane.clientAsServiceAccount(NAMESPACE, OPERATOR)) {
            Set<String> elsewhere = Right.all(operator, "default");
            Set<String> atHome = Right.all(operator, NAMESPACE);

            // Then
            assertThat(elsewhere).isEqualTo(OPERATOR_EVERYWHERE);
            atHome.removeAll(elsewhere);
            assertThat(atHome).isEqualTo(OPERATOR_AT_HOME);
        }
    }

    @Test
    void theOperatorCreatesTheAgentsDaemonSetAndNoOther() {
        // Given
        install("{}");

        try (KubernetesClient operator = controlPlane.clientAsServiceAccount(NAMESPACE, OPERATOR)) {
            // Then
            assertThat(operator.resource(daemonSet(AGENT)).serverSideApply()).isNotNull();
            assertThatThrownBy(() -> operator.resource(daemonSet("other")).serverSideApply())
                    .hasMessageContaining("cannot patch resource \"daemonsets\"");
            assertThatThrownBy(() -> operator.resource(daemonSet("other")).create())
                    .hasMessageContaining("cannot create resource \"daemonsets\"");
        }
    }

    @Test
    void theOperatorWritesTheAgentsSecretAndTheAgentsReadIt() {
        // Given
        install("{}");
        Secret secret = secret("lvs-lvs-operator-secrets");

        try (KubernetesClient operator = controlPlane.clientAsServiceAccount(NAMESPACE, OPERATOR);
                KubernetesClient agent = controlPlane.clientAsServiceAccount(NAMESPACE, AGENT)) {
            // Then
            assertThat(operator.resource(secret).serverSideApply()).isNotNull();
            assertThatThrownBy(() -> operator.resource(secret("other")).serverSideApply())
                    .hasMessageContaining("cannot patch resource \"secrets\"");
            assertThat(agent.secrets()
                            .inNamespace(NAMESPACE)
                            .withField("metadata.name", secret.getMetadata().getName())
                            .list()
                            .getItems())
                    .extracting(Secret::getData)
                    .containsExactly(secret.getData());
            assertThatThrownBy(() -> agent.resource(secret).serverSideApply())
                    .hasMessageContaining("cannot patch resource \"secrets\"");
        }
    }

    private static Secret secret(String name) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of("edge.heartbeat", "a2V5"))
                .build();
    }

    @Test
    void theAgentMayDoWhatItNeedsAndNothingElse() {
        // Given
        install("{}");

        // When
        try (KubernetesClient agent = controlPlane.clientAsServiceAccount(NAMESPACE, AGENT)) {

            // Then
            assertThat(Right.all(agent, "default")).isEqualTo(AGENT_EVERYWHERE);
            Set<String> atHome = Right.all(agent, NAMESPACE);
            atHome.removeAll(AGENT_EVERYWHERE);
            assertThat(atHome).isEqualTo(AGENT_AT_HOME);
        }
    }

    @Test
    void theAgentIsRefusedWhatBelongsToTheOperator() {
        // Given
        install("{}");

        try (KubernetesClient agent = controlPlane.clientAsServiceAccount(NAMESPACE, AGENT)) {
            // Then
            assertThatThrownBy(() -> agent.secrets().inNamespace(NAMESPACE).list())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("cannot list resource \"secrets\"");
            assertThatThrownBy(() -> agent.resources(VirtualService.class)
                            .inNamespace("default")
                            .list())
                    .hasMessageContaining("cannot list resource \"virtualservices\"");
        }
    }

    @Test
    void peoplesRolesGetTheirPartOfTheApi() {
        // Given
        install("{}");
        List.of("view", "edit", "admin").forEach(this::bindInDefaultNamespace);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ourRights("view"))
                    .isEqualTo(Right.table(
                            "lvs-operator.io/virtualservices: get list watch",
                            "lvs-operator.io/virtualserverslices: get list watch",
                            "lvs-operator.io/directorfleets: get list watch",
                            "lvs-operator.io/lvsnodes: get list watch"));
            assertThat(ourRights("edit"))
                    .containsAll(Right.table("lvs-operator.io/virtualservices: get list create update patch delete"))
                    .noneMatch(right -> right.startsWith("create lvs-operator.io/directorfleets"));
            assertThat(ourRights("admin"))
                    .containsAll(Right.table("lvs-operator.io/virtualservices: get list create update patch delete"))
                    .containsAll(Right.table("lvs-operator.io/directorfleets: get list create update patch delete"));
        });
    }

    @Test
    void aSecondReleaseIsRefused() {
        // Given
        install("{}");

        // Then
        assertThatThrownBy(() -> new ChartInstallation(
                                ChartInstallation.chart(), controlPlane.kubeconfig(), "lvs-other", "other")
                        .install("{}"))
                .hasMessageContaining("CustomResourceDefinition")
                .hasMessageContaining("exists and cannot be imported into the current release")
                .hasMessageContaining("current value is \"lvs\"");
    }

    @Test
    void anUpgradeUpgradesTheCrdsAndTheOperator(@TempDir Path directory) throws IOException {
        // Given
        Path older = directory.resolve("lvs-operator");
        copyWithoutPrinterColumn(ChartInstallation.chart(), older, "Scheduler");
        ChartInstallation installation =
                new ChartInstallation(older, controlPlane.kubeconfig(), NAMESPACE, ChartInstallation.RELEASE);
        installation.install("{}");
        assertThat(columns("virtualservices")).doesNotContain("Scheduler");

        // When
        installation.upgrade("{replicas: 2, agent: {logLevel: DEBUG}}");

        // Then
        assertThat(columns("virtualservices")).contains("Scheduler");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(2);
        assertThat(installation.operatorEnvironment().variables()).containsEntry("AGENT_LOG_LEVEL", "DEBUG");
    }

    @Test
    void uninstallingKeepsTheCrdsAndWhatUsersMade() throws IOException {
        // Given
        ChartInstallation installation = install("{}");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(applyService()).isNotNull());

        // When
        String said = installation.uninstall();

        // Then
        assertThat(said).contains("virtualservices.lvs-operator.io");
        assertThat(crds()).hasSize(4);
        assertThat(client.resources(VirtualService.class)
                        .inNamespace("default")
                        .withName("web-minimal")
                        .get())
                .isNotNull();
        assertThat(ofTheRelease()).isEmpty();
    }

    @Test
    void installsAgainOverTheCrdsThatItKept() {
        // Given
        install("{}").uninstall();

        // When
        install("{}");

        // Then
        assertThat(crds()).hasSize(4);
        assertThat(deployment()).isNotNull();
    }

    @Test
    void takesTheCrdsAlongWhereTheyAreNotToBeKept() {
        // Given
        ChartInstallation installation = install("crds: {keep: false}");

        // When
        installation.uninstall();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(crds()).isEmpty());
    }

    @Test
    void tellsWhatItsOperatorIsGiven() {
        // When
        OperatorEnvironment environment =
                install("agent: {image: {repository: ours/agent, tag: '7'}}").operatorEnvironment();

        // Then
        assertThat(environment.namespace()).isEqualTo(NAMESPACE);
        assertThat(environment.serviceAccount()).isEqualTo(OPERATOR);
        assertThat(environment.agentServiceAccount()).isEqualTo(AGENT);
        assertThat(environment.variables())
                .containsEntry("POD_NAMESPACE", NAMESPACE)
                .containsEntry("POD_NAME", OPERATOR + "-0")
                .containsEntry("LEASE_NAME", OPERATOR)
                .containsEntry("AGENT_IMAGE", "ours/agent:7")
                .containsEntry("AGENT_TOLERATIONS", "[{\"operator\":\"Exists\"}]");
    }

    @Test
    void setsNoVariableThatItsOperatorDoesNotRead() {
        // Given
        Map<String, String> variables = install("{}").operatorEnvironment().variables();
        Set<String> read = new TreeSet<>();
        Map<String, String> watched = new HashMap<>(variables) {
            private static final long serialVersionUID = 1L;

            @Override
            public @Nullable String get(Object variable) {
                read.add((String) variable);
                return super.get(variable);
            }
        };

        // When
        OperatorConfig config = OperatorConfig.from(watched);

        // Then
        assertThat(variables.keySet()).isSubsetOf(read);
        assertThat(config.namespace()).isEqualTo(NAMESPACE);
        assertThat(config.agent().serviceAccount()).isEqualTo(AGENT);
    }

    @Test
    void itsOperatorLeadsAndWorksWithTheRightsThatItWasGiven(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        // Given
        ChartInstallation installation = install("{}");
        Process operator = start(installation, directory);
        try {
            // When
            client.resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName("worker")
                            .addToLabels("lvs-operator.io/director", "edge")
                            .endMetadata()
                            .build())
                    .create();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(apply(FLEET)).isNotNull());

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.resources(LvsNode.class)
                                    .withName("worker")
                                    .get())
                            .isNotNull());
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(agents()).isNotNull());
            assertThat(agents().getMetadata().getOwnerReferences())
                    .singleElement()
                    .extracting(owner -> owner.getUid())
                    .isEqualTo(deployment().getMetadata().getUid());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lease().getRenewTime()).isAfter(lease().getAcquireTime()));
            assertThat(Files.readString(directory.resolve(LOG))).doesNotContain("is forbidden");
        } finally {
            operator.destroyForcibly().waitFor();
            client.nodes().withName("worker").delete();
            client.resources(LvsNode.class).delete();
            client.resources(DirectorFleet.class)
                    .resources()
                    .forEach(fleet -> Conflicts.retried(() -> fleet.edit(f -> {
                        f.getMetadata().setFinalizers(List.of());
                        return f;
                    })));
        }
    }

    /** The operator as a process, with what a pod of the installed Deployment would get; on a free port. */
    private Process start(ChartInstallation installation, Path directory) throws IOException {
        OperatorEnvironment environment = installation.operatorEnvironment();
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, installation.kubeconfigOf(environment.serviceAccount()));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OperatorMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(LOG).toFile());
        builder.environment().putAll(environment.variables());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("MANAGEMENT_PORT", "0");
        return builder.start();
    }

    private LeaseSpec lease() {
        return client.leases().inNamespace(NAMESPACE).withName(OPERATOR).get().getSpec();
    }

    private DaemonSet agents() {
        return client.apps().daemonSets().inNamespace(NAMESPACE).withName(AGENT).get();
    }

    private ChartInstallation install(String values) {
        return ChartInstallation.install(controlPlane.kubeconfig(), NAMESPACE, values);
    }

    private static DaemonSet daemonSet(String name) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("agent")
                .withImage("agent")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private GenericKubernetesResource applyService() throws IOException {
        return apply(SERVICE);
    }

    /** As often as need be: just after their creation the CRDs do not serve yet. */
    private GenericKubernetesResource apply(Path file) throws IOException {
        GenericKubernetesResource object =
                client.getKubernetesSerialization().unmarshal(Files.readString(file), GenericKubernetesResource.class);
        return object.getKind().equals("DirectorFleet")
                ? client.resource(object).serverSideApply()
                : client.resource(object).inNamespace("default").serverSideApply();
    }

    private List<CustomResourceDefinition> crds() {
        return client.apiextensions().v1().customResourceDefinitions().list().getItems();
    }

    private List<String> columns(String plural) {
        return client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(plural + ".lvs-operator.io")
                .get()
                .getSpec()
                .getVersions()
                .getFirst()
                .getAdditionalPrinterColumns()
                .stream()
                .map(column -> column.getName())
                .toList();
    }

    private Deployment deployment() {
        return client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(OPERATOR)
                .get();
    }

    /** What carries the label of the release, but for CRDs and for what is being deleted. */
    private List<? extends HasMetadata> ofTheRelease() {
        String label = "app.kubernetes.io/instance";
        return Stream.of(
                        client.apps()
                                .deployments()
                                .inNamespace(NAMESPACE)
                                .withLabel(label)
                                .list(),
                        client.serviceAccounts()
                                .inNamespace(NAMESPACE)
                                .withLabel(label)
                                .list(),
                        client.rbac()
                                .roles()
                                .inNamespace(NAMESPACE)
                                .withLabel(label)
                                .list(),
                        client.rbac()
                                .roleBindings()
                                .inNamespace(NAMESPACE)
                                .withLabel(label)
                                .list(),
                        client.rbac().clusterRoles().withLabel(label).list(),
                        client.rbac().clusterRoleBindings().withLabel(label).list())
                .flatMap(list -> list.getItems().stream())
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private List<HasMetadata> rendered(Path values) {
        String text = new Helm(ChartInstallation.chart())
                .template()
                .withName("rendered")
                .withNamespace("default")
                .withKubeVersion("1.36.3")
                .withValuesFile(values)
                .call();
        return Arrays.stream(text.split("(?m)^---$"))
                .filter(document -> document.contains("kind:"))
                .map(document -> (HasMetadata)
                        client.getKubernetesSerialization().unmarshal(document, GenericKubernetesResource.class))
                .toList();
    }

    private void bindInDefaultNamespace(String role) {
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(role)
                        .withNamespace("default")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                        .addNewSubject("rbac.authorization.k8s.io", "User", role, null)
                        .build())
                .serverSideApply();
    }

    private Set<String> ourRights(String user) {
        try (KubernetesClient person = controlPlane.clientAs(user, "system:authenticated")) {
            Set<String> rights = Right.all(person, "default");
            rights.removeIf(right -> !right.contains("lvs-operator.io/"));
            return rights;
        }
    }

    private static void copyWithoutPrinterColumn(Path chart, Path copy, String column) throws IOException {
        try (Stream<Path> paths = Files.walk(chart)) {
            for (Path path : paths.toList()) {
                Path target = copy.resolve(chart.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        Path crd = copy.resolve("files/crds/virtualservices.lvs-operator.io.yaml");
        Files.writeString(
                crd,
                Files.readString(crd)
                        .replaceFirst(
                                "(?m)^ *- jsonPath: .*\\R *name: \"" + column + "\"\\R *priority: .*\\R *type: .*\\R",
                                ""));
    }
}
