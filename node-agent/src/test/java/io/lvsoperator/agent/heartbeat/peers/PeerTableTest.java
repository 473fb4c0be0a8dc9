package io.lvsoperator.agent.heartbeat.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.heartbeat.wire.Mark;
import io.lvsoperator.agent.heartbeat.wire.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** d1, in its session 1, hears d2. */
class PeerTableTest {
    private static final long LIMIT = 3_500;

    private PeerTable table = PeerTable.of("d1", 1, Set.of("d2", "d3"));

    private Optional<Rejection> hear(Mark mark, Mark heard, Mark greeted, long sent, long now) {
        PeerTable.Step step = table.on(heartbeat("d2", "d1", mark, heard, greeted), sent, now);
        table = step.table();
        return step.rejection();
    }

    private static Heartbeat heartbeat(String from, String to, Mark mark, Mark heard, Mark greeted) {
        return new Heartbeat("edge", from, to, mark, heard, greeted, false, List.of(), "", "");
    }

    private boolean lives(long now) {
        return table.living("d2", LIMIT, now).isPresent();
    }

    @Test
    void aPeerProvesThatItLivesByNamingWhatWasSentToItJustNow() {
        assertThat(hear(new Mark(2, 1), Mark.NONE, Mark.NONE, 4, 1_000)).contains(Rejection.UNPROVED);
        assertThat(lives(1_000)).isFalse();
        assertThat(table.greeted("d2")).isEqualTo(new Mark(2, 1));

        assertThat(hear(new Mark(2, 2), Mark.NONE, new Mark(1, 4), 5, 2_000)).isEmpty();

        assertThat(lives(2_000)).isTrue();
        assertThat(table.heard("d2")).isEqualTo(new Mark(2, 2));
        assertThat(table.greeted("d2")).isEqualTo(Mark.NONE);
    }

    @Test
    void aPeerThatFallsSilentLivesNoLonger() {
        hear(new Mark(2, 1), new Mark(1, 4), Mark.NONE, 4, 1_000);

        assertThat(lives(1_000 + LIMIT)).isTrue();
        assertThat(lives(1_001 + LIMIT)).isFalse();
    }

    @Test
    void aPeerThatDoesNotHearUsAnyMoreLivesNoLonger() {
        hear(new Mark(2, 1), new Mark(1, 4), Mark.NONE, 4, 1_000);

        for (int second = 2; second < 10; second++) {
            hear(new Mark(2, second), new Mark(1, 4), Mark.NONE, 4 + second, second * 1_000L);
        }

        assertThat(lives(10_000)).isFalse();
        assertThat(table.greets("d2")).isTrue();
    }

    @Test
    void whatIsReplayedOfTheSameSessionChangesNothing() {
        hear(new Mark(2, 7), new Mark(1, 4), Mark.NONE, 4, 1_000);
        PeerTable before = table;

        assertThat(hear(new Mark(2, 7), new Mark(1, 4), Mark.NONE, 4, 4_000)).contains(Rejection.REPLAYED);
        assertThat(hear(new Mark(2, 6), new Mark(1, 4), Mark.NONE, 4, 4_000)).contains(Rejection.REPLAYED);

        assertThat(table).isSameAs(before);
        assertThat(lives(5_000)).isFalse();
    }

    @Test
    void aSessionThatIsOverDoesNotComeBack() {
        // Given: all that d2 sent in session 2 was recorded, then d1 and d2 started again
        table = PeerTable.of("d1", 11, Set.of("d2"));

        // When
        for (int sequence = 1; sequence < 100; sequence++) {
            assertThat(hear(new Mark(2, sequence), new Mark(1, sequence), Mark.NONE, sequence, 1_000))
                    .contains(Rejection.UNPROVED);
        }

        // Then
        assertThat(lives(1_000)).isFalse();
    }

    @Test
    void anOldSessionDoesNotTakeThePlaceOfTheLivingOne() {
        hear(new Mark(2, 7), new Mark(1, 4), Mark.NONE, 4, 1_000);

        hear(new Mark(3, 50), new Mark(9, 50), Mark.NONE, 5, 1_500);

        assertThat(table.heard("d2")).isEqualTo(new Mark(2, 7));
        assertThat(hear(new Mark(2, 8), new Mark(1, 5), Mark.NONE, 5, 2_000)).isEmpty();
        assertThat(lives(2_000)).isTrue();
    }

    @Test
    void whatWasHeldBackProvesNothing() {
        assertThat(hear(new Mark(2, 7), new Mark(1, 4), Mark.NONE, 8, 1_000)).contains(Rejection.UNPROVED);
        assertThat(hear(new Mark(2, 8), new Mark(1, 9), Mark.NONE, 8, 1_000))
                .as("one that was never sent")
                .contains(Rejection.UNPROVED);
        assertThat(lives(1_000)).isFalse();
    }

    @Test
    void onlyDirectorsOfTheFleetAreHeardAndOnlyWhatIsForUs() {
        Mark recent = new Mark(1, 4);

        assertThat(table.on(heartbeat("d9", "d1", new Mark(2, 1), recent, Mark.NONE), 4, 1)
                        .rejection())
                .contains(Rejection.UNKNOWN_NODE);
        assertThat(table.on(heartbeat("d1", "d1", new Mark(2, 1), recent, Mark.NONE), 4, 1)
                        .rejection())
                .contains(Rejection.UNKNOWN_NODE);
        assertThat(table.on(heartbeat("d2", "d3", new Mark(2, 1), recent, Mark.NONE), 4, 1)
                        .rejection())
                .contains(Rejection.UNKNOWN_NODE);
    }

    @Test
    void aPeerThatStaysIsKnownAsBefore() {
        hear(new Mark(2, 7), new Mark(1, 4), Mark.NONE, 4, 1_000);

        table = table.withPeers(Set.of("d2", "d4"));

        assertThat(lives(1_000)).isTrue();
        assertThat(table.names()).containsExactlyInAnyOrder("d2", "d4");
    }

    @Test
    void twoTablesFindEachOtherWithinThreeDatagrams() {
        PeerTable one = PeerTable.of("d1", 1, Set.of("d2"));
        PeerTable other = PeerTable.of("d2", 2, Set.of("d1"));
        for (long second = 1; second <= 3; second++) {
            Heartbeat fromOne = heartbeat("d1", "d2", new Mark(1, second), one.heard("d2"), one.greeted("d2"));
            other = other.on(fromOne, second - 1, second).table();
            Heartbeat fromOther = heartbeat("d2", "d1", new Mark(2, second), other.heard("d1"), other.greeted("d1"));
            one = one.on(fromOther, second, second).table();
        }

        assertThat(one.living("d2", 1, 3)).isPresent();
        assertThat(other.living("d1", 1, 3)).isPresent();
    }
}
