package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.AllowedNamespaces;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Authentication;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Preemption;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.SecretKeyReference;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Vrrp;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.VirtualRouter;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.api.v1alpha1.NamespacesFrom;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.Transport;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RoleCompilerTest {
    private static final FleetView EDGE = Given.fleet("edge", 0, 51);

    @Test
    @Tag("V3-S17+")
    void prefersTheOldestNode() {
        // When
        Roles roles = compile(EDGE, Given.director("b", 2), Given.director("c", 1), Given.director("a", 3));

        // Then
        assertThat(Objects.requireNonNull(roles.byFleet().get("edge")).directors())
                .containsExactly("c", "b", "a");
        assertThat(priority(roles, "c")).isEqualTo(254);
        assertThat(priority(roles, "b")).isEqualTo(253);
        assertThat(priority(roles, "a")).isEqualTo(1);
    }

    @Test
    @Tag("V3-S17+")
    void spreadsTheOtherPrioritiesEvenlyDownToOne() {
        // When
        List<Integer> priorities =
                IntStream.range(0, 6).mapToObj(place -> Priorities.of(place, 6)).toList();

        // Then
        assertThat(priorities).containsExactly(254, 253, 190, 127, 64, 1);
    }

    @Test
    void keepsPrioritiesInRangeForAnyNumberOfDirectors() {
        for (int directors = 1; directors <= 400; directors++) {
            for (int place = 0; place < directors; place++) {
                assertThat(Priorities.of(place, directors)).isBetween(1, 254);
            }
        }
    }

    @Test
    void givesEachDirectorAVirtualRouterPerFamilyWithItsPeers() {
        // When
        Roles roles = compile(EDGE, Given.director("a", 1), Given.director("b", 2));

        // Then
        List<VirtualRouter> routers =
                spec(roles, "a").directorRoles().getFirst().virtualRouters();
        assertThat(routers).extracting(VirtualRouter::family).containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
        assertThat(routers).extracting(VirtualRouter::peers).containsExactly(List.of("b"), List.of("b"));
        assertThat(routers).extracting(VirtualRouter::virtualRouterId).containsOnly(51);
        assertThat(routers.getFirst().linkLocalAddress()).isNull();
        assertThat(routers.getLast().linkLocalAddress()).startsWith("fe80::");
    }

    @Test
    void letsIpv6SpeakVersion3WhateverTheFleetSays() {
        // Given
        FleetView fleet = Given.fleet(
                "edge",
                0,
                new Vrrp(
                        51,
                        2000,
                        new Preemption(PreemptionMode.PREEMPT, 0),
                        ChecksumForm.RFC9568,
                        2,
                        Transport.MULTICAST,
                        null));

        // When
        Roles roles = compile(fleet, Given.director("a", 1), Given.director("b", 2));

        // Then
        assertThat(spec(roles, "b").directorRoles().getFirst().virtualRouters())
                .extracting(VirtualRouter::family, VirtualRouter::version)
                .containsExactly(Tuple.tuple(AddressFamily.IPV4, 2), Tuple.tuple(AddressFamily.IPV6, 3));
    }

    @Test
    void givesDirectorsTheAddressesThatTheirPeersReport() {
        // Given
        FleetView fleet = unicast();

        // When
        Roles roles = RoleCompiler.compile(
                List.of(fleet),
                List.of(Given.director("a", 1), Given.director("b", 2), Given.director("c", 3)),
                Map.of(),
                Map.of(),
                Map.of("a", List.of(reporting("192.0.2.11")), "b", List.of(reporting("192.0.2.12"))),
                9471);

        // Then
        assertThat(roles.byNode().values())
                .extracting(
                        spec -> spec.directorRoles().getFirst().virtualRouters().getFirst())
                .extracting(VirtualRouter::transport, VirtualRouter::sourceAddress, VirtualRouter::peerAddresses)
                .containsExactly(
                        Tuple.tuple(Transport.UNICAST, "192.0.2.11", List.of("192.0.2.12")),
                        Tuple.tuple(Transport.UNICAST, "192.0.2.12", List.of("192.0.2.11")),
                        Tuple.tuple(Transport.UNICAST, null, List.of("192.0.2.11", "192.0.2.12")));
    }

    @Test
    void keepsTheAddressOfADirectorThatReportsNone() {
        // Given
        List<NodeView> nodes = List.of(Given.director("a", 1), Given.director("b", 2));
        Map<String, LvsNodeSpec> told = RoleCompiler.compile(
                        List.of(unicast()),
                        nodes,
                        Map.of(),
                        Map.of(),
                        Map.of("b", List.of(reporting("192.0.2.12"))),
                        9471)
                .byNode();

        // When
        Roles roles = RoleCompiler.compile(List.of(unicast()), nodes, told, Map.of(), Map.of(), 9471);

        // Then
        assertThat(roles.byNode()).isEqualTo(told);
        assertThat(spec(roles, "a")
                        .directorRoles()
                        .getFirst()
                        .virtualRouters()
                        .getFirst()
                        .peerAddresses())
                .containsExactly("192.0.2.12");
    }

    @Test
    void givesNoAddressesToAFleetThatSendsByMulticast() {
        Roles roles = RoleCompiler.compile(
                List.of(EDGE),
                List.of(Given.director("a", 1), Given.director("b", 2)),
                Map.of(),
                Map.of(),
                Map.of("b", List.of(reporting("192.0.2.12"))),
                9471);

        assertThat(spec(roles, "a").directorRoles().getFirst().virtualRouters())
                .extracting(VirtualRouter::transport, VirtualRouter::peerAddresses)
                .containsOnly(Tuple.tuple(Transport.MULTICAST, null));
    }

    private static FleetView unicast() {
        return Given.fleet(
                "edge",
                0,
                new Vrrp(
                        51,
                        1000,
                        new Preemption(PreemptionMode.PREEMPT, 0),
                        ChecksumForm.RFC9568,
                        3,
                        Transport.UNICAST,
                        null));
    }

    private static VirtualRouterStatus reporting(String source) {
        return new VirtualRouterStatus(
                "edge", AddressFamily.IPV4, VirtualRouterState.BACKUP, "2026-01-01T12:00:00Z", null, source);
    }

    @Test
    void givesBothRoutersTheDelayOfThePreemption() {
        // Given
        FleetView fleet = Given.fleet(
                "edge",
                0,
                new Vrrp(
                        51,
                        1000,
                        new Preemption(PreemptionMode.PREEMPT, 30),
                        ChecksumForm.RFC9568,
                        3,
                        Transport.MULTICAST,
                        null));

        // When
        Roles roles = compile(fleet, Given.director("a", 1));

        // Then
        assertThat(spec(roles, "a").directorRoles().getFirst().virtualRouters())
                .extracting(VirtualRouter::preemptionDelaySeconds)
                .containsExactly(30, 30);
    }

    @Test
    @DisplayName("the router of IPv4 is authenticated where the fleet asks for a password, that of IPv6 never is")
    void authenticatesVersion2() {
        FleetView fleet = Given.fleet(
                "edge",
                0,
                new Vrrp(
                        51,
                        1000,
                        new Preemption(PreemptionMode.PREEMPT, 0),
                        ChecksumForm.RFC9568,
                        2,
                        Transport.MULTICAST,
                        new Authentication(
                                AuthenticationType.PASSWORD, new SecretKeyReference("vrrp-edge", "password"))));

        Roles roles = compile(fleet, Given.director("a", 1));

        assertThat(spec(roles, "a").directorRoles().getFirst().virtualRouters())
                .extracting(VirtualRouter::family, VirtualRouter::authentication)
                .containsExactly(
                        Tuple.tuple(AddressFamily.IPV4, AuthenticationType.PASSWORD),
                        Tuple.tuple(AddressFamily.IPV6, null));
    }

    @Test
    void givesEachDirectorTheKernelSettingsOfItsFleet() {
        // Given
        KernelSettings settings =
                new KernelSettings(null, 3, null, null, null, true, null, null, null, null, null, null, null, null);
        DirectorFleetSpec spec = EDGE.spec();
        FleetView fleet = new FleetView(
                EDGE.name(),
                EDGE.uid(),
                EDGE.created(),
                false,
                new DirectorFleetSpec(
                        spec.directors(),
                        spec.realServerNodes(),
                        spec.network(),
                        spec.vrrp(),
                        spec.allowedNamespaces(),
                        settings,
                        new DirectorFleetSpec.Firewall(ConnectionTracking.TRACKED),
                        spec.connectionSync()),
                null);

        // When
        Roles roles = compile(fleet, Given.director("a", 1), Given.director("b", 2));

        // Then
        assertThat(spec(roles, "a").directorRoles().getFirst().kernelSettings()).isEqualTo(settings);
        assertThat(spec(roles, "b").directorRoles().getFirst().kernelSettings()).isEqualTo(settings);
    }

    @Test
    void givesEachDirectorTheFirewallOfItsFleet() {
        Roles roles = compile(EDGE, Given.director("a", 1), Given.director("b", 2));

        assertThat(roles.byNode().values())
                .hasSize(2)
                .allSatisfy(spec -> assertThat(spec.directorRoles().getFirst().firewall())
                        .isEqualTo(new DirectorFleetSpec.Firewall(ConnectionTracking.UNTRACKED)));
    }

    @Test
    void derivesTheSameLinkLocalAddressOnEveryDirectorAndAnotherOnePerFleet() {
        assertThat(LinkLocalAddress.of("edge", 51)).isEqualTo(LinkLocalAddress.of("edge", 51));
        assertThat(LinkLocalAddress.of("edge", 51)).isNotEqualTo(LinkLocalAddress.of("edge", 52));
        assertThat(LinkLocalAddress.of("edge", 51)).isNotEqualTo(LinkLocalAddress.of("core", 51));
    }

    @Test
    void makesADirectorNoRealServerOfItsOwnFleet() {
        // Given
        NodeView both = Given.node("a", 1, Map.of(Given.DIRECTOR, "edge", Given.REAL_SERVER, "edge"), "10.0.0.1");

        // When
        Roles roles = compile(EDGE, both);

        // Then
        assertThat(spec(roles, "a").directorRoles()).hasSize(1);
        assertThat(spec(roles, "a").realServerRoles()).isEmpty();
        assertThat(Objects.requireNonNull(roles.byFleet().get("edge")).directorsAlsoRealServers())
                .containsExactly("a");
    }

    @Test
    void keepsTheRoleOfARealServerThatSlicesStillList() {
        // Given
        NodeView leaving = Given.node("r", 1, Map.of(), "10.0.0.1");
        Map<String, LvsNodeSpec> current =
                compile(EDGE, Given.realServer("r", "10.0.0.1")).byNode();

        // When
        Roles listed = RoleCompiler.compile(
                List.of(EDGE), List.of(leaving), current, Map.of("edge", Set.of("r")), Map.of(), 9471);
        Roles unlisted = RoleCompiler.compile(
                List.of(EDGE), List.of(leaving), current, Map.of("edge", Set.of()), Map.of(), 9471);

        // Then
        assertThat(spec(listed, "r").realServerRoles()).hasSize(1);
        assertThat(unlisted.byNode()).doesNotContainKey("r");
    }

    @Test
    void makesARealServerADirectorOnlyWhenNoSliceListsItAnyMore() {
        // Given
        NodeView turned = Given.director("r", 1);
        Map<String, LvsNodeSpec> current =
                compile(EDGE, Given.realServer("r", "10.0.0.1")).byNode();

        // When
        Roles listed = RoleCompiler.compile(
                List.of(EDGE), List.of(turned), current, Map.of("edge", Set.of("r")), Map.of(), 9471);
        Roles unlisted =
                RoleCompiler.compile(List.of(EDGE), List.of(turned), current, Map.of("edge", Set.of()), Map.of(), 9471);

        // Then
        assertThat(spec(listed, "r").directorRoles()).isEmpty();
        assertThat(spec(listed, "r").realServerRoles()).hasSize(1);
        assertThat(spec(unlisted, "r").directorRoles()).hasSize(1);
    }

    @Test
    void keepsAllRolesOfADeletedFleetUntilItsServicesAreWithdrawn() {
        // Given
        FleetView deleted = Given.fleet("edge", 0, 51, true, new AllowedNamespaces(NamespacesFrom.ALL, null));
        List<NodeView> nodes = List.of(Given.director("d", 1), Given.realServer("r", "10.0.0.1"));

        // When
        Roles withSlices =
                RoleCompiler.compile(List.of(deleted), nodes, Map.of(), Map.of("edge", Set.of()), Map.of(), 9471);
        Roles without = RoleCompiler.compile(List.of(deleted), nodes, Map.of(), Map.of(), Map.of(), 9471);

        // Then
        assertThat(withSlices.byNode()).containsOnlyKeys("d", "r");
        assertThat(without.byNode()).isEmpty();
    }

    @Test
    void leavesARouterIdToTheOlderFleet() {
        // Given
        FleetView younger = Given.fleet("younger", 5, 51);

        // When
        Roles roles = RoleCompiler.compile(
                List.of(younger, EDGE), List.of(Given.director("d", 1)), Map.of(), Map.of(), Map.of(), 9471);

        // Then
        assertThat(spec(roles, "d").directorRoles()).extracting(r -> r.fleet()).containsExactly("edge");
        assertThat(Objects.requireNonNull(roles.byFleet().get("younger")).conflicts())
                .containsExactly(new FleetRoles.RouterIdConflict("d", "edge", 51));
    }

    @Test
    void leavesARouterIdToTheFleetThatUsesItEvenWhenAnOlderOneWantsIt() {
        // Given
        FleetView holder = Given.fleet("holder", 5, 51);
        List<NodeView> nodes = List.of(Given.director("d", 1));
        Map<String, LvsNodeSpec> current = RoleCompiler.compile(
                        List.of(holder), nodes, Map.of(), Map.of(), Map.of(), 9471)
                .byNode();

        // When
        Roles roles = RoleCompiler.compile(List.of(holder, EDGE), nodes, current, Map.of(), Map.of(), 9471);

        // Then
        assertThat(spec(roles, "d").directorRoles()).extracting(r -> r.fleet()).containsExactly("holder");
        assertThat(Objects.requireNonNull(roles.byFleet().get("edge")).conflicts())
                .hasSize(1);
    }

    private static Roles compile(FleetView fleet, NodeView... nodes) {
        return RoleCompiler.compile(List.of(fleet), List.of(nodes), Map.of(), Map.of(), Map.of(), 9471);
    }

    private static LvsNodeSpec spec(Roles roles, String node) {
        return Objects.requireNonNull(roles.byNode().get(node), node);
    }

    private static int priority(Roles roles, String node) {
        return spec(roles, node)
                .directorRoles()
                .getFirst()
                .virtualRouters()
                .getFirst()
                .priority();
    }
}
