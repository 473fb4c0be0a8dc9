package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Cause;
import io.lvsoperator.agent.vrrp.machine.Lease;
import io.lvsoperator.agent.vrrp.machine.State;
import io.lvsoperator.agent.vrrp.machine.Timer;
import io.lvsoperator.agent.vrrp.machine.Timing;
import io.lvsoperator.agent.vrrp.machine.VirtualRouter;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Reception.Accepted;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A virtual router, its running timer, and what is told of it in its status. */
final class RunningRouter {

    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    private final RefusedPeers refusedPeers = new RefusedPeers();
    private RouterConfig config;
    private VirtualRouter machine;
    private int interfaceIndex;
    private @Nullable Timer timer;

    private Instant since;
    private @Nullable Cause cause;
    private long transitions;
    private long sent;
    private long received;
    private long receivedWhileActive;
    private long stalls;
    private @Nullable IpAddress heardSource;
    private @Nullable ChecksumForm heardChecksum;
    private @Nullable Advertisement heard;
    private long heardNanos;
    private Optional<Authentication> authentication = Optional.empty();
    private @Nullable String sendFailure;
    private int failedSends;
    private @Nullable Long mutedUntilNanos;
    private @Nullable Lease lease;
    private long renewedNanos;

    RunningRouter(RouterConfig config, Instant now) {
        this.config = config;
        this.machine = VirtualRouter.create(config.settings(Optional.empty()));
        this.since = now;
    }

    RouterKey key() {
        return config.key();
    }

    RouterConfig config() {
        return config;
    }

    void configure(RouterConfig changed) {
        config = changed;
    }

    /**
     * Takes the password of its fleet where it needs one. A router that runs goes on as it was while that is not known, as
     * nothing is gained by its end.
     */
    void learn(Optional<Authentication.Password> password) {
        switch (config.authentication()) {
            case NONE -> authentication = Optional.of(Authentication.None.NONE);
            case PASSWORD -> password.ifPresent(known -> authentication = Optional.of(known));
        }
    }

    /** How it authenticates its advertisements; empty when that is not known yet, and it then takes no part. */
    Optional<Authentication> authentication() {
        return authentication;
    }

    VirtualRouter machine() {
        return machine;
    }

    void become(VirtualRouter next) {
        machine = next;
    }

    boolean isActive() {
        return machine.state() instanceof State.Active;
    }

    /** Whether VIPs that are there may stay, though this router does not hold them. */
    boolean toleratesVips() {
        return switch (machine.state()) {
            case State.Active ignored -> false;
            case State.Backup backup -> backup.holdsVips();
            case State.Initialize ignored -> machine.settings().lone();
        };
    }

    /** The index of its interface when that was seen last, 0 before. */
    int interfaceIndex() {
        return interfaceIndex;
    }

    void foundAt(int index) {
        interfaceIndex = index;
    }

    // ---- timer

    Optional<Timer> timer() {
        return Optional.ofNullable(timer);
    }

    void startTimer(Timer started) {
        timer = started;
    }

    void cancelTimer(long generation) {
        if (timer != null && timer.generation() == generation) {
            timer = null;
        }
    }

    // ---- lease

    /** Half a second after the last time at the soonest, so that quick adverts cost no more than slow ones. */
    private static final long SHORTEST_RENEWAL_NANOS = 480_000_000L;

    /** Whether the kernel has to be told of this lease: it is another one, or the same that has to be renewed. */
    boolean mustRenew(Lease wanted, long nowNanos) {
        return isAnotherLease(wanted) || (!wanted.isPermanent() && nowNanos - renewedNanos >= SHORTEST_RENEWAL_NANOS);
    }

    boolean isAnotherLease(Lease wanted) {
        return !wanted.equals(lease);
    }

    void renewed(Lease told, long nowNanos) {
        lease = told;
        renewedNanos = nowNanos;
    }

    /** Whether the kernel was told to keep its VIPs for good, as nobody was known that would take over. */
    boolean holdsForGood() {
        return lease != null && lease.isPermanent();
    }

    /** Its VIPs are gone. */
    void endLease() {
        lease = null;
    }

    /** Whether it has been in no state but the first. */
    boolean isNew() {
        return transitions == 0;
    }

    /** Whether it has heard no advert for longer than the down interval. */
    boolean hearsNobody(long nowNanos) {
        return heard == null || nowNanos - heardNanos >= downIntervalNanos(heard);
    }

    // ---- what happened

    void moved(ReportTransition transition, Instant now) {
        since = now;
        cause = transition.cause();
        transitions++;
    }

