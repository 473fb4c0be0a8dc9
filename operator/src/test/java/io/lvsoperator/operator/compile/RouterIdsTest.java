package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RouterIdsTest {
    private static final List<NodeView> NODES = List.of(Given.director("d", 1));

    @Test
    @DisplayName("A fleet that names an id has it")
    void theNamedIdStands() {
        assertThat(ids(Map.of(), fleet("edge", 0, 51))).containsExactly(Map.entry("edge", 51));
    }

    @Test
    @DisplayName("Fleets that name none get different ones, whatever the order in which they came")
    void idsAreUnique() {
        // Given
        FleetView[] fleets = IntStream.range(0, 200)
                .mapToObj(number -> fleet("fleet-" + number, number, null))
                .toArray(FleetView[]::new);

        // When
        Map<String, Integer> ids = ids(Map.of(), fleets);

        // Then
        assertThat(ids).hasSize(200);
        assertThat(ids.values()).doesNotHaveDuplicates().allMatch(id -> id >= 1 && id <= 255);
    }

    @Test
    @DisplayName("A cluster that is built again gets the same id for the same name")
    void theNameTellsTheId() {
        assertThat(ids(Map.of(), fleet("edge", 0, null)))
                .isEqualTo(ids(Map.of(), fleet("edge", 9, null)))
                .isNotEqualTo(ids(Map.of(), fleet("core", 0, null)));
    }

    @Test
    @DisplayName("An id that another fleet names is not given away")
    void namedIdsAreTaken() {
        // Given
        int wouldBe = id(ids(Map.of(), fleet("edge", 0, null)), "edge");

        // When
        Map<String, Integer> ids = ids(Map.of(), fleet("edge", 0, null), fleet("other", 1, wouldBe));

        // Then
        assertThat(ids).containsEntry("other", wouldBe);
        assertThat(ids.get("edge")).isNotEqualTo(wouldBe);
    }

    @Test
    @DisplayName("Directors keep the id that they run with, even when another fleet names it later")
    void anIdInUseIsKept() {
        // Given
        FleetView edge = fleet("edge", 5, null);
        Map<String, LvsNodeSpec> current = running(edge);
        int used = id(ids(Map.of(), edge), "edge");

        // When
        Map<String, Integer> ids = ids(current, fleet("older", 0, used), edge);

        // Then
        assertThat(ids).containsEntry("edge", used);
    }

    @Test
    @DisplayName("The id in the status is kept while no director has one")
    void theReportedIdIsKept() {
        assertThat(ids(Map.of(), reporting(fleet("edge", 0, null), 77))).containsEntry("edge", 77);
    }

    @Test
    @DisplayName("The id in the status is given up for the one that another fleet names")
    void theReportedIdGivesWay() {
        assertThat(ids(Map.of(), reporting(fleet("edge", 0, null), 77), fleet("other", 1, 77))
                        .get("edge"))
                .isNotEqualTo(77);
    }

    @Test
    @DisplayName("A fleet that runs nowhere and removes an id in conflict gets another one")
    void removingAnIdInConflictHelps() {
        // Given
        FleetView holder = fleet("holder", 0, 51);

        // When
        Map<String, Integer> ids = ids(running(holder), holder, reporting(fleet("edge", 1, null), 51));

        // Then
        assertThat(ids).containsEntry("holder", 51);
        assertThat(ids.get("edge")).isNotNull().isNotEqualTo(51);
    }

    @Test
    @DisplayName("A director more, where another fleet has the id, does not change it for those that run with it")
    void aJoiningDirectorChangesNoId() {
        // Given
        FleetView edge = fleet("edge", 1, null);
        Map<String, LvsNodeSpec> ofEdge = running(edge);
        int used = id(ids(Map.of(), edge), "edge");
        FleetView other = fleet("other", 0, used);
        Map<String, LvsNodeSpec> ofOther = RoleCompiler.compile(
                        List.of(other), List.of(Given.director("e", 1)), Map.of(), Map.of(), Map.of(), 9471)
                .byNode();

        // When
        Map<String, Integer> ids = ids(
                Map.of("d", Objects.requireNonNull(ofEdge.get("d")), "e", Objects.requireNonNull(ofOther.get("e"))),
                other,
                edge);

        // Then
        assertThat(ids).containsEntry("edge", used);
    }

    @Test
    @DisplayName("The 256th fleet gets none and directs nothing")
    void idsRunOut() {
        // Given
        List<FleetView> fleets = new ArrayList<>();
        for (int number = 0; number < 256; number++) {
            fleets.add(fleet("fleet-" + number, number, null));
        }

        // When
        Roles roles = RoleCompiler.compile(fleets, NODES, Map.of(), Map.of(), Map.of(), 9471);

        // Then
        FleetRoles last = Objects.requireNonNull(roles.byFleet().get("fleet-255"));
        assertThat(last.virtualRouterId()).isNull();
        assertThat(last.directors()).isEmpty();
        assertThat(Objects.requireNonNull(roles.byNode().get("d")).directorRoles())
                .hasSize(255)
                .noneMatch(role -> role.fleet().equals("fleet-255"));
    }

    private static Map<String, Integer> ids(Map<String, LvsNodeSpec> current, FleetView... fleets) {
        List<FleetView> senior =
                List.of(fleets).stream().sorted(FleetView.SENIORITY).toList();
        return RouterIds.of(senior, current);
    }

    private static int id(Map<String, Integer> ids, String fleet) {
        return Objects.requireNonNull(ids.get(fleet), fleet);
    }

    private static Map<String, LvsNodeSpec> running(FleetView fleet) {
        return RoleCompiler.compile(List.of(fleet), NODES, Map.of(), Map.of(), Map.of(), 9471)
                .byNode();
    }

    private static FleetView fleet(String name, int minute, @Nullable Integer routerId) {
        return Given.fleet(name, minute, routerId);
    }

    private static FleetView reporting(FleetView fleet, int routerId) {
        return new FleetView(fleet.name(), fleet.uid(), fleet.created(), fleet.deleting(), fleet.spec(), routerId);
    }
}
