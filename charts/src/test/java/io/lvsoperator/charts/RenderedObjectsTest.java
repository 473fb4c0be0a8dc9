package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every rendered object, whatever the values. */
class RenderedObjectsTest {
    private static final Set<String> CLUSTER_SCOPED =
            Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition");

    static Stream<Rendering> renderings() throws Exception {
        return GoldenRenderTest.cases().map(name -> Rendering.of(GoldenRenderTest.values(name)));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyObjectCarriesTheRecommendedLabels(Rendering rendering) {
        assertThat(rendering.objects())
                .allSatisfy(object -> assertThat(object.getMetadata().getLabels())
                        .as(object.getKind() + " " + object.getMetadata().getName())
                        .containsEntry("app.kubernetes.io/instance", Rendering.RELEASE)
                        .containsEntry("app.kubernetes.io/part-of", "lvs-operator")
                        .containsEntry("app.kubernetes.io/managed-by", "Helm")
                        .containsKeys(
                                "app.kubernetes.io/name",
                                "app.kubernetes.io/component",
                                "app.kubernetes.io/version",
                                "helm.sh/chart"));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void namespacedObjectsAreInTheNamespaceOfTheRelease(Rendering rendering) {
        assertThat(rendering.objects())
                .allSatisfy(object -> assertThat(object.getMetadata().getNamespace())
                        .as(object.getKind() + " " + object.getMetadata().getName())
                        .isEqualTo(CLUSTER_SCOPED.contains(object.getKind()) ? null : Rendering.NAMESPACE));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void theOperatorMeetsTheRestrictedProfile(Rendering rendering) {
        PodSpec pod = operatorPod(rendering);

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getVolumes())
                .allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
        assertThat(pod.getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getSecurityContext().getCapabilities().getAdd())
                    .isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void theDeploymentSelectsItsOwnPods(Rendering rendering) {
        Deployment deployment = rendering.only(Deployment.class);

        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyBindingNamesARoleAndAnAccountThatExist(Rendering rendering) {
        Set<String> names = Set.copyOf(rendering.names());
        String operator = operatorPod(rendering).getServiceAccountName();
        String agent = environment(rendering).get("AGENT_SERVICE_ACCOUNT");

        Stream.concat(
                        rendering.all(ClusterRoleBinding.class).flatMap(b -> {
                            assertThat(names)
                                    .contains(b.getRoleRef().getKind() + "/"
                                            + b.getRoleRef().getName());
                            return b.getSubjects().stream();
                        }),
                        rendering.all(RoleBinding.class).flatMap(b -> {
                            assertThat(names)
                                    .contains(b.getRoleRef().getKind() + "/"
                                            + b.getRoleRef().getName());
                            return b.getSubjects().stream();
                        }))
                .forEach(subject -> {
                    assertThat(subject.getName()).isIn(operator, agent);
                    assertThat(subject.getNamespace()).isEqualTo(Rendering.NAMESPACE);
                });
    }

    @Test
    void theDefaultImagesNameNoRegistryHost() {
        Rendering rendering = Rendering.of("{}");

        assertThat(List.of(
                        operatorContainer(rendering).getImage(),
                        Objects.requireNonNull(environment(rendering).get("AGENT_IMAGE"))))
                .allSatisfy(image -> assertThat(image.split("/", 2)[0]).doesNotContain(".", ":", "localhost"));
    }

    @Test
    void anImageByDigestHasNoTag() {
        String digest = "sha256:" + "a".repeat(64);

        Rendering rendering = Rendering.of("""
                image: {digest: "%1$s"}
                agent: {image: {repository: example/agent, digest: "%1$s"}}
                """.formatted(digest));

        assertThat(operatorContainer(rendering).getImage()).isEqualTo("lvs-operator/operator@" + digest);
        assertThat(environment(rendering)).containsEntry("AGENT_IMAGE", "example/agent@" + digest);
    }

    @Test
    void aSecondOperatorBringsADisruptionBudgetAndSpreading() {
        Rendering alone = Rendering.of("replicas: 1");
        Rendering two = Rendering.of("replicas: 2");

        assertThat(alone.all(PodDisruptionBudget.class)).isEmpty();
        assertThat(operatorPod(alone).getTopologySpreadConstraints()).isEmpty();
        assertThat(two.only(PodDisruptionBudget.class).getSpec().getSelector())
                .isEqualTo(two.only(Deployment.class).getSpec().getSelector());
        assertThat(operatorPod(two).getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread -> assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
    }

    @Test
    void metricsHaveAServiceOnlyWhereItIsWanted() {
        assertThat(Rendering.of("{}").all(Service.class)).isEmpty();

        Service service =
                Rendering.of("metrics: {service: {enabled: true, port: 9000}}").only(Service.class);

        assertThat(service.getSpec().getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getPort()).isEqualTo(9000);
            assertThat(port.getTargetPort().getStrVal()).isEqualTo("management");
        });
    }

    @Test
    void accountsThatExistAlreadyAreUsedAndNotCreated() {
        Rendering rendering = Rendering.of("""
                serviceAccount: {create: false, name: ours}
                agent: {serviceAccount: {create: false, name: theirs}}
                """);

        assertThat(rendering.all(ServiceAccount.class)).isEmpty();
        assertThat(operatorPod(rendering).getServiceAccountName()).isEqualTo("ours");
        assertThat(environment(rendering)).containsEntry("AGENT_SERVICE_ACCOUNT", "theirs");
    }

    @Test
    void crdsAreKeptOrLeftOutAsAsked() {
        assertThat(Rendering.of("{}").all(CustomResourceDefinition.class))
                .hasSize(4)
                .allSatisfy(crd -> assertThat(crd.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
        assertThat(Rendering.of("crds: {keep: false}").all(CustomResourceDefinition.class))
                .hasSize(4)
                .allSatisfy(crd ->
                        assertThat(crd.getMetadata().getAnnotations()).doesNotContainKey("helm.sh/resource-policy"));
        assertThat(Rendering.of("crds: {enabled: false}").all(CustomResourceDefinition.class))
                .isEmpty();
    }

    @Test
    void twoReleasesShareNoObjectButTheCrds() {
        assertThat(namesWithoutCrds("one", "lvs-system"))
                .doesNotContainAnyElementsOf(namesWithoutCrds("two", "lvs-system"));
        assertThat(clusterScopedNames("lvs", "one")).doesNotContainAnyElementsOf(clusterScopedNames("lvs", "two"));
        assertThat(clusterScopedNames("b-c", "a")).doesNotContainAnyElementsOf(clusterScopedNames("c", "a-b"));
    }

    @Test
    void aFullNameReplacesTheNameEverywhere() {
        Rendering rendering = Rendering.of("fullnameOverride: director-control");

        assertThat(rendering.objects())
                .filteredOn(object -> !(object instanceof CustomResourceDefinition))
                .allSatisfy(object ->
                        assertThat(object.getMetadata().getName()).matches("(lvs-system:)?director-control(-.*)?"));
    }

    @Test
    void longNamesStayWithinTheLimit() {
        Rendering rendering = Rendering.of("a".repeat(53), "n".repeat(63), "metrics: {service: {enabled: true}}");

        assertThat(rendering.objects())
                .filteredOn(object -> object.getMetadata().getNamespace() != null)
                .allSatisfy(object -> assertThat(object.getMetadata().getName()).hasSizeLessThanOrEqualTo(63));
    }

    @Test
    void anOlderKubernetesIsRefused() {
        assertThatThrownBy(() -> Rendering.text("lvs", "lvs-system", "1.30.9", "{}"))
                .hasMessageContaining("kubeVersion: >=1.31.0-0")
                .hasMessageContaining("v1.30.9");
    }

    @Test
    void theAggregatedRolesCanBeLeftOut() {
        assertThat(Rendering.of("rbac: {aggregateRoles: false}").all(ClusterRole.class))
                .allSatisfy(role -> assertThat(role.getMetadata().getLabels().keySet())
                        .noneMatch(key -> key.startsWith("rbac.authorization.k8s.io/aggregate-to")));
    }

    private static Set<String> namesWithoutCrds(String release, String namespace) {
        return Rendering.of(release, namespace, "{}").objects().stream()
                .filter(object -> !(object instanceof CustomResourceDefinition))
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static Set<String> clusterScopedNames(String release, String namespace) {
        return Rendering.of(release, namespace, "{fullnameOverride: %s}".formatted(release)).objects().stream()
                .filter(object -> object.getMetadata().getNamespace() == null)
                .filter(object -> !(object instanceof CustomResourceDefinition))
                .map((HasMetadata object) ->
                        object.getKind() + "/" + object.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static PodSpec operatorPod(Rendering rendering) {
        return rendering.only(Deployment.class).getSpec().getTemplate().getSpec();
    }

    private static Container operatorContainer(Rendering rendering) {
        return operatorPod(rendering).getContainers().getFirst();
    }

    private static Map<String, String> environment(Rendering rendering) {
        return operatorContainer(rendering).getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }
}
