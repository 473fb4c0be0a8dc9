package io.lvsoperator.e2e.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.ControlPlaneOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real API server makes of the CRDs: which objects it takes, what it says of the others, what it keeps and shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrdIT {
    private static final Path MANIFESTS = Path.of("../crds/manifests");
    private static final String NAMESPACE = "default";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ControlPlane controlPlane;
    private final KubernetesClient client;

    /** A control plane of its own, as other tests' CRDs come with the chart. */
    CrdIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        controlPlane = ControlPlane.start(ControlPlaneOptions.in(directory));
        client = controlPlane.client();
    }

    @BeforeAll
    void createCrds() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS)) {
            for (Path file : files.filter(f -> f.toString().endsWith("s.lvs-operator.io.yaml"))
                    .toList()) {
                Resource<CustomResourceDefinition> crd =
                        client.apiextensions().v1().customResourceDefinitions().load(file.toFile());
                crd.create();
                crd.waitUntilCondition(CrdIT::isEstablished, 30, TimeUnit.SECONDS);
            }
        }
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Established")
                                && c.getStatus().equals("True"));
    }

    @AfterEach
    void deleteObjects() {
        client.resources(VirtualService.class).inNamespace(NAMESPACE).delete();
        client.resources(VirtualServerSlice.class).inNamespace(NAMESPACE).delete();
        client.resources(DirectorFleet.class).delete();
        client.resources(LvsNode.class).delete();
    }

    @AfterAll
    void stop() {
        controlPlane.close();
    }

    static Stream<ObjectFile> invalid() {
        return ObjectFile.invalid();
    }

    static Stream<ObjectFile> valid() {
        return ObjectFile.valid();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesAnInvalidObjectWithItsMessage(ObjectFile file) {
        // Given
        file.before().ifPresent(before -> strictly(before.object()).create());

        // When
        KubernetesClientException refusal = catchThrowableOfType(
                KubernetesClientException.class,
                () -> file.before()
                        .map(before -> strictly(file.object()).update())
                        .orElseGet(() -> strictly(file.object()).create()));

        // Then
        assertThat(refusal).as("the API server took it").isNotNull();
        assertThat(refusal.getStatus().getMessage()).contains(file.expectedMessages());
    }

    @ParameterizedTest
    @MethodSource("valid")
    void storesAValidObjectWithItsDefaults(ObjectFile file) {
        // When
        GenericKubernetesResource stored = strictly(file.object()).create();

        // Then
        assertThat(tree(stored).path("spec"))
                .isEqualTo(tree(file.stored().orElseThrow().object()).path("spec"));
    }

    @Test
    void keepsEveryFieldOfAVirtualServicesStatus() {
        VirtualService service = new VirtualService();
        service.setStatus(Samples.of(VirtualServiceStatus.class));

        assertThatStatusIsKept(service, "virtualservice-full");
    }

    @Test
    void keepsEveryFieldOfADirectorFleetsStatus() {
        DirectorFleet fleet = new DirectorFleet();
        fleet.setStatus(Samples.of(DirectorFleetStatus.class));

        assertThatStatusIsKept(fleet, "directorfleet-full");
    }

    @Test
    void keepsEveryFieldOfAnLvsNode() {
        // Given
        LvsNode node = new LvsNode();
        node.setMetadata(meta("worker"));
        node.setSpec(Samples.of(LvsNodeSpec.class));
        node.setStatus(Samples.of(LvsNodeStatus.class));

        // When
        GenericKubernetesResource created = strictly(generic(node)).create();
        GenericKubernetesResource stored = withStatus(node, created);

        // Then
        assertThat(tree(stored).path("spec")).isEqualTo(tree(node).path("spec"));
        assertThat(tree(stored).path("status")).isEqualTo(tree(node).path("status"));
    }

    @Test
    void keepsEveryFieldOfASlice() {
        // Given
        VirtualServerSlice slice = new VirtualServerSlice();
        slice.setMetadata(meta("web"));
        slice.setSpec(Samples.of(VirtualServerSliceSpec.class));

        // When
        GenericKubernetesResource stored = strictly(generic(slice)).create();

        // Then
        assertThat(tree(stored).path("spec")).isEqualTo(tree(slice).path("spec"));
    }

    @Test
    void keepsTheEmptyListsOfASliceThatIsWithdrawn() {
        // Given
        VirtualServerSlice slice = new VirtualServerSlice();
        slice.setMetadata(meta("web"));
        slice.setSpec(Samples.of(VirtualServerSliceSpec.class));
        client.resource(slice).patch(apply("operator"), slice);

        // When
        VirtualServerSliceSpec full = slice.getSpec();
        slice.setSpec(new VirtualServerSliceSpec(
                full.fleet(),
                full.virtualServiceGeneration(),
                List.of(),
                List.of(),
                full.firewallMark(),
                full.scheduler(),
                List.of(),
                full.onePacket(),
                full.persistence(),
                List.of(),
                full.metrics()));
        VirtualServerSlice stored = client.resource(slice).patch(apply("operator"), slice);

        // Then
        assertThat(stored.getSpec()).isEqualTo(slice.getSpec());
    }

    @Test
    void keepsTheEmptyRolesOfANodeThatIsLetGo() {
        // Given
        LvsNode node = new LvsNode();
        node.setMetadata(new ObjectMetaBuilder().withName("worker").build());
        node.setSpec(Samples.of(LvsNodeSpec.class));
        client.resource(node).patch(apply("operator"), node);

        // When
        node.setSpec(new LvsNodeSpec(List.of(), List.of()));
        LvsNode stored = client.resource(node).patch(apply("operator"), node);

        // Then
        assertThat(stored.getSpec()).isEqualTo(node.getSpec());
    }

    @Test
    void letsTwoWritersHoldAConditionEach() {
        // Given
        strictly(object("directorfleet-minimal")).create();

        // When
        applyCondition("first", "Accepted");
        applyCondition("second", "Ready");

        // Then
        DirectorFleet fleet =
                client.resources(DirectorFleet.class).withName("edge-minimal").get();
        assertThat(fleet.getStatus().conditions())
                .extracting(Condition::type)
                .containsExactlyInAnyOrder("Accepted", "Ready");
    }

    @Test
    void showsAServiceAsPeopleLookForIt() throws Exception {
        // Given
        VirtualService service = new VirtualService();
        service.setStatus(new VirtualServiceStatus(
                1L,
                List.of(condition("Ready", ConditionStatus.FALSE), condition("Programmed", ConditionStatus.TRUE)),
                List.of("192.0.2.100", "2001:db8::100"),
                List.of("one"),
                null,
                null));
        assertThatStatusIsKept(service, "virtualservice-full");

        // Then
        assertThat(row("namespaces/" + NAMESPACE + "/virtualservices"))
                .containsExactlyEntriesOf(columns(
                        "Name", "web-full",
                        "VIP", "192.0.2.100",
                        "Port", "80",
                        "Ready", "False",
                        "Programmed", "True",
                        "Addresses", "[\"192.0.2.100\",\"2001:db8::100\"]",
                        "Fleet", "edge",
                        "Scheduler", "mh",
                        "Forwarding", "NAT",
                        "Active", "[\"one\"]",
                        "Reason", "Tested"));
    }

    @Test
    void showsAFleetAsPeopleLookForIt() throws Exception {
        // Given
        DirectorFleet fleet = new DirectorFleet();
        fleet.setStatus(new DirectorFleetStatus(
                1L,
                List.of(condition("Ready", ConditionStatus.TRUE)),
                new DirectorFleetStatus.DirectorCounts(2, 1),
                List.of(
                        new DirectorFleetStatus.ActiveDirector(AddressFamily.IPV4, "one"),
                        new DirectorFleetStatus.ActiveDirector(AddressFamily.IPV6, "two")),
                255));
        assertThatStatusIsKept(fleet, "directorfleet-full");

        // Then
        assertThat(row("directorfleets"))
                .containsExactlyEntriesOf(columns(
                        "Name", "edge-full",
                        "Desired", "2",
                        "Ready-Directors", "1",
                        "Active-IPv4", "one",
                        "Active-IPv6", "two",
                        "Ready", "True",
                        "Router-Id", "255",
                        "Reason", "Tested"));
    }

    @Test
    void knowsTheShortNamesAndTheCategory() {
        assertThat(client.getApiResources(Api.GROUP + "/" + Api.VERSION).getResources())
                .filteredOn(resource -> !resource.getName().contains("/"))
                .extracting(
                        resource -> resource.getShortNames().getFirst(),
                        r -> r.getCategories().contains("lvs"))
                .containsExactlyInAnyOrder(
                        tuple("lvsvs", true), tuple("lvsfleet", true), tuple("lvsslice", false), tuple("lvsn", true));
    }

    /** Creates the valid object, writes the status that the argument has, and compares what is stored with it. */
    private void assertThatStatusIsKept(CustomResource<?, ?> withStatus, String valid) {
        GenericKubernetesResource created = strictly(object(valid)).create();
        withStatus.setMetadata(meta(created.getMetadata().getName()));

        GenericKubernetesResource stored = withStatus(withStatus, created);

        assertThat(tree(stored).path("status")).isEqualTo(tree(withStatus).path("status"));
    }

    private GenericKubernetesResource withStatus(HasMetadata status, GenericKubernetesResource created) {
        GenericKubernetesResource update = generic(status);
        update.setMetadata(created.getMetadata());
        update.setAdditionalProperty("spec", created.getAdditionalProperties().get("spec"));
        return resource(update).updateStatus();
    }

    private void applyCondition(String manager, String type) {
        DirectorFleet intent = new DirectorFleet();
        intent.setMetadata(meta("edge-minimal"));
        intent.getMetadata().setNamespace(null);
        intent.setStatus(
                new DirectorFleetStatus(null, List.of(condition(type, ConditionStatus.TRUE)), null, null, null));
        client.resource(intent).subresource("status").patch(apply(manager), intent);
    }

    private static PatchContext apply(String manager) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .build();
    }

    private static Condition condition(String type, ConditionStatus status) {
        return new Condition(type, status, "Tested", "A test says so.", 1L, "2026-01-01T00:00:00Z");
    }

    private static GenericKubernetesResource object(String valid) {
        return ObjectFile.valid()
                .filter(file -> file.toString().equals(valid))
                .findFirst()
                .orElseThrow()
                .object();
    }

    private static ObjectMeta meta(String name) {
        return new ObjectMetaBuilder().withName(name).withNamespace(NAMESPACE).build();
    }

    private GenericKubernetesResource generic(HasMetadata object) {
        return client.getKubernetesSerialization()
                .unmarshal(client.getKubernetesSerialization().asJson(object), GenericKubernetesResource.class);
    }

    private NonDeletingOperation<GenericKubernetesResource> strictly(GenericKubernetesResource object) {
        return resource(object).fieldValidation(Validation.STRICT);
    }

    private Resource<GenericKubernetesResource> resource(GenericKubernetesResource object) {
        boolean namespaced = object.getKind().startsWith("Virtual");
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(Api.GROUP)
                .withVersion(Api.VERSION)
                .withKind(object.getKind())
                .withPlural(object.getKind().toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(namespaced)
                .build();
        return namespaced
                ? client.genericKubernetesResources(context)
                        .inNamespace(NAMESPACE)
                        .resource(object)
                : client.genericKubernetesResources(context).resource(object);
    }

    private JsonNode tree(HasMetadata object) {
        try {
            return JSON.readTree(client.getKubernetesSerialization().asJson(object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> columns(String... namesAndCells) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < namesAndCells.length; i += 2) {
            columns.put(namesAndCells[i], namesAndCells[i + 1]);
        }
        return columns;
    }

    /** The only row of the table that kubectl asks for, by column; without the age. */
    private Map<String, String> row(String resources) throws Exception {
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl() + "apis/" + Api.GROUP + "/" + Api.VERSION + "/" + resources)
                .header("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1")
                .build();
        HttpResponse<String> response =
                client.getHttpClient().sendAsync(request, String.class).get(30, TimeUnit.SECONDS);
        JsonNode table = JSON.readTree(response.body());
        JsonNode cells = table.at("/rows/0/cells");
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            row.put(
                    table.at("/columnDefinitions/" + i + "/name").asText(),
                    cells.get(i).asText());
        }
        assertThat(row.remove("Age")).isNotBlank();
        return row;
    }
}
