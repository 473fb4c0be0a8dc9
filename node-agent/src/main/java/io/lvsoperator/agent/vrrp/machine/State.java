package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.OptionalLong;

/** Where a virtual router is (RFC 9568 section 6.3). */
public sealed interface State {

    VirtualRouterState name();

    /** Takes no part in the election. */
    record Initialize() implements State {
        @Override
        public VirtualRouterState name() {
            return VirtualRouterState.INITIALIZE;
        }
    }

    /**
     * Watches the Active.
     *
     * @param timer Active_Down_Timer
     * @param learntIntervalCentiseconds the Active's interval, 0 as long as none was heard
     * @param activeLeaves whether the timer runs for Skew_Time alone, after an advertisement of priority 0
     * @param holdsVips whether VIPs found at the start are left in place, as only a lone router does
     * @param loserSinceNanos since when it hears an Active of lower priority and waits to preempt it
     */
    record Backup(
            Timer timer,
            int learntIntervalCentiseconds,
            boolean activeLeaves,
            boolean holdsVips,
            OptionalLong loserSinceNanos)
            implements State {

        Backup withTimer(Timer started) {
            return new Backup(started, learntIntervalCentiseconds, activeLeaves, holdsVips, loserSinceNanos);
        }

        Backup whoseActiveLeaves(Timer started) {
            return new Backup(started, learntIntervalCentiseconds, true, holdsVips, loserSinceNanos);
        }

        Backup holding(boolean vips) {
            return new Backup(timer, learntIntervalCentiseconds, activeLeaves, vips, loserSinceNanos);
        }

        /** Active_Adver_Interval; in version 2 all have the same, so none is learnt. */
        int activeIntervalCentiseconds(RouterSettings settings) {
            boolean own = learntIntervalCentiseconds == 0 || settings.version() == Version.VERSION_2;
            return own ? settings.intervalCentiseconds() : learntIntervalCentiseconds;
        }

        @Override
        public VirtualRouterState name() {
            return VirtualRouterState.BACKUP;
        }
    }

    /**
     * Holds the VIPs.
     *
     * @param timer Adver_Timer
     * @param nextReplyNanos from when on a losing advertisement is answered again
     * @param nextAnnouncementNanos from when on a losing advertisement makes us announce the VIPs again
     */
    record Active(Timer timer, long nextReplyNanos, long nextAnnouncementNanos) implements State {
        @Override
        public VirtualRouterState name() {
            return VirtualRouterState.ACTIVE;
        }
    }
}
