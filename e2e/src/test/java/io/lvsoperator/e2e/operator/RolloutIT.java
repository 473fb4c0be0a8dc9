package io.lvsoperator.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a fleet and a service to roles, slices and conditions, and back. */
@WithControlPlane
class RolloutIT {
    private static final String VIP = "192.0.2.100";

    private final ControlPlane controlPlane;
    private final TestBed bed;

    RolloutIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.bed = new TestBed(controlPlane, Duration.ofMinutes(5));
    }

    @BeforeEach
    void prepare() {
        bed.startOperator();
        bed.addNode("d1", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.1");
        bed.addNode("d2", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.2");
        bed.addNode("r1", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.11");
        bed.addNode("r2", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.12");
        bed.apply(Wanted.fleet(bed, "edge", 51));
    }

    @AfterEach
    void nothingWasSentToANodeWithoutTheVip() {
        bed.close();
        assertThat(bed.segment.violations()).isEmpty();
    }

    @Test
    void bringsAServiceFromApplyToReady() {
        // When
        Wanted.service(bed, "web", "edge", VIP).apply();

        // Then
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
        LvsNode director = Expect.present(() -> bed.lvsNode("d1"));
        assertThat(director.getSpec().directorRoles().getFirst().virtualRouters())
                .extracting(r -> r.priority())
                .containsExactly(254, 254);
        assertThat(director.getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getKind)
                .containsExactly("Node");
        VirtualServerSlice slice = Expect.present(() -> bed.slice("web"));
        assertThat(slice.getMetadata().getLabels()).containsEntry(Api.FLEET_LABEL, bed.own("edge"));
        assertThat(slice.getSpec().realServers())
                .extracting(r -> r.address())
                .containsExactly("10.0.0.11", "10.0.0.12");
        assertThat(daemonSet().getSpec().getTemplate().getSpec().getHostNetwork())
                .isTrue();
        assertThat(bed.service("web").getStatus().activeDirectors()).containsExactly(bed.nodeName("d1"));
        Expect.fleetCondition(bed, "edge", "Ready", ConditionStatus.TRUE, "Ready");
        assertThat(Base64.getDecoder().decode(secrets().get(heartbeatKey()))).hasSize(32);
    }

    @Test
    void letsARealServerJoinAndLeaveAServiceInOrder() {
        // Given
        readyService();
        FakeAgent joining = bed.addNode("r3", Map.of(), "10.0.0.13");
        joining.holdUp();
        bed.label("r3", Wanted.REAL_SERVER, bed.own("edge"));

        // When
        Expect.soon(() -> assertThat(phase("10.0.0.13")).isEqualTo(Phase.ENTERING));
        joining.goOn();
        Expect.soon(() -> assertThat(phase("10.0.0.13")).isEqualTo(Phase.SERVING));
        Expect.soon(() -> assertThat(bed.segment.uses(bed.nodeName("d1"), VIP, bed.nodeName("r3")))
                .isTrue());
        bed.label("r3", Wanted.REAL_SERVER, null);

        // Then
        Expect.soon(() -> assertThat(addresses()).containsExactly("10.0.0.11", "10.0.0.12"));
        Expect.soon(() -> assertThat(bed.lvsNode("r3")).isNull());
        Expect.soon(() -> assertThat(labels("r3")).doesNotContainKey(Api.AGENT_NODE_LABEL));
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void keepsALeavingRealServerWhileADirectorLags() {
        // Given
        readyService();
        FakeAgent lagging = bed.agent("d2");
        lagging.holdUp();

        // When
        bed.label("r2", Wanted.REAL_SERVER, null);
        Expect.soon(() -> assertThat(phase("10.0.0.12")).isEqualTo(Phase.LEAVING));
        Expect.serviceCondition(bed, "web", "Programmed", ConditionStatus.FALSE, "Pending");
        String waiting = Expect.serviceCondition(bed, "web", "Programmed").message();
        boolean stillHeld = bed.segment.holds(bed.nodeName("r2"), VIP);
        lagging.goOn();

        // Then
        assertThat(waiting).contains(bed.nodeName("d2"));
        assertThat(stillHeld).isTrue();
        Expect.soon(() -> assertThat(addresses()).containsExactly("10.0.0.11"));
    }

    @Test
    void givesAServiceAnotherAddressInOrder() {
        // Given
        readyService();

        // When
        Wanted.service(bed, "web", "edge", "192.0.2.101").apply();

        // Then
        Expect.soon(() -> assertThat(bed.service("web").getStatus().addresses()).containsExactly("192.0.2.101"));
        Expect.soon(() -> assertThat(slice().getSpec().addresses()).hasSize(1));
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void letsAServiceGoOnlyWhenNoNodeHoldsItsAddress() {
        // Given
        readyService();
        FakeAgent lagging = bed.agent("r1");
        lagging.holdUp();

        // When
        client().resource(bed.service("web")).delete();
        Expect.soon(() -> assertThat(slice().getSpec().addresses()).isEmpty());
        Expect.soon(() -> assertThat(
                        Expect.serviceCondition(bed, "web", "Reconciling").message())
                .contains(bed.nodeName("r1")));
        boolean heldWhileWaiting = bed.segment.holds(bed.nodeName("r1"), VIP);
        lagging.goOn();

        // Then
        assertThat(heldWhileWaiting).isTrue();
        Expect.soon(() -> assertThat(bed.slice("web")).isNull());
        Expect.soon(() -> assertThat(bed.services()).isEmpty());
        assertThat(bed.segment.holds(bed.nodeName("r1"), VIP)).isFalse();
    }

    @Test
    void withdrawsAServiceInOrderWhenItIsDeletedInTheForeground() {
        // Given
        readyService();
        FakeAgent lagging = bed.agent("d1");
        lagging.holdUp();

        // When
        client().resource(bed.service("web"))
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        Expect.soon(() -> assertThat(slice().getSpec().addresses())
                .extracting(a -> a.phase())
                .containsExactly(Phase.LEAVING));
        boolean heldWhileWaiting = bed.segment.holds(bed.nodeName("r1"), VIP);
        lagging.goOn();

        // Then
        assertThat(heldWhileWaiting).isTrue();
        Expect.soon(() -> assertThat(bed.services()).isEmpty());
    }

    @Test
    void makesASliceAgainThatAStrangerDeleted() {
        // Given
        readyService();
        String uid = slice().getMetadata().getUid();

        // When
        client().resource(slice()).delete();

        // Then
        Expect.soon(() -> assertThat(slice().getMetadata().getUid()).isNotEqualTo(uid));
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void withdrawsTheServicesOfAFleetBeforeItGoesAndCleansItsNodes() {
        // Given
        readyService();

        // When
        client().resource(bed.fleet("edge")).delete();

        // Then
        Expect.serviceCondition(bed, "web", "Accepted", ConditionStatus.FALSE, "FleetNotFound");
        Expect.soon(() -> assertThat(client().resources(DirectorFleet.class)
                        .withName(bed.own("edge"))
                        .get())
                .isNull());
        assertThat(bed.slice("web")).isNull();
        assertThat(bed.lvsNode("d1")).isNull();
        assertThat(bed.lvsNode("r1")).isNull();
        assertThat(labels("d1")).doesNotContainKey(Api.AGENT_NODE_LABEL);
        assertThat(labels("r1")).doesNotContainKey(Api.AGENT_NODE_LABEL);
        assertThat(secrets()).doesNotContainKey(heartbeatKey());
    }

    @Test
    void makesAnotherKeyInPlaceOfOneThatWasTakenOut() {
        // Given
        readyService();
        Map<String, String> before = secrets();

        // When
        client().secrets()
                .inNamespace(bed.namespace)
                .withName("lvs-operator-fleet-secrets")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"remove\",\"path\":\"/data/" + heartbeatKey() + "\"}]");

        // Then
        Expect.soon(() -> assertThat(secrets())
                .containsKey(heartbeatKey())
                .doesNotContainEntry(heartbeatKey(), before.get(heartbeatKey())));
    }

    @Test
    void handsThePasswordOfVersion2OnAndSaysWhenItCannotBeHad() {
        // Given
        readyService();
        String entry = bed.own("edge") + ".vrrp-password";

        // When
        askForPassword("vrrp-of-others");

        // Then
        Expect.soon(() -> assertThat(Expect.fleetCondition(bed, "edge", "Degraded"))
                .satisfies(degraded -> assertThat(degraded.reason()).isEqualTo("PasswordNotFound"))
                .satisfies(degraded -> assertThat(degraded.message())
                        .contains("'vrrp-of-others'", "may not be read", "vrrp.passwordSecrets")));

        // When
        askForPassword("vrrp-edge");

        // Then
        Expect.soon(
                () -> assertThat(Expect.fleetCondition(bed, "edge", "Degraded").message())
                        .contains("'vrrp-edge'", "does not exist"));
        assertThat(secrets()).doesNotContainKey(entry);

        // When
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName("vrrp-edge")
                .withNamespace(bed.namespace)
                .endMetadata()
                .addToStringData("password", "s3cret")
                .build();
        client().resource(secret).create();

        // Then
        Expect.soon(() -> assertThat(secrets())
                .containsEntry(
                        entry, Base64.getEncoder().encodeToString("s3cret".getBytes(StandardCharsets.US_ASCII))));
        Expect.soon(() -> assertThat(Expect.present(() -> bed.lvsNode("d1"))
                        .getSpec()
                        .directorRoles()
                        .getFirst()
                        .virtualRouters())
                .extracting(LvsNodeSpec.VirtualRouter::authentication)
                .containsExactly(AuthenticationType.PASSWORD, null));
    }

    private void askForPassword(String secret) {
        client().resource(bed.fleet("edge")).edit(fleet -> {
            fleet.setSpec(Wanted.withPassword(fleet.getSpec(), secret));
            return fleet;
        });
    }

    private String heartbeatKey() {
        return bed.own("edge") + ".heartbeat";
    }

    private Map<String, String> secrets() {
        Secret secret = client().secrets()
                .inNamespace(bed.namespace)
                .withName("lvs-operator-fleet-secrets")
                .get();
        return secret == null || secret.getData() == null ? Map.of() : secret.getData();
    }

    @Test
    void servesAgainWhenTheFleetComesBack() {
        // Given
        readyService();
        client().resource(bed.fleet("edge")).delete();
        Expect.soon(() -> assertThat(client().resources(DirectorFleet.class)
                        .withName(bed.own("edge"))
                        .get())
                .isNull());

        // When
        bed.apply(Wanted.fleet(bed, "edge", 51));

        // Then
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void goesOnInTheMiddleOfARollOutAfterARestart() {
        // Given
        FakeAgent slow = bed.agent("r1");
        slow.holdUp();
        Wanted.service(bed, "web", "edge", VIP).apply();
        Expect.soon(() -> assertThat(
                        Expect.present(() -> bed.slice("web")).getSpec().realServers())
                .extracting(realServer -> realServer.phase())
                .contains(Phase.ENTERING));
        bed.stopOperator();
        slow.goOn();

        // When
        bed.startOperator();

        // Then
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void goesOnWithAWithdrawalAfterARestart() {
        // Given
        readyService();
        FakeAgent slow = bed.agent("d2");
        slow.holdUp();
        client().resource(bed.service("web")).delete();
        Expect.soon(() -> assertThat(slice().getSpec().addresses())
                .extracting(a -> a.phase())
                .containsExactly(Phase.LEAVING));
        bed.stopOperator();
        slow.goOn();

        // When
        bed.startOperator();

        // Then
        Expect.soon(() -> assertThat(bed.services()).isEmpty());
        assertThat(bed.slice("web")).isNull();
    }

    @Test
    void keepsThePreferredDirectorWhenAnotherOneJoins() {
        // Given
        readyService();

        // When
        bed.addNode("a-new-one", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.3");

        // Then
        Expect.soon(() -> assertThat(priority("a-new-one")).isEqualTo(1));
        assertThat(priority("d1")).isEqualTo(254);
        assertThat(priority("d2")).isEqualTo(253);
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void givesAFleetThatNamesNoneARouterIdAndKeepsIt() {
        // Given
        bed.apply(Wanted.fleet(bed, "none", null));
        bed.addNode("d8", Map.of(Wanted.DIRECTOR, bed.own("none")), "10.0.0.8");
        Expect.fleetCondition(bed, "none", "Ready", ConditionStatus.TRUE, "Ready");
        Integer allocated = bed.fleet("none").getStatus().firstVirtualRouterId();

        // When
        bed.apply(Wanted.fleet(bed, "more", allocated));
        Expect.fleetCondition(bed, "more", "Ready", ConditionStatus.FALSE, "NoDirectors");
        bed.stopOperator();
        bed.startOperator();
        bed.addNode("d9", Map.of(Wanted.DIRECTOR, bed.own("none")), "10.0.0.9");

        // Then
        Expect.soon(() -> assertThat(List.of(bed.nodeName("d8"), bed.nodeName("d9")))
                .allSatisfy(node -> assertThat(client().resources(LvsNode.class)
                                .withName(node)
                                .require()
                                .getSpec()
                                .directorRoles()
                                .getFirst()
                                .virtualRouters())
                        .isNotEmpty()
                        .allMatch(router -> router.virtualRouterId().equals(allocated))));
        assertThat(bed.fleet("none").getStatus().firstVirtualRouterId()).isEqualTo(allocated);
    }

    @Test
    void repairsTheDaemonSetOfTheAgents() {
        // Given
        readyService();

        // When
        Conflicts.retried(() -> client().apps()
                .daemonSets()
                .inNamespace(bed.namespace)
                .withName("lvs-node-agent")
                .edit(d -> new DaemonSetBuilder(d)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .withHostNetwork(false)
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build()));

        // Then
        Expect.soon(
                () -> assertThat(daemonSet().getSpec().getTemplate().getSpec().getHostNetwork())
                        .isTrue());
    }

    @Test
    void writesNothingWhenNothingChanges() throws InterruptedException {
        // Given
        readyService();
        Expect.fleetCondition(bed, "edge", "Ready", ConditionStatus.TRUE, "Ready");
        Expect.soon(() -> assertThat(versions()).isEqualTo(versionsAfter(Duration.ofSeconds(2))));
        Map<String, String> before = versions();

        // When
        Map<String, String> after = versionsAfter(Duration.ofSeconds(5));

        // Then
        assertThat(after).isEqualTo(before);
    }

    @Test
    void announcesThatAServiceIsReady() {
        // Given
        readyService();

        // When

        // Then
        Expect.soon(() -> assertThat(announced()).contains("Accepted", "Ready"));
    }

    @Test
    void announcesNothingOfAServiceThatIsBeingDeleted() {
        // Given
        readyService();
        List<String> before = announced();

        // When
        client().resource(bed.service("web")).delete();
        Expect.soon(() -> assertThat(bed.services()).isEmpty());

        // Then
        assertThat(announced()).isEqualTo(before);
    }

    private void readyService() {
        Wanted.service(bed, "web", "edge", VIP).apply();
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
        Expect.soon(() -> assertThat(bed.service("web").getStatus().conditions())
                .noneMatch(c -> c.type().equals("Reconciling")));
    }

    /** Versions of all that the operator writes. */
    private Map<String, String> versions() {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(bed.service("web"));
        objects.add(bed.fleet("edge"));
        objects.add(slice());
        objects.add(daemonSet());
        objects.add(Expect.present(() -> client().secrets()
                .inNamespace(bed.namespace)
                .withName("lvs-operator-fleet-secrets")
                .get()));
        Stream.of("d1", "d2", "r1", "r2").forEach(name -> objects.add(Expect.present(() -> bed.lvsNode(name))));
        Map<String, String> versions = new TreeMap<>();
        objects.forEach(o -> versions.put(
                o.getKind() + " " + o.getMetadata().getName(), o.getMetadata().getResourceVersion()));
        versions.put("events", announced().toString());
        return versions;
    }

    /** Reasons of the events of all services. */
    private List<String> announced() {
        return client().events().v1().events().inNamespace(bed.namespace).list().getItems().stream()
                .filter(e -> "VirtualService".equals(e.getRegarding().getKind()))
                .map(e -> e.getReason())
                .sorted()
                .toList();
    }

    private Map<String, String> versionsAfter(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
        return versions();
    }

    private VirtualServerSlice slice() {
        return Expect.present(() -> bed.slice("web"));
    }

    private DaemonSet daemonSet() {
        return client().apps()
                .daemonSets()
                .inNamespace(bed.namespace)
                .withName("lvs-node-agent")
                .get();
    }

    private List<String> addresses() {
        return slice().getSpec().realServers().stream().map(r -> r.address()).toList();
    }

    private @Nullable Phase phase(String address) {
        return slice().getSpec().realServers().stream()
                .filter(r -> r.address().equals(address))
                .map(r -> r.phase())
                .findFirst()
                .orElse(null);
    }

    private int priority(String node) {
        return Expect.present(() -> bed.lvsNode(node))
                .getSpec()
                .directorRoles()
                .getFirst()
                .virtualRouters()
                .getFirst()
                .priority();
    }

    private Map<String, String> labels(String node) {
        return Expect.present(() -> bed.node(node)).getMetadata().getLabels();
    }

    private KubernetesClient client() {
        return controlPlane.client();
    }
}
