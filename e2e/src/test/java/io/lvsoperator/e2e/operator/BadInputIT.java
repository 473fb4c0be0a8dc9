package io.lvsoperator.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Failure;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.StuckExtent;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be had: said by a condition that names object, node and way out, and cleared by itself when the cause goes. */
@WithControlPlane
class BadInputIT {
    private static final String VIP = "192.0.2.100";
    private static final String OTHER_VIP = "192.0.2.101";

    private final TestBed bed;

    BadInputIT(ControlPlane controlPlane) {
        this.bed = new TestBed(controlPlane, Duration.ofMinutes(5));
    }

    @BeforeEach
    void prepare() {
        bed.startOperator();
        bed.addNode("d1", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.1");
        bed.addNode("r1", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.11");
        bed.apply(Wanted.fleet(bed, "edge", 51));
        Wanted.service(bed, "good", "edge", VIP).apply();
        Expect.serviceCondition(bed, "good", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @AfterEach
    void theRestGoesOn() {
        bed.close();
        assertThat(bed.segment.violations()).isEmpty();
    }

    @Test
    void aFleetThatDoesNotExist() {
        // When
        Wanted.service(bed, "bad", "nowhere", OTHER_VIP).apply();

        // Then
        refused("bad", "FleetNotFound", "'" + bed.own("nowhere") + "'");
        goodOneIsReady();

        // And when the cause goes
        bed.label("d1", "test/other", "yes");
        bed.apply(Wanted.fleet(bed, "nowhere", 52));
        accepted("bad");
    }

    @Test
    void aNamespaceThatTheFleetDoesNotAllow() {
        // Given
        Wanted.service(bed, "other", "edge", OTHER_VIP).apply();
        Expect.serviceCondition(bed, "other", "Ready", ConditionStatus.TRUE, "Ready");

        // When
        bed.apply(Wanted.fleet(bed, "edge", 51, Wanted.having("team", "shop")));

        // Then
        refused("other", "NamespaceNotAllowed", "'" + bed.namespace + "'");
        Expect.soon(() -> assertThat(bed.slice("other")).isNull());

        // And when the cause goes
        Conflicts.retried(() -> bed.client
                .namespaces()
                .withName(bed.namespace)
                .edit(n -> new io.fabric8.kubernetes.api.model.NamespaceBuilder(n)
                        .editMetadata()
                        .addToLabels("team", "shop")
                        .endMetadata()
                        .build()));
        Expect.serviceCondition(bed, "other", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void anAddressAndPortThatAnotherServiceHas() {
        // When
        Wanted.service(bed, "late", "edge", VIP).apply();

        // Then
        refused("late", "AddressConflict", VIP + ":80/TCP is served by VirtualService " + bed.namespace + "/good");
        goodOneIsReady();

        // And when the cause goes
        bed.client.resource(bed.service("good")).delete();
        Expect.serviceCondition(bed, "late", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void anotherPortOnASharedAddressIsNoConflict() {
        // When
        Wanted.service(bed, "other-port", "edge", VIP).withPort(443).apply();

        // Then
        Expect.serviceCondition(bed, "other-port", "Ready", ConditionStatus.TRUE, "Ready");
        goodOneIsReady();
    }

    @Test
    void aFirewallMarkThatAnotherServiceHas() {
        // Given
        Wanted.service(bed, "marked", "edge", OTHER_VIP).applyWithFirewallMark(10);
        Expect.serviceCondition(bed, "marked", "Ready", ConditionStatus.TRUE, "Ready");

        // When
        Wanted.service(bed, "late", "edge", "192.0.2.102").applyWithFirewallMark(10);

        // Then
        refused("late", "AddressConflict", "firewall mark 10 is served by VirtualService " + bed.namespace + "/marked");
        goodOneIsReady();

        // And when the cause goes
        bed.client.resource(bed.service("marked")).delete();
        Expect.serviceCondition(bed, "late", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void aServiceThatMovesOntoAnAddressInUseGoesOnAsItWas() {
        // Given
        Wanted.service(bed, "mover", "edge", OTHER_VIP).apply();
        Expect.serviceCondition(bed, "mover", "Ready", ConditionStatus.TRUE, "Ready");

        // When
        Wanted.service(bed, "mover", "edge", VIP).apply();

        // Then
        refused("mover", "AddressConflict", bed.namespace + "/good");
        assertThat(bed.service("mover").getStatus().addresses()).containsExactly(OTHER_VIP);
        goodOneIsReady();
    }

    @Test
    void aSchedulerThatADirectorsKernelLacks() {
        // Given
        bed.agent("d1")
                .offer(new Capabilities("1.2.1", List.of(SchedulerName.RR, SchedulerName.WLC), null, null, null));
        Expect.soon(() -> assertThat(Objects.requireNonNull(Expect.present(() -> bed.lvsNode("d1"))
                                .getStatus()
                                .capabilities())
                        .schedulers())
                .hasSize(2));

        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP)
                .withScheduler(SchedulerName.TWOS)
                .apply();

        // Then
        refused("bad", "SchedulerNotAvailable", "'" + bed.nodeName("d1") + "' has no scheduler 'twos'");
        goodOneIsReady();

        // And when the cause goes
        bed.agent("d1")
                .offer(new Capabilities("1.2.1", List.of(SchedulerName.WLC, SchedulerName.TWOS), null, null, null));
        Expect.serviceCondition(bed, "bad", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void aDirectorWhoseKernelLacksWhatRunningServicesUse() {
        // When
        bed.agent("d1").offer(new Capabilities("1.2.1", List.of(SchedulerName.RR), "6.1.0", null, null));

        // Then
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "SchedulerNotAvailable");
        assertThat(Expect.fleetCondition(bed, "edge", "Degraded").message())
                .contains(bed.nodeName("d1"), "no scheduler 'wlc'");
        goodOneIsReady();
    }

    @Test
    void anAddressFamilyThatADirectorsKernelDoesNotBalance() {
        // Given
        bed.agent("d1")
                .offer(new Capabilities(
                        "1.2.1", List.of(SchedulerName.values()), "6.1.0", List.of(AddressFamily.IPV4), List.of()));
        Expect.soon(() -> assertThat(Objects.requireNonNull(Expect.present(() -> bed.lvsNode("d1"))
                                .getStatus()
                                .capabilities())
                        .addressFamilies())
                .hasSize(1));

        // When
        Wanted.service(bed, "bad", "edge", "2001:db8::77").apply();

        // Then
        refused("bad", "AddressFamilyNotAvailable", "'" + bed.nodeName("d1") + "' does not balance IPv6");
        goodOneIsReady();
    }

    @Test
    void aSchedulerThatADirectorLacksThatIsNotReady() {
        // Given
        bed.addNode("d2", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.2")
                .offer(new Capabilities("1.2.1", List.of(SchedulerName.WLC), "6.1.0", null, null));
        Expect.soon(() -> assertThat(Expect.present(() -> bed.lvsNode("d2")).getStatus())
                .isNotNull()
                .extracting(status -> status.capabilities())
                .isNotNull());
        bed.crash("d2");
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "DirectorNotReady");

        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP)
                .withScheduler(SchedulerName.MH)
                .apply();

        // Then
        refused("bad", "SchedulerNotAvailable", "'" + bed.nodeName("d2") + "' has no scheduler 'mh'");
        goodOneIsReady();
    }

    @Test
    void aKernelWithoutIpvs() {
        // Given
        bed.agent("d1").offer(new Capabilities(null, List.of(), null, null, null));
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "IpvsNotAvailable");

        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP).apply();

        // Then
        refused("bad", "IpvsNotAvailable", "'" + bed.nodeName("d1") + "'");
        accepted("good");
    }

    @Test
    void aRealServerThatDoesNotAnswer() {
        // When
        bed.agent("d1")
                .complainOf(List.of(new NotAnswering(
                        bed.namespace, "good", "TCP " + VIP + ":80", "10.0.0.9", 80, 20L, StuckExtent.ALL, true)));

        // Then
        Expect.serviceCondition(bed, "good", "Degraded", ConditionStatus.TRUE, "RealServerNotAnswering");
        assertThat(Expect.serviceCondition(bed, "good", "Degraded").message())
                .contains("10.0.0.9:80 of TCP " + VIP + ":80", "'" + bed.nodeName("d1") + "'");
        goodOneIsReady();

        // And when the cause goes
        bed.agent("d1").complainOf(null);
        Expect.serviceCondition(bed, "good", "Degraded", ConditionStatus.FALSE, "AsExpected");
    }

    @Test
    void aRealServerThatIsADirector() {
        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP).withAddress("10.0.0.1").apply();

        // Then
        refused("bad", "DirectorIsRealServer", "10.0.0.1 is node '" + bed.nodeName("d1") + "'");
        goodOneIsReady();
    }

    @Test
    void aDirectorThatIsToBeARealServerOfItsOwnFleet() {
        // When
        bed.label("d1", Wanted.REAL_SERVER, bed.own("edge"));

        // Then
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "DirectorIsRealServer");
        assertThat(Expect.fleetCondition(bed, "edge", "Degraded").message()).contains(bed.nodeName("d1"));
        assertThat(Expect.present(() -> bed.lvsNode("d1")).getSpec().realServerRoles())
                .isEmpty();
        goodOneIsReady();

        // And when the cause goes
        bed.label("d1", Wanted.REAL_SERVER, null);
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.FALSE, "AsExpected");
    }

    @Test
    void aSelectorThatMatchesNoNode() {
        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP)
                .withOnly(
                        Wanted.nodes(Wanted.having("rack", "none")),
                        Wanted.nodes(Wanted.having(Wanted.REAL_SERVER, bed.own("edge"))))
                .apply();

        // Then
        Expect.serviceCondition(bed, "bad", "ResolvedRefs", ConditionStatus.FALSE, "NoNodesMatch");
        assertThat(Expect.serviceCondition(bed, "bad", "ResolvedRefs").message())
                .contains("'rack=none'");
        Expect.serviceCondition(bed, "bad", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void aNodeWithoutAnAddressOfTheFamily() {
        // When
        Wanted.service(bed, "bad", "edge", OTHER_VIP)
                .withVips(OTHER_VIP, "2001:db8::100")
                .apply();

        // Then
        Expect.serviceCondition(bed, "bad", "ResolvedRefs", ConditionStatus.FALSE, "NoNodeAddress");
        assertThat(Expect.serviceCondition(bed, "bad", "ResolvedRefs").message())
                .contains("'" + bed.nodeName("r1") + "' has no InternalIP of family IPv6");
        Expect.serviceCondition(bed, "bad", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void aServiceWithoutAnyRealServer() {
        // When
        Wanted.service(bed, "empty", "edge", OTHER_VIP)
                .withOnly(Wanted.nodes(Wanted.having("rack", "none")))
                .apply();

        // Then
        Expect.serviceCondition(bed, "empty", "Ready", ConditionStatus.FALSE, "NoRealServers");
    }

    @Test
    void aFleetThatNoNodeDirects() {
        // When
        bed.apply(Wanted.fleet(bed, "empty", 53));

        // Then
        Expect.fleetCondition(bed, "empty", "Ready", ConditionStatus.FALSE, "NoDirectors");

        // And when the cause goes
        bed.addNode("d9", Map.of(Wanted.DIRECTOR, bed.own("empty")), "10.0.0.9");
        Expect.fleetCondition(bed, "empty", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @Test
    void aVirtualRouterIdThatAnotherFleetHasOnTheNode() {
        // When
        var second = Wanted.fleet(bed, "second", 51);
        second.setSpec(Wanted.fleet(bed, "edge", 51).getSpec());
        bed.apply(second);

        // Then
        Expect.fleetCondition(bed, "second", "Accepted", ConditionStatus.FALSE, "VirtualRouterIdConflict");
        assertThat(Expect.fleetCondition(bed, "second", "Accepted").message())
                .contains("51 is used by DirectorFleet '" + bed.own("edge") + "' on '" + bed.nodeName("d1") + "'");
        Expect.fleetCondition(bed, "edge", "Accepted", ConditionStatus.TRUE, "Accepted");
        goodOneIsReady();
    }

    @Test
    void anInterfaceThatADirectorLacks() {
        // When
        bed.agent("d1").failWholeFleet(new Failure("InterfaceNotFound", "there is no interface 'eth0'"));

        // Then
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "InterfaceNotFound");
        assertThat(Expect.fleetCondition(bed, "edge", "Degraded").message())
                .contains("node '" + bed.nodeName("d1") + "'")
                .contains("no interface 'eth0'");
        Expect.serviceCondition(bed, "good", "Programmed", ConditionStatus.FALSE, "ApplyFailed");
        assertThat(Expect.serviceCondition(bed, "good", "Programmed").message())
                .contains("node '" + bed.nodeName("d1") + "': InterfaceNotFound: there is no interface 'eth0'");

        // And when the cause goes
        bed.agent("d1").failWholeFleet(null);
        goodOneIsReady();
    }

    @Test
    void anAgentThatMayNotProgramItsNode() {
        // When
        bed.agent("r1").failEverySlice(new Failure("PermissionDenied", "the agent lacks NET_ADMIN"));

        // Then
        Expect.serviceCondition(bed, "good", "Programmed", ConditionStatus.FALSE, "ApplyFailed");
        assertThat(Expect.serviceCondition(bed, "good", "Programmed").message())
                .contains("node '" + bed.nodeName("r1") + "': PermissionDenied: the agent lacks NET_ADMIN");

        // And when the cause goes
        bed.agent("r1").failEverySlice(null);
        goodOneIsReady();
    }

    @Test
    void aDaemonSetOfAnotherThatHasTheAgentsName() {
        // Given
        bed.stopOperator();
        bed.replaceDaemonSetKeepingItsPods();
        Wanted.service(bed, "more", "edge", OTHER_VIP).apply();

        // When
        bed.startOperator();

        // Then
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "AgentsNotDeployed");
        assertThat(Expect.fleetCondition(bed, "edge", "Degraded").message())
                .contains("DaemonSet 'lvs-node-agent' in namespace '" + bed.namespace + "'")
                .contains("spec.selector")
                .contains("Delete the one that is there");
        Expect.serviceCondition(bed, "more", "Ready", ConditionStatus.TRUE, "Ready");

        // And when the cause goes
        bed.removeDaemonSetKeepingItsPods();
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.FALSE, "AsExpected");
        goodOneIsReady();
    }

    @Test
    void aFleetOfWhichNobodyIsActive() {
        // When
        bed.agent("d1").takePartInElection(false);

        // Then
        Expect.serviceCondition(bed, "good", "Ready", ConditionStatus.FALSE, "NoActiveDirector");
        Expect.fleetCondition(bed, "edge", "Ready", ConditionStatus.FALSE, "NoActiveDirector");

        // And when the cause goes
        bed.agent("d1").takePartInElection(true);
        goodOneIsReady();
    }

    @Test
    void forwardingByTranslationNeedsNoOrder() {
        // When
        Wanted.service(bed, "nat", "edge", OTHER_VIP)
                .withMethod(ForwardingMethod.NAT)
                .withAddress("203.0.113.7")
                .apply();

        // Then
        Expect.serviceCondition(bed, "nat", "Ready", ConditionStatus.TRUE, "Ready");
        assertThat(Objects.requireNonNull(bed.service("nat").getStatus().realServers())
                        .serving())
                .isEqualTo(2);
    }

    private void refused(String service, String reason, String naming) {
        Expect.serviceCondition(bed, service, "Accepted", ConditionStatus.FALSE, reason);
        assertThat(Expect.serviceCondition(bed, service, "Accepted").message()).contains(naming);
        assertThat(Expect.serviceCondition(bed, service, "Stalled").status()).isEqualTo(ConditionStatus.TRUE);
    }

    private void accepted(String service) {
        Expect.serviceCondition(bed, service, "Accepted", ConditionStatus.TRUE, "Accepted");
    }

    private void goodOneIsReady() {
        Expect.serviceCondition(bed, "good", "Ready", ConditionStatus.TRUE, "Ready");
    }
}
