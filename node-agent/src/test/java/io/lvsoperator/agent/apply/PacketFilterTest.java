package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied.Change;
import io.lvsoperator.agent.apply.Applied.ObjectKind;
import io.lvsoperator.agent.apply.Applied.Operation;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.FoundTable;
import io.lvsoperator.agent.firewall.OwnTable;
import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.firewall.TableEdit;
import io.lvsoperator.agent.kernel.FakeTables;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.plan.UntrackedTable;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private static final VirtualServerSliceSpec FIRST = dr("192.0.2.100", at("192.0.2.21", 1));
    private static final VirtualServerSliceSpec SECOND = dr("192.0.2.101", at("192.0.2.21", 1));
    private static final String FIRST_KEY = "c00002640600000000500000";
    private static final String SECOND_KEY = "c00002650600000000500000";

    private final FakeTables tables = new FakeTables();
    private final PacketFilter filter = new PacketFilter(tables, NODE);

    @Test
    void makesTheTableForTheFirstService() {
        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST));

        assertThat(outcome.done())
                .isEqualTo(Map.of(
                        new Change(Operation.ADD, ObjectKind.FIREWALL_TABLE), 1,
                        new Change(Operation.ADD, ObjectKind.FIREWALL_ENTRY), 1));
        assertThat(outcome.untracked()).isEqualTo(readBack(1, 1));
        assertThat(tables.table().orElseThrow().elements()).containsEntry("services4", Set.of(FIRST_KEY));
    }

    @Test
    void anotherServiceIsOneElementAndTheTableIsNotReadAgainForIt() {
        filter.bring(untracked(FIRST));
        int reads = tables.reads();
        tables.edits().clear();

        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST, SECOND));

        assertThat(tables.edits())
                .containsExactly(new TableEdit.Add(UntrackedTable.NAME, "services4", Set.of(SECOND_KEY)));
        assertThat(outcome.untracked()).isEqualTo(readBack(2, 2));
        assertThat(tables.reads()).isEqualTo(reads);
    }

    @Test
    void aLookAtAnUntouchedTableReadsNothing() {
        filter.bring(untracked(FIRST));
        int reads = tables.reads();

        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST));

        assertThat(outcome.done()).isEmpty();
        assertThat(outcome.untracked()).isEqualTo(readBack(1, 1));
        assertThat(tables.reads()).isEqualTo(reads);
    }

    @Test
    void whatAStrangerFlushesIsMadeAgain() {
        filter.bring(untracked(FIRST));
        tables.strangerLeaves(Optional.empty());

        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST));

        assertThat(outcome.done()).containsEntry(new Change(Operation.ADD, ObjectKind.FIREWALL_TABLE), 1);
        assertThat(outcome.words()).containsExactly("make table inet lvs-operator, entries: 1");
    }

    @Test
    void anElementThatAStrangerTakesOutIsPutBackAlone() {
        filter.bring(untracked(FIRST, SECOND));
        tables.strangerLeaves(tables.table()
                .map(found -> found.after(
                        List.of(new TableEdit.Delete(UntrackedTable.NAME, "services4", Set.of(FIRST_KEY))))));
        tables.edits().clear();

        filter.bring(untracked(FIRST, SECOND));

        assertThat(tables.edits())
                .containsExactly(new TableEdit.Add(UntrackedTable.NAME, "services4", Set.of(FIRST_KEY)));
    }

    @Test
    void aFlushInBetweenIsLookedAtAgain() {
        filter.bring(untracked(FIRST));
        tables.strangerFlushesBeforeTheNextChange();

        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST, SECOND));

        assertThat(outcome.untracked()).isEqualTo(readBack(2, 2));
        assertThat(tables.table().orElseThrow().elements()).containsEntry("services4", Set.of(FIRST_KEY, SECOND_KEY));
    }

    @Test
    void aNodeThatShallHaveNoTableIsNotHeldUpWhereItsAgentMayNotLook() {
        tables.refuseToTell(Errno.EPERM);

        assertThat(filter.bring(tracked(FIRST))).isEqualTo(PacketFilter.Outcome.NOTHING);
    }

    @Test
    void whatCouldNotBeMadeBeforeIsNoRepair() {
        tables.refuse(Errno.EPERM);
        filter.bring(untracked(FIRST));
        tables.refuseNothing();

        assertThat(filter.bring(untracked(FIRST)).repaired()).isFalse();
        tables.strangerLeaves(Optional.empty());
        assertThat(filter.bring(untracked(FIRST)).repaired()).isTrue();
    }

    @Test
    void aChangeOfAnotherTableIsNoneOfOurs() {
        filter.bring(untracked(FIRST));
        tables.strangerChangesAnother();

        assertThat(filter.bring(untracked(FIRST)).done()).isEmpty();
    }

    @Test
    void aTableOfThatNameThatIsNotOursIsLeftAloneAndNamed() {
        FoundTable likeIt = FoundTable.of(new OwnTable(UntrackedTable.NAME, List.of(), List.of()));
        FoundTable theirs = new FoundTable(false, likeIt.shape(), Map.of());
        tables.strangerLeaves(Optional.of(theirs));

        PacketFilter.Outcome outcome = filter.bring(untracked(FIRST));

        assertThat(tables.table()).contains(theirs);
        assertThat(outcome.untracked().problem()).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.FIREWALL_NOT_APPLIED);
            assertThat(problem.message()).contains("node d1", "not the agent's");
        });
        assertThat(filter.bring(tracked(FIRST)).done()).as("nor removed").isEmpty();
        assertThat(tables.table()).contains(theirs);
    }

    @Test
    void aKernelThatKeepsNoMarksHasOursKnownByItsRules() {
        filter.bring(untracked(FIRST));
        tables.strangerLeaves(tables.table().map(found -> new FoundTable(false, found.shape(), found.elements())));
        tables.edits().clear();

        assertThat(filter.bring(untracked(FIRST, SECOND)).untracked()).isEqualTo(readBack(2, 2));
        assertThat(tables.edits()).hasSize(1);
    }

    @Test
    void theTableGoesWhenNobodyAsksAnyMore() {
        filter.bring(untracked(FIRST));

        PacketFilter.Outcome outcome = filter.bring(tracked(FIRST));

        assertThat(outcome.done()).isEqualTo(Map.of(new Change(Operation.DELETE, ObjectKind.FIREWALL_TABLE), 1));
        assertThat(outcome.untracked()).isEqualTo(Report.Untracked.NONE);
        assertThat(tables.table()).isEmpty();
    }

    @Test
    void anAgentThatStartsRemovesWhatNobodyAsksForAnyMore() {
        filter.bring(untracked(FIRST));

        new PacketFilter(tables, NODE).bring(tracked(FIRST));

        assertThat(tables.table()).isEmpty();
    }

    @Test
    void aRemovalThatIsRefusedIsALeftover() {
        filter.bring(untracked(FIRST));
        tables.refuse(Errno.EPERM);

        PacketFilter.Outcome outcome = filter.bring(tracked(FIRST));

        assertThat(outcome.leftover()).isTrue();
        assertThat(outcome.untracked().problem())
                .hasValueSatisfying(problem -> assertThat(problem.message()).contains("NET_ADMIN"));
    }

    @Test
    void aKernelWithoutNfTablesIsNamedWithTheWayOut() {
        PacketFilter.Outcome outcome = new PacketFilter(OwnTables.NONE, NODE).bring(untracked(FIRST));

        assertThat(outcome.untracked().entries()).contains(new Report.ReadBack(1, Optional.empty()));
        assertThat(outcome.untracked().problem())
                .hasValueSatisfying(problem -> assertThat(problem.message())
                        .contains("node d1", "no nf_tables", "spec.firewall.directRouting of the fleet to Tracked"));
        assertThat(outcome.leftover()).isFalse();
    }

    @Test
    void aKernelWithoutNfTablesIsNoProblemWhereNobodyAsks() {
        assertThat(new PacketFilter(OwnTables.NONE, NODE).bring(tracked(FIRST)))
                .isEqualTo(PacketFilter.Outcome.NOTHING);
    }

    private static Report.Untracked readBack(int wanted, int value) {
        return new Report.Untracked(Optional.of(new Report.ReadBack(wanted, Optional.of(value))), Optional.empty());
    }

    private static DesiredState untracked(VirtualServerSliceSpec... slices) {
        return DesiredStateCompiler.compile(with(ConnectionTracking.UNTRACKED, director(slices)), NODE);
    }

    private static DesiredState tracked(VirtualServerSliceSpec... slices) {
        return DesiredStateCompiler.compile(with(ConnectionTracking.TRACKED, director(slices)), NODE);
    }
}
