package io.lvsoperator.agent.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final byte[] OLD = {1};
    private static final byte[] NEW = {2};

    @Test
    void aNewKeyComesFirstAndTheOldOneCountsForAWhile() {
        KeyRing ring = KeyRing.EMPTY.with(OLD, 0).with(NEW, 100);

        assertThat(ring.keys(100)).containsExactly(NEW, OLD);
        assertThat(ring.keys(100 + KeyRing.OVERLAP_NANOS)).containsExactly(NEW);
    }

    @Test
    void theSameKeyAgainIsNoNewOne() {
        KeyRing ring = KeyRing.EMPTY.with(OLD, 0);

        assertThat(ring.with(OLD.clone(), 100)).isSameAs(ring);
    }

    @Test
    void printsNoKey() {
        assertThat(KeyRing.EMPTY.with(OLD, 0).with(NEW, 0)).hasToString("two keys");
    }
}
