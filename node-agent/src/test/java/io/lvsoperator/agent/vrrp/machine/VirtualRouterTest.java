package io.lvsoperator.agent.vrrp.machine;

import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.HIGHER;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.LOWER;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SECOND;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SETTINGS;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.SKEW;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.VIPS;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.active;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.addresses;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.backup;
import static io.lvsoperator.agent.vrrp.machine.RouterUnderTest.initial;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.ACTIVE;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.BACKUP;
import static io.lvsoperator.api.v1alpha1.VirtualRouterState.INITIALIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Action.AddVips;
import io.lvsoperator.agent.vrrp.machine.Action.Announce;
import io.lvsoperator.agent.vrrp.machine.Action.CancelTimer;
import io.lvsoperator.agent.vrrp.machine.Action.RemoveVips;
import io.lvsoperator.agent.vrrp.machine.Action.ReportStall;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Action.SendAdvertisement;
import io.lvsoperator.agent.vrrp.machine.Action.StartTimer;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Event.LinkDown;
import io.lvsoperator.agent.vrrp.machine.Event.LinkUp;
import io.lvsoperator.agent.vrrp.machine.Event.Shutdown;
import io.lvsoperator.agent.vrrp.machine.Event.Startup;
import io.lvsoperator.agent.vrrp.machine.Event.TimerExpired;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualRouterTest {

    private static final RouterSettings LONE = with(SETTINGS, true, VIPS);

    private static RouterSettings with(RouterSettings settings, boolean lone, List<IpAddress> vips) {
        return new RouterSettings(
                settings.virtualRouterId(),
                settings.version(),
                settings.priority(),
                settings.intervalCentiseconds(),
                settings.preemption(),
                lone,
                vips,
                settings.maxAdvertised());
    }

    private static RouterSettings settings(int priority, int interval, PreemptionMode preemption) {
        return new RouterSettings(
                51, Version.VERSION_3, priority, interval, Preemption.of(preemption, 0), false, VIPS, 255);
    }

    private static Advertisement advert(int priority) {
        return new Advertisement(Version.VERSION_3, 51, priority, 100, VIPS);
    }

    private static Timer timerOf(RouterUnderTest router) {
        return Objects.requireNonNull(router.timer());
    }

    @Nested
    class WhileInitialize {

        @Test
        @DisplayName("V3-P2: starts as Backup and listens for a whole down interval")
        @Tag("V3-P2+")
        void startsAsBackup() {
            RouterUnderTest router = initial(SETTINGS);
            router.on(new LinkUp());

            List<Action> actions = router.on(new Startup());

            assertThat(actions)
                    .containsExactly(
                            new RemoveVips(VIPS),
                            new StartTimer(timerOf(router)),
                            new ReportTransition(INITIALIZE, BACKUP, Cause.STARTED));
            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
        }

        @Test
        @DisplayName("V3-P1: not even priority 254 starts as Active")
        @Tag("V3-P1-")
        void theHighestPriorityStartsAsBackup() {
            RouterUnderTest router = initial(settings(254, 100, PreemptionMode.PREEMPT));
            router.on(new LinkUp());

            router.on(new Startup());

            assertThat(router.state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("V3-P2: adverts are ignored")
        @Tag("V3-P2-")
        void advertsAreIgnored() {
            assertThat(initial(SETTINGS).hear(200)).isEmpty();
        }

        @Test
        void waitsForTheLink() {
            RouterUnderTest router = initial(SETTINGS);

            assertThat(router.on(new Startup())).isEmpty();
            assertThat(RouterUnderTest.transitionIn(router.on(new LinkUp())))
                    .contains(new ReportTransition(INITIALIZE, BACKUP, Cause.LINK_UP));
        }

        @Test
        void waitsForItsFirstVip() {
            RouterUnderTest router = initial(with(SETTINGS, false, List.of()));
            router.on(new LinkUp());

            assertThat(router.on(new Startup())).isEmpty();
            assertThat(RouterUnderTest.transitionIn(router.change(SETTINGS)))
                    .contains(new ReportTransition(INITIALIZE, BACKUP, Cause.VIPS_CONFIGURED));
        }

        @Test
        void aChangeOfSettingsWithoutLinkStartsNothing() {
            RouterUnderTest router = initial(SETTINGS);
            router.on(new Startup());

            assertThat(router.change(LONE)).isEmpty();
        }
    }

    @Nested
    class WhileBackup {

        @Test
        @DisplayName("V3-22: a silent Active is replaced: advert, VIPs, announcement, Adver_Timer, in this order")
        @Tag("V3-22+")
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
            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        @DisplayName("V3-22: an expiry of a cancelled timer does nothing")
        @Tag("V3-22-")
        void staleExpiriesDoNothing() {
            RouterUnderTest router = backup(SETTINGS);
            long stale = timerOf(router).generation();
            router.hear(200);

            assertThat(router.on(new TimerExpired(stale))).isEmpty();
        }

        @Test
        @DisplayName("V3-21: Shutdown stops the timer and sends nothing")
        @Tag("V3-21+")
        @Tag("V3-21-")
        void shutsDownSilently() {
            RouterUnderTest router = backup(SETTINGS);
            long generation = timerOf(router).generation();

            List<Action> actions = router.on(new Shutdown(Ending.AGENT_STOPS));

            assertThat(actions)
                    .containsExactly(
                            new CancelTimer(generation), new ReportTransition(BACKUP, INITIALIZE, Cause.AGENT_STOPS));
            assertThat(router.on(new TimerExpired(generation))).isEmpty();
        }

        @Test
        @DisplayName("V3-23: priority 0 shortens the timer to Skew_Time")
        @Tag("V3-23+")
        void aLeavingActiveIsReplacedAfterSkewTime() {
            RouterUnderTest router = backup(SETTINGS);

            List<Action> actions = router.hear(0);

            assertThat(actions).containsExactly(new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(SKEW);
            assertThat(RouterUnderTest.transitionIn(router.expire()))
                    .contains(new ReportTransition(BACKUP, ACTIVE, Cause.ACTIVE_LEFT));
        }

        @Test
        @DisplayName("V3-23: priority 0 teaches no interval, the learnt one counts")
        @Tag("V3-23+")
        void skewFollowsTheLearntInterval() {
            RouterUnderTest router = backup(SETTINGS);
            router.hear(200, 200, HIGHER);

            router.hear(0, 4000, HIGHER);

            assertThat(router.remaining()).isEqualTo(2 * SKEW);
        }

        @Test
        @DisplayName("V3-23: priority 1 does not shorten the timer")
        @Tag("V3-23-")
        void priorityOneIsAnOrdinaryLoser() {
            RouterUnderTest router = backup(SETTINGS);
            router.pass(SECOND);

            router.hear(1);

            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
        }

        @Test
        @DisplayName("V3-24: a winner restarts the timer, by the interval that it announces")
        @Tag("V3-24+")
        void learnsTheInterval() {
            RouterUnderTest router = backup(SETTINGS);
            router.pass(SECOND);

            List<Action> actions = router.hear(200, 300, HIGHER);

            assertThat(actions).containsExactly(new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(3 * DOWN_INTERVAL);
        }

        @Test
        @DisplayName("V3-24: equal priority from a lower address restarts the timer: no address is compared here")
        @Tag("V3-24-")
        void equalPriorityRestartsTheTimer() {
            RouterUnderTest router = backup(SETTINGS);
            router.pass(SECOND);

            router.hear(100, 100, LOWER);

            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
        }

        @Test
        @DisplayName("V3-24: without preemption a loser restarts the timer too")
        @Tag("V3-24+")
        void withoutPreemptionALoserIsObeyed() {
            RouterUnderTest router = backup(settings(100, 100, PreemptionMode.NO_PREEMPT));
            router.pass(SECOND);

            router.hear(50, 200, LOWER);

            assertThat(router.remaining()).isEqualTo(2 * 3 * SECOND + 2 * SKEW);
        }

        @Test
        @DisplayName("V3-25: with preemption a loser is ignored, its interval too, and is replaced")
        @Tag("V3-25+")
        void aLoserIsPreempted() {
            RouterUnderTest router = backup(SETTINGS);
            router.pass(SECOND);

            List<Action> actions = router.hear(99, 300, HIGHER);

            assertThat(actions).isEmpty();
            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
            assertThat(RouterUnderTest.transitionIn(router.expire())).isPresent();
        }

        @Test
        @DisplayName("after a stall longer than the down interval it listens before it claims")
        void listensAfterAStall() {
            RouterUnderTest router = backup(SETTINGS);

            List<Action> actions = router.expireLate(DOWN_INTERVAL + 1);

            assertThat(actions).containsExactly(new ReportStall(DOWN_INTERVAL + 1), new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
        }

        @Test
        void aTimerThatIsOnlyLateStillTakesOver() {
            assertThat(RouterUnderTest.transitionIn(backup(SETTINGS).expireLate(DOWN_INTERVAL)))
                    .isPresent();
        }

        @Test
        @DisplayName("the loss of the link is a Shutdown; its return a Startup")
        void followsTheLink() {
            RouterUnderTest router = backup(SETTINGS);

            assertThat(RouterUnderTest.transitionIn(router.on(new LinkDown())))
                    .contains(new ReportTransition(BACKUP, INITIALIZE, Cause.LINK_DOWN));
            assertThat(RouterUnderTest.transitionIn(router.on(new LinkUp())))
                    .contains(new ReportTransition(INITIALIZE, BACKUP, Cause.LINK_UP));
        }

        @Test
        @DisplayName("V3-S07 V3-S11: a VIP added while Backup is not announced")
        @Tag("V3-S07-")
        @Tag("V3-S11-")
        void changesOfVipsAreSilent() {
            assertThat(backup(SETTINGS).change(with(SETTINGS, false, addresses("192.0.2.102"))))
                    .isEmpty();
        }

        @Test
        void aHigherPriorityShortensTheRunningTimer() {
            RouterUnderTest router = backup(SETTINGS);
            router.pass(SECOND);

            List<Action> actions = router.change(settings(254, 100, PreemptionMode.PREEMPT));

            assertThat(actions).containsExactly(new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(3_007_812_500L - SECOND);
        }

        @Test
        @DisplayName("the own interval does not count once the Active's is learnt")
        void aChangedIntervalDoesNotTouchTheLearntOne() {
            RouterUnderTest router = backup(SETTINGS);
            router.hear(200, 100, HIGHER);

            router.change(settings(100, 10, PreemptionMode.PREEMPT));

            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL);
        }

        @Test
        void aDeadlineMovedIntoThePastExpiresNow() {
            RouterUnderTest router = backup(settings(100, 1000, PreemptionMode.PREEMPT));
            router.pass(20 * SECOND);

            router.change(settings(100, 10, PreemptionMode.PREEMPT));

            assertThat(router.remaining()).isZero();
        }

        @Test
        void aChangeWhileTheActiveLeavesKeepsSkewTime() {
            RouterUnderTest router = backup(SETTINGS);
            router.hear(0);

            router.change(settings(101, 100, PreemptionMode.PREEMPT));

            assertThat(router.remaining()).isEqualTo(SKEW);
        }
    }

    @Nested
    class WhileActive {

        @Test
        @DisplayName("V3-34: a hundred adverts in a hundred intervals, however late each timer fires")
        @Tag("V3-34+")
        void advertisesWithoutDrift() {
            RouterUnderTest router = active(SETTINGS);
            long start = router.now();
            Random random = new Random(34);

            for (int i = 0; i < 99; i++) {
                assertThat(router.expireLate(random.nextInt(20_000_000)))
                        .startsWith(new SendAdvertisement(advert(100)))
                        .hasSize(2);
            }
            router.expire();

            assertThat(router.now() - start).isEqualTo(100 * SECOND);
        }

        @Test
        @DisplayName("V3-34: the interval learnt as Backup is not used for sending")
        @Tag("V3-34-")
        void advertisesAtItsOwnInterval() {
            RouterUnderTest router = backup(SETTINGS);
            router.hear(200, 300, HIGHER);
            router.expire();

            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        @DisplayName("V3-33: Shutdown sends priority 0 and takes the VIPs away")
        @Tag("V3-33+")
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
        @DisplayName("V3-35: priority 0 is answered at once, the next advert follows a whole interval later")
        @Tag("V3-35+")
        @Tag("V3-35-")
        void answersALeavingRouter() {
            RouterUnderTest router = active(SETTINGS);
            router.pass(SECOND / 2);

            List<Action> actions = router.hear(0);

            assertThat(actions).containsExactly(new SendAdvertisement(advert(100)), new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        @DisplayName("V3-36: a higher priority takes the VIPs, and its interval is learnt")
        @Tag("V3-36+")
        void stepsDown() {
            RouterUnderTest router = active(SETTINGS);
            long generation = timerOf(router).generation();

            List<Action> actions = router.hear(101, 200, LOWER);

            assertThat(actions)
                    .containsExactly(
                            new CancelTimer(generation),
                            new RemoveVips(VIPS),
                            new StartTimer(timerOf(router)),
                            new ReportTransition(ACTIVE, BACKUP, Cause.HIGHER_PRIORITY_HEARD));
            assertThat(router.remaining()).isEqualTo(2 * DOWN_INTERVAL);
        }

        @Test
        @DisplayName("V3-08: an owner (255) takes the VIPs")
        @Tag("V3-08+")
        void stepsDownForAnOwner() {
            assertThat(RouterUnderTest.transitionIn(
                            active(settings(254, 100, PreemptionMode.PREEMPT)).hear(255)))
                    .isPresent();
        }

        @Test
        @DisplayName("V3-36: preemption is not looked at: without it a higher priority takes the VIPs all the same")
        @Tag("V3-36+")
        void stepsDownWithoutPreemptionToo() {
            RouterUnderTest router = active(settings(100, 100, PreemptionMode.NO_PREEMPT));

            router.hear(101);

            assertThat(router.state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("V3-36: at equal priority the greater address wins, compared unsigned")
        @Tag("V3-36+")
        void theGreaterAddressWins() {
            RouterUnderTest router = active(SETTINGS);

            router.hear(100, 100, HIGHER);

            assertThat(router.state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("V3-36: at equal priority the lower address loses")
        @Tag("V3-36-")
        void theLowerAddressLoses() {
            RouterUnderTest router = active(SETTINGS);

            router.hear(100, 100, LOWER);

            assertThat(router.state()).isEqualTo(ACTIVE);
        }

        @Test
        @DisplayName("V3-37: a loser is answered at once, Adver_Timer runs on")
        @Tag("V3-37+")
        @Tag("V3-37-")
        void answersALoser() {
            RouterUnderTest router = active(SETTINGS);
            router.pass(SECOND / 2);

            List<Action> actions = router.hear(99);

            assertThat(actions).containsExactly(new SendAdvertisement(advert(100)));
            assertThat(router.remaining()).isEqualTo(SECOND / 2);
        }

        @Test
        @DisplayName("V3-37: a loser that is heard in the moment of the take-over is answered too")
        @Tag("V3-37+")
        void answersALoserFromTheFirstMomentOn() {
            assertThat(active(SETTINGS).hear(99)).containsExactly(new SendAdvertisement(advert(100)));
        }

        @Test
        @DisplayName(
                "V3-34: a timer that is a whole interval late is followed by a whole interval, not by a second advert")
        @Tag("V3-34-")
        void aMissedIntervalIsNotMadeUpFor() {
            RouterUnderTest router = active(SETTINGS);

            router.expireLate(SECOND);

            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        @DisplayName("a loser makes it announce its VIPs again")
        void announcesAgainAfterALoser() {
            RouterUnderTest router = active(SETTINGS);
            router.pass(SECOND);

            List<Action> actions = router.hear(99);

            assertThat(actions).containsExactly(new SendAdvertisement(advert(100)), new Announce(VIPS));
        }

        @Test
        @DisplayName("a flood of losers gets at most ten replies and one announcement an interval")
        void answersAreLimited() {
            RouterUnderTest router = active(SETTINGS);
            router.expire();
            List<Action> actions = new ArrayList<>();

            for (int i = 0; i < 1_000; i++) {
                actions.addAll(router.hear(99));
                router.pass(SECOND / 1_001);
            }

            assertThat(actions).filteredOn(SendAdvertisement.class::isInstance).hasSize(10);
            assertThat(actions).filteredOn(Announce.class::isInstance).hasSize(1);
        }

        @Test
        @DisplayName("V3-22: the expiry of the timer that made it Active does nothing more")
        @Tag("V3-22-")
        void staleExpiriesDoNothing() {
            RouterUnderTest router = backup(SETTINGS);
            long stale = timerOf(router).generation();
            router.expire();

            assertThat(router.on(new TimerExpired(stale))).isEmpty();
        }

        @Test
        @DisplayName("the loss of the link takes the VIPs without a last advert")
        void linkLossIsSilent() {
            RouterUnderTest router = active(SETTINGS);
            long generation = timerOf(router).generation();

            List<Action> actions = router.on(new LinkDown());

            assertThat(actions)
                    .containsExactly(
                            new CancelTimer(generation),
                            new RemoveVips(VIPS),
                            new ReportTransition(ACTIVE, INITIALIZE, Cause.LINK_DOWN));
        }

        @ParameterizedTest(name = "after a stall longer than the down interval {0} finds a Backup that has let go")
        @ValueSource(strings = {"an expiry", "a losing advert", "a change of settings"})
        void listensAfterAStall(String event) {
            RouterUnderTest router = active(SETTINGS);
            long generation = timerOf(router).generation();
            router.pass(DOWN_INTERVAL + 1);

            List<Action> actions = switch (event) {
                case "an expiry" -> router.on(new TimerExpired(generation));
                case "a losing advert" -> router.hear(99);
                default -> router.change(with(SETTINGS, false, addresses("192.0.2.102")));
            };

            assertThat(actions)
                    .containsExactly(
                            new ReportStall(DOWN_INTERVAL + 1 - SECOND),
                            new CancelTimer(generation),
                            new RemoveVips(VIPS),
                            new StartTimer(timerOf(router)),
                            new ReportTransition(ACTIVE, BACKUP, Cause.STALLED));
        }

        @Test
        @DisplayName("after a stall an Active goes on that nobody was known to replace")
        void anUnrivalledActiveGoesOnAfterAStall() {
            RouterUnderTest router = active(SETTINGS);

            assertThat(router.expireUnrivalled(60 * SECOND))
                    .startsWith(new ReportStall(60 * SECOND), new SendAdvertisement(advert(100)))
                    .doesNotHaveAnyElementsOfTypes(ReportTransition.class);
            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        void aTimerThatIsOnlyLateGoesOn() {
            RouterUnderTest router = active(SETTINGS);

            assertThat(router.expireLate(DOWN_INTERVAL - SECOND)).startsWith(new SendAdvertisement(advert(100)));
        }

        @Test
        @DisplayName("a lone Active goes on after a stall: nobody else would serve")
        void aLoneActiveGoesOnAfterAStall() {
            RouterUnderTest router = active(LONE);

            assertThat(router.expireLate(60 * SECOND)).startsWith(new SendAdvertisement(advert(100)));
            assertThat(router.remaining()).isEqualTo(SECOND);
        }
    }

    @ParameterizedTest(name = "a router that is {0} is started and gets its link again: nothing happens")
    @EnumSource(
            value = io.lvsoperator.api.v1alpha1.VirtualRouterState.class,
            names = {"BACKUP", "ACTIVE"})
    void whatRunsIsNotStartedAgain(io.lvsoperator.api.v1alpha1.VirtualRouterState state) {
        RouterUnderTest router = state == ACTIVE ? active(SETTINGS) : backup(SETTINGS);

        assertThat(router.on(new Startup())).isEmpty();
        assertThat(router.on(new LinkUp())).isEmpty();
    }

    @Nested
    class ChangesWhileActive {

        @Test
        @DisplayName("V3-S07 V3-26: a new VIP is added and announced alone")
        @Tag("V3-S07+")
        @Tag("V3-S11+")
        void aNewVipIsAddedAlone() {
            List<IpAddress> more = addresses("192.0.2.100", "192.0.2.101", "192.0.2.102");

            List<Action> actions = active(SETTINGS).change(with(SETTINGS, false, more));

            List<IpAddress> added = addresses("192.0.2.102");
            assertThat(actions).containsExactly(new AddVips(added), new Announce(added));
        }

        @Test
        @DisplayName("V3-26: a removed VIP is removed alone")
        void aRemovedVipIsRemovedAlone() {
            List<Action> actions = active(SETTINGS).change(with(SETTINGS, false, addresses("192.0.2.101")));

            assertThat(actions).containsExactly(new RemoveVips(addresses("192.0.2.100")));
        }

        @Test
        @DisplayName("V3-44: the next advert shows the change")
        @Tag("V3-44-")
        void theNextAdvertShowsTheChange() {
            RouterUnderTest router = active(SETTINGS);
            router.change(new RouterSettings(
                    51, Version.VERSION_3, 120, 100, Preemption.AT_ONCE, false, addresses("192.0.2.103"), 255));

            assertThat(router.expire())
                    .startsWith(new SendAdvertisement(
                            new Advertisement(Version.VERSION_3, 51, 120, 100, addresses("192.0.2.103"))));
        }

        @Test
        @DisplayName("a longer interval is told twice at the old pace before it is kept")
        void aLongerIntervalIsToldFirst() {
            RouterUnderTest router = active(settings(100, 10, PreemptionMode.PREEMPT));
            router.pass(SECOND / 20);

            List<Action> actions = router.change(SETTINGS);

            assertThat(actions).containsExactly(new SendAdvertisement(advert(100)), new StartTimer(timerOf(router)));
            assertThat(router.remaining()).isEqualTo(SECOND / 20);
            router.expire();
            assertThat(router.remaining()).isEqualTo(SECOND);
        }

        @Test
        void aShorterIntervalStartsAtOnce() {
            RouterUnderTest router = active(SETTINGS);

            router.change(settings(100, 10, PreemptionMode.PREEMPT));

            assertThat(router.remaining()).isEqualTo(SECOND / 10);
        }

        @Test
        @DisplayName("without its last VIP it hands over with the VIPs that it had, and waits for new ones")
        void theLastVipEndsIt() {
            RouterUnderTest router = active(SETTINGS);
            long generation = timerOf(router).generation();

            List<Action> actions = router.change(with(SETTINGS, false, List.of()));

            assertThat(actions)
                    .containsExactly(
                            new CancelTimer(generation),
                            new SendAdvertisement(advert(0)),
                            new RemoveVips(VIPS),
                            new ReportTransition(ACTIVE, INITIALIZE, Cause.NO_VIPS));
        }

        @Test
        @DisplayName("VIPs beyond what an advert holds are served, not advertised")
        void vipsBeyondTheAdvertRideAlong() {
            RouterSettings small =
                    new RouterSettings(51, Version.VERSION_3, 100, 100, Preemption.AT_ONCE, false, VIPS, 1);

            List<Action> actions = backup(small).expire();

            assertThat(actions)
                    .startsWith(
                            new SendAdvertisement(
                                    new Advertisement(Version.VERSION_3, 51, 100, 100, addresses("192.0.2.100"))),
                            new AddVips(VIPS),
                            new Announce(VIPS));
        }

        @ParameterizedTest(name = "whatever else changes, a router that is {0} stays that")
        @EnumSource(
                value = io.lvsoperator.api.v1alpha1.VirtualRouterState.class,
                names = {"BACKUP", "ACTIVE"})
        void settingsNeverChangeTheState(io.lvsoperator.api.v1alpha1.VirtualRouterState state) {
            Random random = new Random(6);
            RouterUnderTest router = state == ACTIVE ? active(SETTINGS) : backup(SETTINGS);
            List<Action> actions = new ArrayList<>();

            for (int i = 0; i < 10_000; i++) {
                router.pass(random.nextInt(1_000));
                actions.addAll(router.change(randomSettings(random)));
            }

            assertThat(router.state()).isEqualTo(state);
            assertThat(actions).doesNotHaveAnyElementsOfTypes(ReportTransition.class, ReportStall.class);
        }

        @Test
        @DisplayName("the VIPs added and removed over any changes are those of the last settings")
        void changesAddUp() {
            Random random = new Random(7);
            RouterUnderTest router = active(SETTINGS);
            List<IpAddress> held = new ArrayList<>(VIPS);

            for (int i = 0; i < 1_000; i++) {
                for (Action action : router.change(randomSettings(random))) {
                    switch (action) {
                        case AddVips added -> held.addAll(added.vips());
                        case RemoveVips removed -> held.removeAll(removed.vips());
                        default -> {
                            // not about the interface's addresses
                        }
                    }
                }
            }

            assertThat(held)
                    .containsExactlyInAnyOrderElementsOf(router.settings().vips());
        }

        private static RouterSettings randomSettings(Random random) {
            List<IpAddress> vips = IntStream.range(1, 250)
                    .filter(last -> last == 77 || random.nextInt(20) == 0)
                    .mapToObj(last -> IpAddress.parse("192.0.2." + last))
                    .toList();
            return new RouterSettings(
                    51,
                    Version.VERSION_3,
                    1 + random.nextInt(254),
                    10 + random.nextInt(4086),
                    random.nextBoolean() ? Preemption.AT_ONCE : Preemption.NEVER,
                    random.nextBoolean(),
                    vips,
                    1 + random.nextInt(255));
        }
    }

    @Nested
    class WithoutPeers {

        @Test
        @DisplayName("VIPs found at the start stay while it listens")
        void foundVipsStay() {
            RouterUnderTest router = initial(LONE);
            router.on(new LinkUp());

            assertThat(router.on(new Startup())).doesNotHaveAnyElementsOfTypes(RemoveVips.class);
        }

        @Test
        void aStoppingAgentLeavesItsVips() {
            RouterUnderTest router = active(LONE);

            assertThat(router.on(new Shutdown(Ending.AGENT_STOPS)))
                    .doesNotHaveAnyElementsOfTypes(RemoveVips.class, SendAdvertisement.class);
        }

        @Test
        void aStoppingAgentLeavesVipsThatItFoundWhileItListens() {
            assertThat(backup(LONE).on(new Shutdown(Ending.AGENT_STOPS)))
                    .doesNotHaveAnyElementsOfTypes(RemoveVips.class);
        }

        @Test
        void linkLossLeavesItsVips() {
            assertThat(active(LONE).on(new LinkDown())).doesNotHaveAnyElementsOfTypes(RemoveVips.class);
        }

        @Test
        @DisplayName("taken out of the configuration it leaves nothing behind")
        void aWithdrawnRouterLeavesNothing() {
            assertThat(active(LONE).on(new Shutdown(Ending.WITHDRAWN)))
                    .contains(new SendAdvertisement(advert(0)), new RemoveVips(VIPS));
        }

        @Test
        void aWithdrawnBackupLeavesNothing() {
            assertThat(backup(LONE).on(new Shutdown(Ending.WITHDRAWN))).contains(new RemoveVips(VIPS));
        }

        @ParameterizedTest(name = "a router of priority {0} that nobody configured: it lets go of what it found")
        @ValueSource(ints = {50, 100, 200})
        void anotherActiveMakesItLetGo(int priority) {
            RouterUnderTest router = backup(LONE);

            assertThat(router.hear(priority)).contains(new RemoveVips(VIPS));
            assertThat(router.state()).isEqualTo(BACKUP);
        }

        @Test
        @DisplayName("V3-25: letting go of VIPs for a loser does not move the deadline")
        @Tag("V3-25+")
        void lettingGoKeepsTheDeadline() {
            RouterUnderTest router = backup(LONE);
            router.pass(SECOND);

            router.hear(50);

            assertThat(router.remaining()).isEqualTo(DOWN_INTERVAL - SECOND);
        }

        @Test
        @DisplayName("taken out of the configuration while its link is down it leaves nothing behind either")
        void aWithdrawnRouterWithoutLinkLeavesNothing() {
            RouterUnderTest router = active(LONE);
            router.on(new LinkDown());

            assertThat(router.on(new Shutdown(Ending.WITHDRAWN))).containsExactly(new RemoveVips(VIPS));
            assertThat(router.on(new LinkUp())).isEmpty();
        }

        @Test
        void aStoppingAgentWithoutLinkLeavesItsVips() {
            RouterUnderTest router = active(LONE);
            router.on(new LinkDown());

            assertThat(router.on(new Shutdown(Ending.AGENT_STOPS))).isEmpty();
        }

        @Test
        void aPeerThatIsConfiguredMakesAListenerLetGo() {
            assertThat(backup(LONE).change(SETTINGS)).containsExactly(new RemoveVips(VIPS));
        }

        @Test
        void aPeerThatIsConfiguredLeavesAnActiveAlone() {
            assertThat(active(LONE).change(SETTINGS)).isEmpty();
        }

        @Test
        void aVipRemovedWhileItListensIsRemovedAlone() {
            assertThat(backup(LONE).change(with(LONE, true, addresses("192.0.2.101"))))
                    .containsExactly(new RemoveVips(addresses("192.0.2.100")));
        }
    }

    @Nested
    class Settings {

        @ParameterizedTest(name = "V3-09: priority {0} is refused")
        @ValueSource(ints = {-1, 0, 255, 256})
        @Tag("V3-08-")
        @Tag("V3-09-")
        void otherPrioritiesAreRefused(int priority) {
            assertThatThrownBy(() -> settings(priority, 100, PreemptionMode.PREEMPT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("priority is " + priority);
        }

        @ParameterizedTest(name = "an advert that has room for {0} addresses is refused")
        @ValueSource(ints = {0, 256})
        void otherRoomIsRefused(int maxAdvertised) {
            assertThatThrownBy(() -> new RouterSettings(
                            51, Version.VERSION_3, 100, 100, Preemption.AT_ONCE, false, VIPS, maxAdvertised))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(maxAdvertised + " addresses fit an advertisement");
        }

        @Test
        @DisplayName("as many VIPs are advertised as fit, from the first")
        void theFirstVipsAreAdvertised() {
            RouterSettings small =
                    new RouterSettings(51, Version.VERSION_3, 100, 100, Preemption.AT_ONCE, false, VIPS, 1);

            assertThat(small.advertised()).isEqualTo(addresses("192.0.2.100"));
        }

        @Test
        @DisplayName("V3-13: IPv6 VIPs without a leading link-local one are refused")
        @Tag("V3-13-")
        void ipv6NeedsALinkLocalAddress() {
            assertThatThrownBy(() -> with(SETTINGS, false, addresses("2001:db8::1")))
                    .hasMessageContaining("link-local");
        }
    }

    @Test
    void everyCauseSaysAnotherThing() {
        assertThat(Cause.values())
                .extracting(Cause::text)
                .doesNotHaveDuplicates()
                .allMatch(text -> !text.isBlank());
    }

    @Test
    @DisplayName(
            "V3-36: neither of two routers with one priority and one address would lose: such adverts are dropped before")
    @Tag("V3-36-")
    void oneAddressTwiceIsATie() {
        RouterUnderTest router = active(SETTINGS);

        router.hear(100, 100, OWN);

        assertThat(router.state()).isEqualTo(ACTIVE);
    }
}
