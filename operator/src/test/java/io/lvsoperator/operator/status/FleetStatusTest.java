package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus.ActiveDirector;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus.DirectorCounts;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.operator.compile.DirectorNeeds;
import io.lvsoperator.operator.compile.FleetRoles;
import io.lvsoperator.operator.compile.FleetRoles.RouterIdConflict;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetStatusTest {
    private static final Set<AddressFamily> IPV4 = Set.of(AddressFamily.IPV4);

    @Test
    void allIsWellWithOneActiveDirector() {
        // When
        DirectorFleetStatus status =
                of(IPV4, Given.activeDirector("d1", AddressFamily.IPV4), Given.backupDirector("d2"));

        // Then
        assertThat(status.conditions())
                .filteredOn(Given::isTrue)
                .extracting(Condition::type)
                .containsExactly("Accepted", "Programmed", "Ready");
        assertThat(condition(status, "Degraded").reason()).isEqualTo("AsExpected");
        assertThat(status.directors()).isEqualTo(new DirectorCounts(2, 2));
        assertThat(status.activeDirectors()).containsExactly(new ActiveDirector(AddressFamily.IPV4, "d1"));
    }

    @Test
    void aFleetWithoutNodesIsStalledAndSaysWhatToLabel() {
        // When
        DirectorFleetStatus status = of(IPV4);

        // Then
        assertThat(condition(status, "Ready").reason()).isEqualTo("NoDirectors");
        assertThat(condition(status, "Stalled").message()).contains("spec.directors.nodeSelector matches no node");
    }

    @Test
    void aDirectorThatFailedIsNamedWithItsCauseWhileTheOthersAreReady() {
        // When
        DirectorFleetStatus status = of(
                IPV4,
                Given.activeDirector("d1", AddressFamily.IPV4),
                Given.failingDirector("d2", "InterfaceNotFound", "node d2 has no interface 'eth7'"));

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("InterfaceNotFound");
        assertThat(condition(status, "Degraded").message()).contains("'d2'").contains("no interface 'eth7'");
        assertThat(condition(status, "Ready")).matches(Given::isTrue);
        assertThat(status.directors()).isEqualTo(new DirectorCounts(2, 1));
    }

    @Test
    void noReadyDirectorIsExplainedByWhatKeepsEachFromIt() {
        // When
        DirectorFleetStatus status = of(IPV4, Given.lostDirector("d1", Given.NOON));

        // Then
        assertThat(condition(status, "Ready").reason()).isEqualTo("NoReadyDirector");
        assertThat(condition(status, "Ready").message()).contains("'d1'").contains("has not been ready since");
    }

    @Test
    void aLostDirectorDoesNotCountAsActive() {
        // When
        DirectorFleetStatus status = of(IPV4, Given.lostDirector("d1", Given.NOON), Given.backupDirector("d2"));

        // Then
        assertThat(status.activeDirectors()).isNull();
        assertThat(condition(status, "Ready").reason()).isEqualTo("NoActiveDirector");
        assertThat(condition(status, "Ready").message()).contains("VIPs of IPv4");
    }

    @Test
    void aFamilyWithoutVipsNeedsNoActiveDirector() {
        // When
        DirectorFleetStatus status = of(Set.of(), Given.backupDirector("d1"));

        // Then
        assertThat(condition(status, "Ready")).matches(Given::isTrue);
    }

    @Test
    void twoActiveDirectorsOfOneFamilyAreBothNamed() {
        // When
        DirectorFleetStatus status = of(
                IPV4,
                Given.activeDirector("d1", AddressFamily.IPV4),
                Given.activeDirector("d2", AddressFamily.IPV4, AddressFamily.IPV6));

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("SeveralActiveDirectors");
        assertThat(condition(status, "Degraded").message())
                .contains("'d1', 'd2' are Active for IPv4")
                .doesNotContain("IPv6");
    }

    @Test
    void aDirectorThatLagsKeepsTheFleetFromBeingProgrammed() {
        // When
        DirectorFleetStatus status =
                of(IPV4, Given.activeDirector("d1", AddressFamily.IPV4), Given.laggingDirector("d2"));

        // Then
        assertThat(condition(status, "Programmed").message()).contains("waiting for 'd2'");
        assertThat(condition(status, "Ready").reason()).isEqualTo("NotProgrammed");
        assertThat(condition(status, "Reconciling").reason()).isEqualTo("RollingOut");
        assertThat(condition(status, "Degraded").reason()).isEqualTo("DirectorLags");
    }

    @Test
    void aDirectorWithoutIpvsIsNamedWithTheWayOut() {
        // When
        DirectorFleetStatus status = of(
                Set.of(),
                Given.backupDirector("d1"),
                Given.directorWith("d2", new Capabilities(null, List.of(), null, null, null)));

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("IpvsNotAvailable");
        assertThat(condition(status, "Degraded").message()).contains("'d2'").contains("install the kernel's module");
    }

    @Test
    void aDirectorThatLacksWhatServicesUseIsNamedAndStillCounts() {
        // Given
        Capabilities few = new Capabilities("1.2.1", List.of(SchedulerName.RR), "6.1.0", null, null);
        List<AgentView> directors =
                List.of(Given.activeDirector("d1", AddressFamily.IPV4), Given.directorWith("d2", few));

        // When
        DirectorFleetStatus status = FleetStatus.following(
                null,
                new FleetObservation(
                        Given.FLEET,
                        1,
                        false,
                        roles(directors, List.of()),
                        directors,
                        IPV4,
                        new DirectorNeeds(Set.of(SchedulerName.MH), IPV4),
                        ActiveDirectors.of(directors, Given.FLEET),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                Given.AT_NOON);

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("SchedulerNotAvailable");
        assertThat(condition(status, "Degraded").message())
                .startsWith("node 'd2'")
                .contains("no scheduler 'mh'");
        assertThat(condition(status, "Ready")).matches(Given::isTrue);
    }

    @Test
    void aRouterIdThatAnotherFleetHasIsNamedWithItsHolder() {
        // Given
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));
        FleetRoles roles = roles(directors, List.of(), new RouterIdConflict("d9", "core", 51));

        // When
        DirectorFleetStatus status =
                FleetStatus.following(null, seen(roles, directors, false, List.of()), Given.AT_NOON);

        // Then
        assertThat(condition(status, "Accepted").reason()).isEqualTo("VirtualRouterIdConflict");
        assertThat(condition(status, "Stalled").message())
                .contains("51 is used by DirectorFleet 'core'")
                .contains("'d9'");
    }

    @Test
    void aNodeThatBothSelectorsMatchIsNamed() {
        // Given
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));

        // When
        DirectorFleetStatus status = FleetStatus.following(
                null, seen(roles(directors, List.of("d1")), directors, false, List.of()), Given.AT_NOON);

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("DirectorIsRealServer");
        assertThat(condition(status, "Degraded").message()).startsWith("'d1'");
    }

    @Test
    void aFleetThatIsDeletedSaysWhatItWaitsFor() {
        // Given
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));

        // When
        DirectorFleetStatus status = FleetStatus.following(
                null,
                seen(roles(directors, List.of()), directors, true, List.of("node 'd1' to be clean")),
                Given.AT_NOON);

        // Then
        assertThat(condition(status, "Reconciling").reason()).isEqualTo("Withdrawing");
        assertThat(condition(status, "Reconciling").message()).isEqualTo("waiting for node 'd1' to be clean");
    }

    @Test
    void itIsTheSameWhenNothingChanges() {
        // Given
        DirectorFleetStatus before = of(IPV4, Given.activeDirector("d1", AddressFamily.IPV4));
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));

        // When
        DirectorFleetStatus after = FleetStatus.following(
                before, seen(roles(directors, List.of()), directors, false, List.of()), Given.AT_NOON);

        // Then
        assertThat(after).isEqualTo(before);
    }

    private static DirectorFleetStatus of(Set<AddressFamily> served, AgentView... directors) {
        List<AgentView> agents = List.of(directors);
        return FleetStatus.following(
                null,
                new FleetObservation(
                        Given.FLEET,
                        1,
                        false,
                        roles(agents, List.of()),
                        agents,
                        served,
                        DirectorNeeds.NONE,
                        ActiveDirectors.of(agents, Given.FLEET),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                Given.AT_NOON);
    }

    private static FleetObservation seen(
            FleetRoles roles, List<AgentView> directors, boolean deleting, List<String> awaited) {
        return new FleetObservation(
                Given.FLEET,
                1,
                deleting,
                roles,
                directors,
                IPV4,
                DirectorNeeds.NONE,
                ActiveDirectors.of(directors, Given.FLEET),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                awaited);
    }

    @Test
    void saysThatThePasswordCannotBeHad() {
        // Given
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));

        // When
        DirectorFleetStatus status = FleetStatus.following(
                null,
                new FleetObservation(
                        Given.FLEET,
                        1,
                        false,
                        roles(directors, List.of()),
                        directors,
                        IPV4,
                        DirectorNeeds.NONE,
                        ActiveDirectors.of(directors, Given.FLEET),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("the Secret 'vrrp-edge' does not exist"),
                        Optional.empty(),
                        List.of()),
                Given.AT_NOON);

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("PasswordNotFound");
        assertThat(condition(status, "Degraded").message()).contains("the Secret 'vrrp-edge' does not exist");
    }

    @Test
    void saysThatTheDirectorsGetNoKey() {
        // Given
        List<AgentView> directors = List.of(Given.activeDirector("d1", AddressFamily.IPV4));

        // When
        DirectorFleetStatus status = FleetStatus.following(
                null,
                new FleetObservation(
                        Given.FLEET,
                        1,
                        false,
                        roles(directors, List.of()),
                        directors,
                        IPV4,
                        DirectorNeeds.NONE,
                        ActiveDirectors.of(directors, Given.FLEET),
                        Optional.empty(),
                        Optional.of("the Secret 'keys' cannot be written"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                Given.AT_NOON);

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("FleetSecretsNotWritten");
        assertThat(condition(status, "Degraded").message()).contains("the Secret 'keys' cannot be written");
    }

    @Test
    void saysThatNoRouterIdIsFree() {
        // Given
        FleetRoles without =
                new FleetRoles(new TreeSet<>(), List.of(), new TreeSet<>(), new TreeSet<>(), List.of(), null);

        // When
        DirectorFleetStatus status =
                FleetStatus.following(null, seen(without, List.of(), false, List.of()), Given.AT_NOON);

        // Then
        assertThat(condition(status, "Accepted").reason()).isEqualTo("NoFreeVirtualRouterId");
        assertThat(condition(status, "Stalled").message()).contains("spec.vrrp.firstVirtualRouterId");
        assertThat(status.firstVirtualRouterId()).isNull();
    }

    private static FleetRoles roles(List<AgentView> directors, List<String> both, RouterIdConflict... conflicts) {
        List<String> names = directors.stream().map(AgentView::node).toList();
        return new FleetRoles(
                Stream.concat(names.stream(), Stream.of(conflicts).map(RouterIdConflict::node))
                        .collect(Collectors.toCollection(TreeSet::new)),
                names,
                new TreeSet<>(),
                new TreeSet<>(both),
                List.of(conflicts),
                51);
    }

    private static Condition condition(DirectorFleetStatus status, String type) {
        return Given.condition(status.conditions(), type);
    }
}
