package io.lvsoperator.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Turns.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final long INTERVAL = 1500;

    private final Turns turns = new Turns(INTERVAL);

    @Test
    void aLookAtEverythingComesFirst() {
        assertThat(turns.next(0)).isEqualTo(Turn.EVERYTHING);
    }

    @Test
    void nothingIsToBeDoneUntilTheNextLookIsDue() {
        lookAt(0);

        assertThat(turns.next(INTERVAL - 1)).isEqualTo(Turn.NOTHING);
        assertThat(turns.untilLook(INTERVAL - 1)).isEqualTo(1);
        assertThat(turns.next(INTERVAL)).isEqualTo(Turn.EVERYTHING);
    }

    @Test
    void anEditWaitsForNothing() {
        lookAt(0);
        turns.edited();

        assertThat(turns.next(1)).isEqualTo(Turn.EDIT);
        assertThat(turns.next(1)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void editsThatComeTogetherAreOne() {
        lookAt(0);
        turns.edited();
        turns.edited();
        turns.edited();

        assertThat(turns.next(1)).isEqualTo(Turn.EDIT);
        assertThat(turns.next(1)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void aDisturbanceHasEverythingLookedAtAtOnce() {
        lookAt(0);
        turns.disturbed();

        assertThat(turns.next(1)).isEqualTo(Turn.EVERYTHING);
        assertThat(turns.next(1)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void aDisturbanceWhileEverythingIsLookedAtIsNotForgotten() {
        turns.next(0);
        turns.disturbed();
        turns.looked(100);

        assertThat(turns.next(101)).isEqualTo(Turn.EVERYTHING);
    }

    @Test
    void aLookThatIsDueWaitsForOneEditAtMost() {
        lookAt(0);
        List<Turn> taken = new ArrayList<>();
        for (int edit = 0; edit < 4; edit++) {
            turns.edited();
            taken.add(turns.next(INTERVAL));
        }

        assertThat(taken).containsExactly(Turn.EDIT, Turn.EVERYTHING, Turn.EDIT, Turn.EVERYTHING);
    }

    @Test
    void aStreamOfEditsPutsOffNoLook() {
        long now = 0;
        long longest = 0;
        long last = 0;
        for (int edit = 0; edit < 10_000; edit++) {
            turns.edited();
            now += 7;
            if (turns.next(now) == Turn.EVERYTHING) {
                now += 400;
                longest = Math.max(longest, now - last);
                last = now;
                turns.looked(now);
            }
        }

        assertThat(longest).isBetween(INTERVAL, INTERVAL + 400 + 3 * 7);
    }

    @Test
    void anEditMayInterruptALook() {
        turns.next(0);
        assertThat(turns.interrupt(1)).as("nothing was edited").isFalse();
        turns.edited();

        assertThat(turns.interrupt(2)).isTrue();
        assertThat(turns.interrupt(3)).as("it was taken").isFalse();
    }

    @Test
    void editsLeaveALookHalfOfTheTime() {
        turns.next(0);
        turns.edited();
        turns.interrupt(100);
        turns.interrupted(100, 140);
        turns.edited();

        assertThat(turns.interrupt(179)).isFalse();
        assertThat(turns.interrupt(180)).isTrue();
    }

    @Test
    void anEditThatNoLookHadTimeForComesAfterIt() {
        turns.next(0);
        turns.edited();
        turns.interrupt(100);
        turns.interrupted(100, 140);
        turns.edited();
        turns.looked(150);

        assertThat(turns.next(150)).isEqualTo(Turn.EDIT);
    }

    private void lookAt(long now) {
        turns.next(now);
        turns.looked(now);
    }
}
