package io.lvsoperator.agent.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FenceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aLoopWithoutProgressIsStuckAfterHalfAMinute() {
        Fence fence = Fence.of(7, 0);
        for (int second = 1; second < 30; second++) {
            fence = fence.look(7, second * SECOND);
            assertThat(fence.isStuck()).as("after %d s", second).isFalse();
        }

        assertThat(fence.look(7, 30 * SECOND).isStuck()).isTrue();
    }

    @Test
    void aBusyLoopIsNotStuckHoweverLongItTakes() {
        Fence fence = Fence.of(0, 0);
        for (int second = 1; second < 600; second++) {
            fence = fence.look(second / 20, second * SECOND);
            assertThat(fence.isStuck()).isFalse();
        }
    }

    @Test
    void aProcessThatWasStoppedIsNotTakenForStuck() {
        assertThat(Fence.of(7, 0).look(7, 600 * SECOND).isStuck()).isFalse();
    }

    @Test
    void progressEndsIt() {
        Fence stuck = new Fence(7, 40 * SECOND, 0);

        assertThat(stuck.look(8, SECOND).isStuck()).isFalse();
    }
}
