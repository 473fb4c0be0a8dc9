package io.lvsoperator.agent.vrrp.machine;

import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.HIGHER;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.LOWER;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SECOND;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SKEW;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.VIPS;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.active;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.backup;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.BACKUP;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.INITIALIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.vrrp.machine.Action.AddVips;
import io.lvsoperator.agent.vrrp.machine.Action.Announce;
import io.lvsoperator.agent.vrrp.machine.Action.CancelTimer;
import io.lvsoperator.agent.vrrp.machine.Action.RemoveVips;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Action.SendAdvertisement;
import io.lvsoperator.agent.vrrp.machine.Action.StartTimer;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Event.Shutdown;
import io.lvsoperator.agent.vrrp.machine.Event.TimerExpired;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 6.4 of RFC 3768, event by event: one advertisement in two seconds, priority 100. */
class Version2Test {

    private static final int TWO_SECONDS = 200;
    private static final RouterSettings SETTINGS = settings(100, TWO_SECONDS, PreemptionMode.PREEMPT);
    private static final long DOWN_INTERVAL = 6 * SECOND + SKEW;

    private static RouterSettings settings(int priority, int interval, PreemptionMode preemption) {
        return new RouterSettings(
                51, Version.VERSION_2, priority, interval, Preemption.of(preemption, 0), false, VIPS, 255);
    }

    private static Advertisement advert(int priority) {
        return new Advertisement(Version.VERSION_2, 51, priority, TWO_SECONDS, VIPS);
    }

    private static List<Action> hear(RouterUnderTest router, int priority) {
        return router.hear(priority, TWO_SECONDS, HIGHER);
    }

    private static Timer timerOf(RouterUnderTest router) {
        return Objects.requireNonNull(router.timer());
    }

    @ParameterizedTest(name = "V2-12 V2-13: priority {0} at {1} s: skew {2} ns, down interval {3} ns")
    @CsvSource({
        "100, 1, 609375000, 3609375000",
        "100, 5, 609375000, 15609375000",
        "254, 5, 7812500, 15007812500",
        "1, 255, 996093750, 765996093750"
    })
    @Tag("V2-12+")
    @Tag("V2-13+")
    void skewIsAPartOfASecondWhateverTheInterval(int priority, int seconds, long skew, long down) {
        assertThat(Timing.skewNanos(Version.VERSION_2, priority, seconds * 100)).isEqualTo(skew);
        assertThat(Timing.downIntervalNanos(Version.VERSION_2, priority, seconds * 100))
                .isEqualTo(down);
    }

    @ParameterizedTest(name = "V2-06: priority {0} is taken")
    @ValueSource(ints = {1, 254})
    @Tag("V2-06+")
    void prioritiesOfNoOwnerAreTaken(int priority) {
        assertThat(settings(priority, 100, PreemptionMode.PREEMPT).priority()).isEqualTo(priority);
    }

