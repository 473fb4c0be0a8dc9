package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.vrrp.machine.Action.AddVips;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Action.SendAdvertisement;
import io.lvsoperator.agent.vrrp.machine.Action.StartTimer;
import io.lvsoperator.agent.vrrp.machine.Event.AdvertisementReceived;
import io.lvsoperator.agent.vrrp.machine.Event.LinkDown;
import io.lvsoperator.agent.vrrp.machine.Event.LinkUp;
import io.lvsoperator.agent.vrrp.machine.Event.SettingsChanged;
import io.lvsoperator.agent.vrrp.machine.Event.Shutdown;
import io.lvsoperator.agent.vrrp.machine.Event.Startup;
import io.lvsoperator.agent.vrrp.machine.Event.TimerExpired;
import io.lvsoperator.agent.vrrp.machine.State.Active;
import io.lvsoperator.agent.vrrp.machine.State.Initialize;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.List;

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

    /** The same while another router may take over at any time. */
    public Step on(Event event, long nowNanos) {
        return on(event, nowNanos, false);
    }

    /**
     * Lets an event happen.
     *
     * @param nowNanos monotonic; never before the time of the event before
     * @param unrivalled whether no other router is known that could have taken over since the last event
     */
    public Step on(Event event, long nowNanos, boolean unrivalled) {
        Transition transition = new Transition(this, nowNanos);
        transition.noticeStall(unrivalled);
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
}
