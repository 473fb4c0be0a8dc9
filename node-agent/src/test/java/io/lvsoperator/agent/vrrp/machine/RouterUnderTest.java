package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Event.AdvertisementReceived;
import io.lvsoperator.agent.vrrp.machine.Event.LinkUp;
import io.lvsoperator.agent.vrrp.machine.Event.SettingsChanged;
import io.lvsoperator.agent.vrrp.machine.Event.Startup;
import io.lvsoperator.agent.vrrp.machine.Event.TimerExpired;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One virtual router on a clock of its own: 192.0.2.11, VRID 51, priority 100, one advertisement a second. */
final class RouterUnderTest {

    static final IpAddress OWN = IpAddress.parse("192.0.2.11");
    static final IpAddress LOWER = IpAddress.parse("192.0.2.10");
    /** Greater only when its last byte is compared unsigned. */
    static final IpAddress HIGHER = IpAddress.parse("192.0.2.200");

    static final List<IpAddress> VIPS = addresses("192.0.2.100", "192.0.2.101");
    static final RouterSettings SETTINGS =
            new RouterSettings(51, Version.VERSION_3, 100, 100, Preemption.AT_ONCE, false, VIPS, 255);

    static final long SECOND = 1_000_000_000L;
    static final long DOWN_INTERVAL = 3_609_375_000L;
    static final long SKEW = 609_375_000L;

    private VirtualRouter router;
    /** Wraps while the tests run, as a monotonic clock may. */
    private long now = Long.MAX_VALUE - SECOND;

    private RouterUnderTest(RouterSettings settings) {
        router = VirtualRouter.create(settings);
    }

    static RouterUnderTest initial(RouterSettings settings) {
        return new RouterUnderTest(settings);
    }

    static RouterUnderTest backup(RouterSettings settings) {
        RouterUnderTest router = initial(settings);
        router.on(new LinkUp());
        router.on(new Startup());
        return router;
    }

    static RouterUnderTest active(RouterSettings settings) {
        RouterUnderTest router = backup(settings);
        router.expire();
        return router;
    }

    static List<IpAddress> addresses(String... addresses) {
        return Arrays.stream(addresses).map(IpAddress::parse).toList();
    }

    List<Action> on(Event event) {
        VirtualRouter.Step step = router.on(event, now);
        router = step.router();
        return step.actions();
    }

    List<Action> hear(int priority, int intervalCentiseconds, IpAddress source) {
        Advertisement advertisement =
                new Advertisement(router.settings().version(), 51, priority, intervalCentiseconds, VIPS);
        return on(new AdvertisementReceived(advertisement, source, OWN));
    }

    List<Action> hear(int priority) {
        return hear(priority, 100, HIGHER);
    }

    List<Action> change(RouterSettings settings) {
        return on(new SettingsChanged(settings));
    }

    /** Lets time pass up to the deadline of the running timer, and the timer expire. */
    List<Action> expire() {
        return expireLate(0);
    }

    List<Action> expireLate(long lateNanos) {
        Timer timer = Objects.requireNonNull(timer());
        now = timer.deadlineNanos() + lateNanos;
        return on(new TimerExpired(timer.generation()));
    }

    /** The same when nobody is known that could have taken over. */
    List<Action> expireUnrivalled(long lateNanos) {
        Timer timer = Objects.requireNonNull(timer());
        now = timer.deadlineNanos() + lateNanos;
        VirtualRouter.Step step = router.on(new TimerExpired(timer.generation()), now, true);
        router = step.router();
        return step.actions();
    }

    void pass(long nanos) {
        now += nanos;
    }

    long remaining() {
        return Objects.requireNonNull(timer()).deadlineNanos() - now;
    }

    long now() {
        return now;
    }

    VirtualRouterState state() {
        return router.state().name();
    }

    RouterSettings settings() {
        return router.settings();
    }

    @Nullable
    Timer timer() {
        return switch (router.state()) {
            case State.Initialize ignored -> null;
            case State.Backup backup -> backup.timer();
            case State.Active active -> active.timer();
        };
    }

    static Optional<Action.ReportTransition> transitionIn(List<Action> actions) {
        return actions.stream()
                .filter(Action.ReportTransition.class::isInstance)
                .map(Action.ReportTransition.class::cast)
                .findFirst();
    }
}
