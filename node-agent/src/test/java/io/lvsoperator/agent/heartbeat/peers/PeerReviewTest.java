package io.lvsoperator.agent.heartbeat.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.Mark;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerReviewTest {
    private static final long SECOND = 1_000_000_000L;

    private static Heartbeat.Router router(VirtualRouterState state) {
        return new Heartbeat.Router(AddressFamily.IPV4, 51, state, 254);
    }

    private static PeerReview.Own own(
            VirtualRouterState state, Set<AddressFamily> unheard, String tables, String version) {
        return new PeerReview.Own("edge", "d1", 9471, List.of(router(state)), unheard, tables, version);
    }

    private static PeerTable saying(VirtualRouterState state, String tables, String version) {
        Heartbeat said = new Heartbeat(
                "edge",
                "d2",
                "d1",
                new Mark(2, 1),
                new Mark(1, 1),
                Mark.NONE,
                false,
                List.of(router(state)),
                tables,
                version);
        return PeerTable.of("d1", 1, Set.of("d2")).on(said, 1, 0).table();
    }

    private static List<Complaint> review(PeerReview.Own own, PeerTable peers) {
        return PeerReview.of(own, peers, SECOND, 0);
    }

    @Test
    void anActiveAndABackupAreAsTheyShouldBe() {
        assertThat(review(
                        own(VirtualRouterState.ACTIVE, Set.of(AddressFamily.IPV4), "", ""),
                        saying(VirtualRouterState.BACKUP, "", "")))
                .isEmpty();
    }

    @Test
    void twoActivesThatHearEachOtherAreBothNamed() {
        assertThat(review(own(VirtualRouterState.ACTIVE, Set.of(), "", ""), saying(VirtualRouterState.ACTIVE, "", "")))
                .singleElement()
                .satisfies(complaint -> {
                    assertThat(complaint.kind()).isEqualTo(Complaint.Kind.SEVERAL_ACTIVE);
                    assertThat(complaint.message()).contains("nodes 'd1' and 'd2' are both Active for IPv4");
                });
    }

    @Test
    void aLivingActiveWhoseAdvertsAreNotHeardPointsToAFilter() {
        assertThat(review(
                        own(VirtualRouterState.ACTIVE, Set.of(AddressFamily.IPV4), "", ""),
                        saying(VirtualRouterState.ACTIVE, "", "")))
                .singleElement()
                .satisfies(complaint -> {
                    assertThat(complaint.kind()).isEqualTo(Complaint.Kind.ADVERTS_NOT_HEARD);
                    assertThat(complaint.message()).contains("IP protocol 112");
                });
    }

    @Test
    void tablesAreComparedOfTheSameSlicesOnly() {
        PeerReview.Own own = own(VirtualRouterState.ACTIVE, Set.of(), "aaaa", "7");

        assertThat(review(own, saying(VirtualRouterState.BACKUP, "bbbb", "7")))
                .extracting(Complaint::kind)
                .containsExactly(Complaint.Kind.TABLES_DIFFER);
        assertThat(review(own, saying(VirtualRouterState.BACKUP, "bbbb", "8"))).isEmpty();
        assertThat(review(own, saying(VirtualRouterState.BACKUP, "aaaa", "7"))).isEmpty();
        assertThat(review(own, saying(VirtualRouterState.BACKUP, "", "7"))).isEmpty();
    }

    @Test
    void aPeerThatWasNeverHeardIsToldFromOneThatDoesNotAnswer() {
        PeerReview.Own own = own(VirtualRouterState.ACTIVE, Set.of(), "", "");
        PeerTable never = PeerTable.of("d1", 1, Set.of("d2"));
        PeerTable once = saying(VirtualRouterState.BACKUP, "", "");

        assertThat(PeerReview.of(own, never, SECOND, 0))
                .extracting(Complaint::kind)
                .containsExactly(Complaint.Kind.PEER_SILENT);
        assertThat(PeerReview.of(own, once, SECOND, 2 * SECOND))
                .extracting(Complaint::kind)
                .containsExactly(Complaint.Kind.PEER_DEAF);
    }

    @Test
    void whatPassesIsNotTold() {
        Complaint complaint = new Complaint(Complaint.Kind.SEVERAL_ACTIVE, "d2", "both");

        Complaints passing = Complaints.NONE.after(List.of(complaint), 0).after(List.of(), SECOND);
        Complaints lasting = Complaints.NONE.after(List.of(complaint), 0).after(List.of(complaint), 3 * SECOND);

        assertThat(passing.after(List.of(complaint), 2 * SECOND).lasting(4 * SECOND))
                .isEmpty();
        assertThat(lasting.lasting(3 * SECOND - 1)).isEmpty();
        assertThat(lasting.lasting(3 * SECOND)).containsExactly(complaint);
    }
}
