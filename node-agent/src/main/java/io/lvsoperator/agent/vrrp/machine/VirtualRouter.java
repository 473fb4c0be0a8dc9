package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Action.AddVips;
import io.lvsoperator.agent.vrrp.machine.Action.Announce;
import io.lvsoperator.agent.vrrp.machine.Action.CancelTimer;
import io.lvsoperator.agent.vrrp.machine.Action.RemoveVips;
import io.lvsoperator.agent.vrrp.machine.Action.ReportStall;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Action.SendAdvertisement;
import io.lvsoperator.agent.vrrp.machine.Action.StartTimer;
import io.lvsoperator.agent.vrrp.machine.Event.AdvertisementReceived;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Event.LinkDown;
import io.lvsoperator.agent.vrrp.machine.Event.LinkUp;
import io.lvsoperator.agent.vrrp.machine.Event.SettingsChanged;
import io.lvsoperator.agent.vrrp.machine.Event.Shutdown;
import io.lvsoperator.agent.vrrp.machine.Event.Startup;
import io.lvsoperator.agent.vrrp.machine.Event.TimerExpired;
import io.lvsoperator.agent.vrrp.machine.State.Active;
import io.lvsoperator.agent.vrrp.machine.State.Backup;
import io.lvsoperator.agent.vrrp.machine.State.Initialize;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One virtual router: RFC 9568 section 6.4, with what a director needs beyond it. Immutable; {@link #on} gives the next one.
 *
 * <p>Beyond the RFC: a change of settings never changes the state, unless the last VIP goes; the loss of the link is a Shutdown
 * without the last advertisement; after standing still for longer than the down interval it listens before it claims anything;
 * a losing advertisement makes an Active announce its VIPs again.
 *
 * @param settings what it runs with
 * @param state where it is
 * @param started whether it was started and not shut down since
 * @param linkUp whether its interface can be used
 * @param generation of the timer started last
 */
public record VirtualRouter(RouterSettings settings, State state, boolean started, boolean linkUp, long generation) {

    /** At most so many replies to losing advertisements within one interval of our own. */
    private static final int REPLIES_PER_INTERVAL = 10;

    /** The next router, and what is to be done, in this order. */
    public record Step(VirtualRouter router, List<Action> actions) {
        /** Copies the list. */
        public Step {
            actions = List.copyOf(actions);
        }
    }

    /** A router that was not started yet, on a link that is not known to be up. */
    public static VirtualRouter create(RouterSettings settings) {
        return new VirtualRouter(settings, new Initialize(), false, false, 0);
    }

    /**
     * A router that goes on as Active on a link that is up: for an agent that starts again before anybody can have taken over
     * ({@link Lease#provesRecentAdvert}).
     */
    public static Step resume(RouterSettings settings, long nowNanos) {
        Timer timer = new Timer(1, nowNanos, nowNanos + settings.intervalNanos());
        State active = new Active(timer, nowNanos, nowNanos + settings.intervalNanos());
        return new Step(
                new VirtualRouter(settings, active, true, true, timer.generation()),
                List.of(
                        new SendAdvertisement(settings.advertisement()),
                        new AddVips(settings.vips()),
                        new StartTimer(timer),
                        new ReportTransition(VirtualRouterState.INITIALIZE, active.name(), Cause.RESUMED)));
    }

    /**
     * Lets an event happen.
     *
     * @param nowNanos monotonic; never before the time of the event before
     */
    public Step on(Event event, long nowNanos) {
        Transition transition = new Transition(this, nowNanos);
        transition.listenAfterStall();
        switch (event) {
            case Startup ignored -> transition.start();
            case Shutdown shutdown -> transition.shutdown(shutdown.ending());
            case LinkUp ignored -> transition.linkUp();
            case LinkDown ignored -> transition.linkDown();
            case AdvertisementReceived received -> transition.receive(received);
            case TimerExpired expired -> transition.expire(expired.generation());
            case SettingsChanged changed -> transition.change(changed.settings());
        }
        return transition.result();
    }

    /** The work of one event: the fields of the next router, and the actions so far. */
    private static final class Transition {

        private final long now;
        private final List<Action> actions = new ArrayList<>();
        private RouterSettings settings;
        private State state;
        private boolean started;
        private boolean linkUp;
        private long generation;

        Transition(VirtualRouter router, long now) {
            this.now = now;
            this.settings = router.settings;
            this.state = router.state;
            this.started = router.started;
            this.linkUp = router.linkUp;
            this.generation = router.generation;
        }

        Step result() {
            return new Step(new VirtualRouter(settings, state, started, linkUp, generation), actions);
        }

        // ---- what lets it take part, and what ends that

        void start() {
            started = true;
            beginIfPossible(Cause.STARTED);
        }

        void linkUp() {
            linkUp = true;
            beginIfPossible(Cause.LINK_UP);
        }

        void linkDown() {
            linkUp = false;
            end(Cause.LINK_DOWN, settings.lone() ? Farewell.KEEP_SILENTLY : Farewell.REMOVE_SILENTLY);
        }

        void shutdown(Ending ending) {
            started = false;
            switch (ending) {
                case AGENT_STOPS ->
                    end(Cause.AGENT_STOPS, settings.lone() ? Farewell.KEEP_SILENTLY : Farewell.HAND_OVER);
                case WITHDRAWN -> end(Cause.WITHDRAWN, Farewell.HAND_OVER);
            }
        }

        /** Initialize + Startup (section 6.4.1), as soon as there is a link and an address to advertise. */
        private void beginIfPossible(Cause cause) {
            if (!(state instanceof Initialize)
                    || !started
                    || !linkUp
                    || settings.vips().isEmpty()) {
                return;
            }
            if (!settings.lone()) {
                actions.add(new RemoveVips(settings.vips()));
            }
            listen(0, settings.lone());
            move(state, cause, new Initialize());
        }

        private enum Farewell {
            HAND_OVER,
            REMOVE_SILENTLY,
            KEEP_SILENTLY
        }

        private void end(Cause cause, Farewell farewell) {
            State before = state;
            switch (before) {
                case Initialize ignored -> {
                    if (cause == Cause.WITHDRAWN) {
                        actions.add(new RemoveVips(settings.vips()));
                    }
                    return;
                }
                case Backup backup -> {
                    actions.add(new CancelTimer(backup.timer().generation()));
                    if (backup.holdsVips() && farewell != Farewell.KEEP_SILENTLY) {
                        actions.add(new RemoveVips(settings.vips()));
                    }
                }
                case Active active -> {
                    actions.add(new CancelTimer(active.timer().generation()));
                    if (farewell == Farewell.HAND_OVER) {
                        actions.add(new SendAdvertisement(settings.leaving()));
                    }
                    if (farewell != Farewell.KEEP_SILENTLY) {
                        actions.add(new RemoveVips(settings.vips()));
                    }
                }
            }
            state = new Initialize();
            move(state, cause, before);
        }

        // ---- timers

        void expire(long expiredGeneration) {
            switch (state) {
                case Backup backup when backup.timer().generation() == expiredGeneration -> activeIsDown(backup);
                case Active active
                when active.timer().generation() == expiredGeneration -> {
                    actions.add(new SendAdvertisement(settings.advertisement()));
                    advertiseAgain(active, nextDeadline(active.timer()));
                }
                default -> {
                    // an expiry that was queued before its timer was cancelled
                }
            }
        }

        private void activeIsDown(Backup backup) {
            long late = backup.timer().lateness(now);
            if (late > downInterval(backup)) {
                actions.add(new ReportStall(late));
                listen(backup.learntIntervalCentiseconds(), backup.holdsVips());
                return;
            }
            actions.add(new SendAdvertisement(settings.advertisement()));
            actions.add(new AddVips(settings.vips()));
            actions.add(new Announce(settings.vips()));
            state = new Active(startTimer(now + settings.intervalNanos()), now, now + settings.intervalNanos());
            move(state, backup.activeLeaves() ? Cause.ACTIVE_LEFT : Cause.ACTIVE_SILENT, backup);
        }

        /**
         * An Active that was silent for longer than the down interval has been replaced if there is anybody to replace it: it
         * gives up and listens, before anything else happens to it.
         */
        void listenAfterStall() {
            if (!(state instanceof Active active) || settings.lone()) {
                return;
            }
            long silence = now - active.timer().startedNanos();
            if (silence > Timing.downIntervalNanos(settings.priority(), settings.intervalCentiseconds())) {
                actions.add(new ReportStall(active.timer().lateness(now)));
                stepDown(active, 0, Cause.STALLED);
            }
        }

        /** One interval after the last deadline, so that lateness does not add up; from now on, when that is over already. */
        private long nextDeadline(Timer expired) {
            boolean intervalMissed = expired.lateness(now) >= settings.intervalNanos();
            return (intervalMissed ? now : expired.deadlineNanos()) + settings.intervalNanos();
        }

        // ---- advertisements

        void receive(AdvertisementReceived received) {
            switch (state) {
                case Initialize ignored -> {
                    // takes no part
                }
                case Backup backup -> receiveAsBackup(backup, received);
                case Active active -> receiveAsActive(active, received);
            }
        }

        /** Section 6.4.2; the address of the sender plays no part here. */
        private void receiveAsBackup(Backup before, AdvertisementReceived received) {
            int priority = received.advertisement().priority();
            if (priority == 0) {
                long skew = Timing.skewNanos(settings.priority(), before.activeIntervalCentiseconds(settings));
                Timer timer = startTimer(now + skew);
                state = new Backup(timer, before.learntIntervalCentiseconds(), true, before.holdsVips());
                return;
            }
            Backup backup = withoutVips(before);
            if (settings.preemption() == PreemptionMode.NO_PREEMPT || priority >= settings.priority()) {
                listen(received.advertisement().intervalCentiseconds(), false);
            } else {
                state = backup;
            }
        }

        /** Somebody else serves these VIPs, whoever wins in the end: even a lone router lets go of what it found. */
        private Backup withoutVips(Backup backup) {
            if (!backup.holdsVips()) {
                return backup;
            }
            actions.add(new RemoveVips(settings.vips()));
            return new Backup(backup.timer(), backup.learntIntervalCentiseconds(), backup.activeLeaves(), false);
        }

        /** Section 6.4.3. */
        private void receiveAsActive(Active active, AdvertisementReceived received) {
            int priority = received.advertisement().priority();
            if (priority == 0) {
                actions.add(new SendAdvertisement(settings.advertisement()));
                advertiseAgain(active, now + settings.intervalNanos());
            } else if (wins(received)) {
                stepDown(active, received.advertisement().intervalCentiseconds(), Cause.HIGHER_PRIORITY_HEARD);
            } else {
                defend(active);
            }
        }

        private boolean wins(AdvertisementReceived received) {
            int difference = received.advertisement().priority() - settings.priority();
            return difference > 0 || (difference == 0 && received.source().compareTo(received.ownSource()) > 0);
        }

        private void stepDown(Active active, int learntIntervalCentiseconds, Cause cause) {
            actions.add(new CancelTimer(active.timer().generation()));
            actions.add(new RemoveVips(settings.vips()));
            listen(learntIntervalCentiseconds, false);
            move(state, cause, active);
        }

        /** Answers a loser at once, so that it steps down, and leads the neighbours it misled back here. */
        private void defend(Active active) {
            if (now - active.nextReplyNanos() < 0) {
                return;
            }
            actions.add(new SendAdvertisement(settings.advertisement()));
            long nextAnnouncement = active.nextAnnouncementNanos();
            if (now - nextAnnouncement >= 0) {
                actions.add(new Announce(settings.vips()));
                nextAnnouncement = now + settings.intervalNanos();
            }
            long nextReply = now + settings.intervalNanos() / REPLIES_PER_INTERVAL;
            state = new Active(active.timer(), nextReply, nextAnnouncement);
        }

        // ---- settings

        void change(RouterSettings changed) {
            RouterSettings before = settings;
            if (changed.vips().isEmpty()) {
                end(Cause.NO_VIPS, Farewell.HAND_OVER);
            }
            settings = changed;
            switch (state) {
                case Initialize ignored -> beginIfPossible(Cause.VIPS_CONFIGURED);
                case Backup backup -> changeAsBackup(backup, before);
                case Active active -> changeAsActive(active, before);
            }
        }

        private void changeAsBackup(Backup backup, RouterSettings before) {
            Backup next = backup;
            if (backup.holdsVips()) {
                List<IpAddress> released = settings.lone() ? missingFrom(settings, before) : before.vips();
                addIfAny(released, RemoveVips::new);
                next = new Backup(
                        backup.timer(), backup.learntIntervalCentiseconds(), backup.activeLeaves(), settings.lone());
            }
            state = next;
            boolean retimed = settings.priority() != before.priority()
                    || settings.intervalCentiseconds() != before.intervalCentiseconds();
            if (retimed && !next.activeLeaves()) {
                Timer timer = startTimer(
                        next.timer().startedNanos(), notPast(next.timer().startedNanos() + downInterval(next)));
                state = new Backup(timer, next.learntIntervalCentiseconds(), false, next.holdsVips());
            }
        }

        private void changeAsActive(Active active, RouterSettings before) {
            addIfAny(missingFrom(settings, before), RemoveVips::new);
            List<IpAddress> added = missingFrom(before, settings);
            addIfAny(added, AddVips::new);
            addIfAny(added, Announce::new);
            if (settings.intervalCentiseconds() != before.intervalCentiseconds()) {
                changePace(active);
            }
        }

        /**
         * The others count by the interval that they have learnt. So they hear of a longer one twice, now and at the deadline
         * of the shorter one, before anything is sent by it.
         */
        private void changePace(Active active) {
            actions.add(new SendAdvertisement(settings.advertisement()));
            long paced = now + settings.intervalNanos();
            long deadline = active.timer().deadlineNanos();
            advertiseAgain(active, paced - deadline < 0 ? paced : deadline);
        }

        // ---- small steps

        /** Backup with a fresh Active_Down_Timer. */
        private void listen(int learntIntervalCentiseconds, boolean holdsVips) {
            Backup untimed = new Backup(new Timer(0, 0, 0), learntIntervalCentiseconds, false, holdsVips);
            state = new Backup(startTimer(now + downInterval(untimed)), learntIntervalCentiseconds, false, holdsVips);
        }

        private void advertiseAgain(Active active, long deadline) {
            state = new Active(startTimer(deadline), active.nextReplyNanos(), active.nextAnnouncementNanos());
        }

        /** A deadline that a change of settings moves into the past is one that expires now, not one that was overslept. */
        private long notPast(long deadline) {
            return deadline - now < 0 ? now : deadline;
        }

        private long downInterval(Backup backup) {
            return Timing.downIntervalNanos(settings.priority(), backup.activeIntervalCentiseconds(settings));
        }

        private Timer startTimer(long deadline) {
            return startTimer(now, deadline);
        }

        private Timer startTimer(long startedNanos, long deadline) {
            generation++;
            Timer timer = new Timer(generation, startedNanos, deadline);
            actions.add(new StartTimer(timer));
            return timer;
        }

        private void move(State to, Cause cause, State from) {
            actions.add(new ReportTransition(from.name(), to.name(), cause));
        }

        private void addIfAny(List<IpAddress> vips, Function<List<IpAddress>, Action> action) {
            if (!vips.isEmpty()) {
                actions.add(action.apply(vips));
            }
        }

        /** The VIPs of {@code all} that {@code some} has not. */
        private static List<IpAddress> missingFrom(RouterSettings some, RouterSettings all) {
            Set<IpAddress> known = Set.copyOf(some.vips());
            return all.vips().stream().filter(vip -> !known.contains(vip)).toList();
        }
    }
}
