package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PollerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void comesBackEmptyHandedWhenTheTimeIsUp() throws Exception {
        try (var wakeUp = WakeUp.open()) {
            var start = System.nanoTime();

            var ready = new Poller(wakeUp).await(Duration.ofMillis(30));

            assertThat(ready).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        }
    }

    @Test
    @Timeout(60)
    void isWokenByAnotherThread() throws Exception {
        try (var idle = WakeUp.open();
                var wakeUp = WakeUp.open()) {
            var signaller = Thread.ofPlatform().start(() -> signal(wakeUp));

            assertThat(new Poller(idle, wakeUp).await(LONG)).containsExactly(wakeUp);
            signaller.join();
        }
    }

    @Test
    void staysReadyUntilCleared() throws Exception {
        try (var wakeUp = WakeUp.open()) {
            var poller = new Poller(wakeUp);
            wakeUp.signal();
            wakeUp.signal();

            assertThat(poller.await(Duration.ZERO)).containsExactly(wakeUp);
            wakeUp.clear();
            assertThat(poller.await(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void clearingWithoutASignalDoesNothing() throws Exception {
        try (var wakeUp = WakeUp.open()) {
            wakeUp.clear();

            assertThat(new Poller(wakeUp).await(Duration.ZERO)).isEmpty();
        }
    }

    private static void signal(WakeUp wakeUp) {
        try {
            wakeUp.signal();
        } catch (NativeException e) {
            throw new AssertionError(e);
        }
    }
}