    @ParameterizedTest(name = "V2-06: priority {0} is refused")
    @ValueSource(ints = {0, 255})
    @Tag("V2-06-")
    @Tag("V2-05-")
    @Tag("V2-28-")
    void otherPrioritiesAreRefused(int priority) {
        assertThatThrownBy(() -> settings(priority, 100, PreemptionMode.PREEMPT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("priority is " + priority);
    }

    @Test
    @DisplayName("V2-11: Shutdown of a Backup stops the timer and sends nothing")
    @Tag("V2-11+")
    @Tag("V2-11-")
    void aBackupShutsDownSilently() {
        RouterUnderTest router = backup(SETTINGS);
        long generation = timerOf(router).generation();

        List<Action> actions = router.on(new Shutdown(Ending.AGENT_STOPS));

        assertThat(actions)
                .containsExactly(
                        new CancelTimer(generation), new ReportTransition(BACKUP, INITIALIZE, Cause.AGENT_STOPS));
        assertThat(router.on(new TimerExpired(generation))).isEmpty();
    }

    @Test
    @DisplayName("V2-12: a silent Master is replaced: advert, VIPs, announcement, Adver_Timer, in this order")
    @Tag("V2-12+")
    void takesOver() {
        RouterUnderTest router = backup(SETTINGS);

        List<Action> actions = router.expire();

        assertThat(actions)
                .containsExactly(
                        new SendAdvertisement(advert(100)),
                        new AddVips(VIPS),
                        new Announce(VIPS),
                        new StartTimer(timerOf(router)),
                        new ReportTransition(BACKUP, ACTIVE, Cause.ACTIVE_SILENT));
        assertThat(router.remaining()).isEqualTo(2 * SECOND);
    }

    @Test
    @DisplayName("V2-12: an expiry of a cancelled timer does nothing")
    @Tag("V2-12-")
    void staleExpiriesDoNothing() {
        RouterUnderTest router = backup(SETTINGS);
        long stale = timerOf(router).generation();
        hear(router, 200);

        assertThat(router.on(new TimerExpired(stale))).isEmpty();
    }

    @Test
    @DisplayName("V2-13: priority 0 shortens the timer to Skew_Time, which the interval does not scale")
    @Tag("V2-13+")
    void aLeavingMasterIsReplacedAfterSkewTime() {
        RouterUnderTest router = backup(SETTINGS);

        hear(router, 0);

        assertThat(router.remaining()).isEqualTo(SKEW);
    }

    @Test
    @DisplayName("V2-13: priority 1 does not shorten the timer")
    @Tag("V2-13-")
    void priorityOneIsAnOrdinaryLoser() {
        RouterUnderTest router = backup(SETTINGS);

        hear(router, 1);

        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
    }

    @ParameterizedTest(name = "V2-14: priority {0} restarts the timer of a Backup {1}")
    @CsvSource({"200, PREEMPT", "100, PREEMPT", "50, NO_PREEMPT"})
    @Tag("V2-14+")
    void theMasterIsObeyed(int priority, PreemptionMode preemption) {
        RouterUnderTest router = backup(settings(100, TWO_SECONDS, preemption));
        router.pass(SECOND);

        router.hear(priority, TWO_SECONDS, LOWER);

        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
    }

    @Test
    @DisplayName("V2-14: no interval is learnt: the own one counts, also one that is changed afterwards")
    @Tag("V2-14-")
    void noIntervalIsLearnt() {
        RouterUnderTest router = backup(SETTINGS);
        hear(router, 200);

        router.change(settings(100, 500, PreemptionMode.PREEMPT));

        assertThat(router.remaining()).isEqualTo(15 * SECOND + SKEW);
    }

    @Test
    @DisplayName("V2-15: with preemption a loser is ignored")
    @Tag("V2-15+")
    void aLoserIsPreempted() {
        RouterUnderTest router = backup(SETTINGS);
        router.pass(SECOND);

        assertThat(hear(router, 99)).isEmpty();
        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
    }

    @Test
    @DisplayName("V2-20: Shutdown of the Master sends priority 0 and takes the VIPs away")
    @Tag("V2-20+")
    void handsOver() {
        RouterUnderTest router = active(SETTINGS);
        long generation = timerOf(router).generation();

        List<Action> actions = router.on(new Shutdown(Ending.AGENT_STOPS));

        assertThat(actions)
                .containsExactly(
                        new CancelTimer(generation),
                        new SendAdvertisement(advert(0)),
                        new RemoveVips(VIPS),
                        new ReportTransition(ACTIVE, INITIALIZE, Cause.AGENT_STOPS));
    }

    @Test
    @DisplayName("V2-21: Adver_Timer sends an advert and runs for another interval")
    @Tag("V2-21+")
    void advertises() {
        RouterUnderTest router = active(SETTINGS);

        List<Action> actions = router.expire();

        assertThat(actions).containsExactly(new SendAdvertisement(advert(100)), new StartTimer(timerOf(router)));
        assertThat(router.remaining()).isEqualTo(2 * SECOND);
    }

    @Test
    @DisplayName("V2-21: the expiry of the timer that made it Master does nothing more")
    @Tag("V2-21-")
    void theTimerOfTheBackupDoesNothing() {
        RouterUnderTest router = backup(SETTINGS);
        long stale = timerOf(router).generation();
        router.expire();

        assertThat(router.on(new TimerExpired(stale))).isEmpty();
    }

    @Test
    @DisplayName("V2-22: priority 0 is answered at once, and the state stays")
    @Tag("V2-22+")
    @Tag("V2-22-")
    void answersALeavingRouter() {
        RouterUnderTest router = active(SETTINGS);
        router.pass(SECOND);

        List<Action> actions = hear(router, 0);

        assertThat(actions).containsExactly(new SendAdvertisement(advert(100)), new StartTimer(timerOf(router)));
        assertThat(router.remaining()).isEqualTo(2 * SECOND);
        assertThat(router.state()).isEqualTo(ACTIVE);
    }

    @Test
    @DisplayName("V2-23: a higher priority takes the VIPs")
    @Tag("V2-23+")
    void stepsDown() {
        RouterUnderTest router = active(SETTINGS);
        long generation = timerOf(router).generation();

        List<Action> actions = router.hear(101, TWO_SECONDS, LOWER);

        assertThat(actions)
                .containsExactly(
                        new CancelTimer(generation),
                        new RemoveVips(VIPS),
                        new StartTimer(timerOf(router)),
                        new ReportTransition(ACTIVE, BACKUP, Cause.HIGHER_PRIORITY_HEARD));
        assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
    }

    @Test
    @DisplayName("V2-23: at equal priority the greater address wins, compared unsigned")
    @Tag("V2-23+")
    void theGreaterAddressWins() {
        RouterUnderTest router = active(SETTINGS);

        hear(router, 100);

        assertThat(router.state()).isEqualTo(BACKUP);
    }

    @Test
    @DisplayName("V2-23: at equal priority the lower address loses")
    @Tag("V2-23-")
    void theLowerAddressLoses() {
        RouterUnderTest router = active(SETTINGS);

        router.hear(100, TWO_SECONDS, LOWER);

        assertThat(router.state()).isEqualTo(ACTIVE);
    }

    @Test
    @DisplayName("V2-24: a loser changes nothing")
    @Tag("V2-24+")
    void aLoserChangesNothing() {
        RouterUnderTest router = active(SETTINGS);
        router.pass(SECOND);

        hear(router, 99);

        assertThat(router.state()).isEqualTo(ACTIVE);
        assertThat(router.remaining()).isEqualTo(SECOND);
    }

    @Test
    @DisplayName("V2-24: a loser gets no answer; the neighbours that it misled hear of the VIPs again")
    @Tag("V2-24-")
    void aLoserGetsNoAnswer() {
        RouterUnderTest router = active(SETTINGS);

        assertThat(hear(router, 99)).isEmpty();
        router.pass(2 * SECOND);
        assertThat(hear(router, 99)).containsExactly(new Announce(VIPS));
    }

    @Test
    @DisplayName("a change of the version moves the running timer and no state")
    void aChangeOfTheVersionIsNoTransition() {
        RouterUnderTest router = backup(SETTINGS);
        RouterSettings version3 =
                new RouterSettings(51, Version.VERSION_3, 100, TWO_SECONDS, Preemption.AT_ONCE, false, VIPS, 255);

        List<Action> actions = router.change(version3);

        assertThat(actions).containsExactly(new StartTimer(timerOf(router)));
        assertThat(router.remaining()).isEqualTo(6 * SECOND + 2 * SKEW);
    }
}
