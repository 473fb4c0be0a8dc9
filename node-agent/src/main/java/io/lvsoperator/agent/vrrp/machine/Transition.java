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
import io.lvsoperator.agent.vrrp.machine.State.Active;
import io.lvsoperator.agent.vrrp.machine.State.Backup;
import io.lvsoperator.agent.vrrp.machine.State.Initialize;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** The work of one event: the fields of the next router, and the actions so far. */
final class Transition {

    /** At most so many replies to losing advertisements within one interval of our own. */
    private static final int REPLIES_PER_INTERVAL = 10;

    private final long now;
    private final List<Action> actions = new ArrayList<>();
    private RouterSettings settings;
    private State state;
    private boolean started;
    private boolean linkUp;
    private long generation;

    Transition(VirtualRouter router, long now) {
        this.now = now;
        this.settings = router.settings();
        this.state = router.state();
        this.started = router.started();
        this.linkUp = router.linkUp();
        this.generation = router.generation();
    }

    VirtualRouter.Step result() {
        return new VirtualRouter.Step(new VirtualRouter(settings, state, started, linkUp, generation), actions);
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
            case AGENT_STOPS -> end(Cause.AGENT_STOPS, settings.lone() ? Farewell.KEEP_SILENTLY : Farewell.HAND_OVER);
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
        listen(0, settings.lone(), OptionalLong.empty());
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
            listen(backup.learntIntervalCentiseconds(), backup.holdsVips(), OptionalLong.empty());
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
     * gives up and listens, before anything else happens to it. With nobody known it goes on: to listen would leave the VIPs
     * to nobody.
     */
    void noticeStall(boolean unrivalled) {
        if (!(state instanceof Active active) || settings.lone()) {
            return;
        }
        long silence = now - active.timer().startedNanos();
        if (silence > settings.downIntervalNanos(settings.intervalCentiseconds())) {
            actions.add(new ReportStall(active.timer().lateness(now)));
            if (!unrivalled) {
                stepDown(active, 0, Cause.STALLED);
            }
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
            long skew = settings.skewNanos(before.activeIntervalCentiseconds(settings));
            Timer timer = startTimer(now + skew);
            state = before.whoseActiveLeaves(timer);
            return;
        }
        Backup backup = withoutVips(before);
        int interval = received.advertisement().intervalCentiseconds();
        if (!settings.preemption().allowed() || priority >= settings.priority()) {
            listen(interval, false, OptionalLong.empty());
        } else {
            hearLoser(backup, interval);
        }
    }

    /** It is obeyed for as long as the preemption is delayed, and ignored from then on. */
    private void hearLoser(Backup backup, int intervalCentiseconds) {
        long since = backup.loserSinceNanos().orElse(now);
        if (now - since < settings.preemption().delayNanos()) {
            listen(intervalCentiseconds, false, OptionalLong.of(since));
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
        return backup.holding(false);
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
        listen(learntIntervalCentiseconds, false, OptionalLong.empty());
        move(state, cause, active);
    }

    /** Answers a loser at once, so that it steps down, and leads the neighbours it misled back here. */
    private void defend(Active active) {
        if (now - active.nextReplyNanos() < 0) {
            return;
        }
        if (settings.answersLosers()) {
            actions.add(new SendAdvertisement(settings.advertisement()));
        }
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
            next = backup.holding(settings.lone());
        }
        state = next;
        boolean retimed = settings.version() != before.version()
                || settings.priority() != before.priority()
                || settings.intervalCentiseconds() != before.intervalCentiseconds();
        if (retimed && !next.activeLeaves()) {
            Timer timer =
                    startTimer(next.timer().startedNanos(), notPast(next.timer().startedNanos() + downInterval(next)));
            state = next.withTimer(timer);
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
    private void listen(int learntIntervalCentiseconds, boolean holdsVips, OptionalLong loserSinceNanos) {
        Backup untimed = new Backup(new Timer(0, 0, 0), learntIntervalCentiseconds, false, holdsVips, loserSinceNanos);
        state = untimed.withTimer(startTimer(now + downInterval(untimed)));
    }

    private void advertiseAgain(Active active, long deadline) {
        state = new Active(startTimer(deadline), active.nextReplyNanos(), active.nextAnnouncementNanos());
    }

    /** A deadline that a change of settings moves into the past is one that expires now, not one that was overslept. */
    private long notPast(long deadline) {
        return deadline - now < 0 ? now : deadline;
    }

    private long downInterval(Backup backup) {
        return settings.downIntervalNanos(backup.activeIntervalCentiseconds(settings));
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
