package io.lvsoperator.agent.vrrp.machine;

import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.HIGHER;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SECOND;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SETTINGS;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SKEW;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.backup;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.BACKUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.api.v1alpha1.PreemptionMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An Active of lower priority is obeyed for a while: ten seconds here. */
class PreemptionDelayTest {

    private static final RouterSettings PATIENT = with(10);

    private static RouterSettings with(int delaySeconds) {
        return new RouterSettings(
                SETTINGS.virtualRouterId(),
                SETTINGS.version(),
                SETTINGS.priority(),
                SETTINGS.intervalCentiseconds(),
                Preemption.of(PreemptionMode.PREEMPT, delaySeconds),
                SETTINGS.lone(),
                SETTINGS.vips(),
                SETTINGS.maxAdvertised());
    }

    /** A loser is heard each second, the first time now; as many times. */
    private static RouterUnderTest hearing(RouterUnderTest router, int times) {
        for (int i = 0; i < times; i++) {
            router.hear(50);
            router.pass(SECOND);
        }
        return router;
    }

    @Test
    void aLoserIsObeyedAtFirstAndItsIntervalLearnt() {
        RouterUnderTest router = backup(PATIENT);
        router.pass(SECOND);

        router.hear(50, 200, HIGHER);

        assertThat(router.remaining()).isEqualTo(6 * SECOND + 2 * SKEW);
    }

    @Test
    @DisplayName("until the delay has passed it stays Backup, then the loser is ignored and replaced")
    void aLoserIsReplacedAfterTheDelay() {
        RouterUnderTest router = hearing(backup(PATIENT), 10);
        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);

        hearing(router, 2);

        assertThat(router.state()).isEqualTo(BACKUP);
        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - 3 * SECOND);
        router.expire();
        assertThat(router.state()).isEqualTo(ACTIVE);
    }

    @Test
    @DisplayName("an Active that falls silent meanwhile is replaced as ever")
    void silenceIsNotWaitedFor() {
        RouterUnderTest router = backup(PATIENT);
        router.hear(50);

        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
    }

    @Test
    @DisplayName("an Active that leaves meanwhile is replaced after Skew_Time")
    void aLeavingActiveIsNotWaitedFor() {
        RouterUnderTest router = hearing(backup(PATIENT), 2);

        router.hear(0);

        assertThat(router.remaining()).isEqualTo(SKEW);
    }

    @Test
    @DisplayName("a winner in between ends the waiting: the delay counts anew")
    void aWinnerStartsTheDelayAnew() {
        RouterUnderTest router = hearing(backup(PATIENT), 9);
        router.hear(200);
        router.pass(SECOND);

        hearing(router, 2);

        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
    }

    @Test
    @DisplayName("a delay that is shortened while it runs counts from the same moment")
    void aShorterDelayHoldsAtOnce() {
        RouterUnderTest router = hearing(backup(PATIENT), 5);

        router.change(with(5));
        router.hear(50);

        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
    }

    @ParameterizedTest(name = "a delay of {1} s with {0} is refused")
    @CsvSource({"PREEMPT, -1", "NO_PREEMPT, 1"})
    void impossibleDelaysAreRefused(PreemptionMode mode, int delay) {
        assertThatThrownBy(() -> Preemption.of(mode, delay))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(mode.name());
    }
}