    void stalled() {
        stalls++;
    }

    void countSent() {
        sent++;
        failedSends = 0;
        sendFailure = null;
    }

    /** How many times in a row it has failed now. */
    int countFailedSend(String message) {
        sendFailure = message;
        failedSends++;
        return failedSends;
    }

    /** Takes it out of the election until then. */
    void mute(long untilNanos) {
        failedSends = 0;
        mutedUntilNanos = untilNanos;
    }

    boolean isMuted(long nowNanos) {
        return mutedUntilNanos != null && nowNanos - mutedUntilNanos < 0;
    }

    void countDrop(DropReason reason, ReceivedMessage message, long nowNanos) {
        drops.merge(reason, 1L, Long::sum);
        refusedPeers.dropped(reason, message, nowNanos);
    }

    void countReceived(Accepted accepted, long nowNanos) {
        received++;
        if (isActive()) {
            receivedWhileActive++;
        }
        heardSource = accepted.source();
        heardChecksum = accepted.checksumForm();
        heard = accepted.advertisement();
        heardNanos = nowNanos;
    }

    // ---- status

    /**
     * The status now.
     *
     * @param otherProblems of its interface and VIPs
     */
    RouterStatus status(Optional<Attachment> attachment, List<Problem> otherProblems, long nowNanos) {
        List<Problem> problems = new ArrayList<>(otherProblems);
        if (config.allVips().isEmpty()) {
            problems.add(new Problem(
                    Problem.Kind.NO_VIPS, key() + " waits for its first VIP: an advertisement needs one to list"));
        }
        if (authentication.isEmpty()) {
            problems.add(new Problem(
                    Problem.Kind.PASSWORD_UNKNOWN,
                    key()
                            + " takes no part yet: the password of its advertisements is not known; see whether the fleet's"
                            + " condition Degraded says that its Secret cannot be read"));
        }
        if (sendFailure != null) {
            problems.add(
                    new Problem(Problem.Kind.SENDING_FAILED, key() + ": advertisements are not sent: " + sendFailure));
        }
        if (heard != null && nowNanos - heardNanos < downIntervalNanos(heard)) {
            peerProblems(heard, problems);
        }
        problems.addAll(refusedPeers.problems(config, downIntervalNanos(), nowNanos));
        problems.sort(Comparator.comparing(Problem::kind));
        return new RouterStatus(
                key(),
                machine.state().name(),
                since,
                Optional.ofNullable(cause),
                transitions,
                attachment.map(Attachment::source),
                activeSource(attachment),
                sent,
                received,
                receivedWhileActive,
                drops,
                Optional.ofNullable(heardChecksum),
                isActive() && lease != null && !lease.isPermanent(),
                stalls,
                problems);
    }

    private static long downIntervalNanos(Advertisement heard) {
        return Timing.downIntervalNanos(heard.version(), 0, heard.intervalCentiseconds());
    }

    private long downIntervalNanos() {
        return Timing.downIntervalNanos(config.version(), 0, machine.settings().intervalCentiseconds());
    }

    private Optional<IpAddress> activeSource(Optional<Attachment> attachment) {
        return switch (machine.state()) {
            case State.Active ignored -> attachment.map(Attachment::source);
            case State.Backup ignored -> Optional.ofNullable(heardSource);
            case State.Initialize ignored -> Optional.empty();
        };
    }

    /** Differences between us and a router that speaks now. */
    private void peerProblems(Advertisement heard, List<Problem> problems) {
        if (key().family() == AddressFamily.IPV4 && heardChecksum != config.checksum()) {
            problems.add(new Problem(
                    Problem.Kind.CHECKSUM_DIFFERS,
                    heardSource + " sends the " + heardChecksum + " checksum and we send " + config.checksum()
                            + ": it may not hear us, set the fleet's vrrp.checksum to its form"));
        }
        if (heard.intervalCentiseconds() != machine.settings().intervalCentiseconds()) {
            problems.add(new Problem(
                    Problem.Kind.INTERVAL_DIFFERS,
                    heardSource + " advertises every " + heard.intervalCentiseconds() * 10 + " ms and we every "
                            + config.intervalMillis() + " ms: set both to one interval"));
        }
        if (!Set.copyOf(heard.addresses()).equals(Set.copyOf(machine.settings().advertised()))) {
            problems.add(new Problem(
                    Problem.Kind.ADDRESSES_DIFFER,
                    heardSource + " advertises other VIPs than we: configure the same ones on both"));
        }
    }
}
