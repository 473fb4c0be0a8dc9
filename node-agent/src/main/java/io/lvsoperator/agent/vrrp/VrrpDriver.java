package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.FleetView;
import io.lvsoperator.agent.heartbeat.Heartbeats;
import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkEvent;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.vrrp.Attachments.Place;
import io.lvsoperator.agent.vrrp.VipPlacement.Vip;
import io.lvsoperator.agent.vrrp.machine.Action;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Event;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.machine.Lease;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.machine.RouterSettings;
import io.lvsoperator.agent.vrrp.machine.Timer;
import io.lvsoperator.agent.vrrp.machine.VirtualRouter;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Reception.Accepted;
import io.lvsoperator.agent.vrrp.wire.Reception.Dropped;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries out what the virtual routers decide, for one thread that calls it and never waits in it. Time, sockets and interfaces
 * are passed in.
 */
final class VrrpDriver {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpDriver.class);

    /** Between two looks at the interfaces when nothing has been notified. */
    static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    /** So that a flood cannot keep the timers from firing. */
    private static final int PACKETS_AT_ONCE = 1024;

    /** An Active that failed to advertise as often has been given up by its peers: it must give up too. */
    private static final int MUTE_AFTER_FAILED_SENDS = 3;

    private static final long MUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Links links;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final TransitionListener listener;
    private final Heartbeats heartbeats;
    private final LongSupplier progress;
    private final Attachments attachments;
    private final VipPlacement placement;
    private final Announcements announcements;
    private final DropLog dropLog;
    private final StallLog stallLog;
    private final RunningRouters routers = new RunningRouters();
    private final Map<DropReason, Long> strayDrops = new EnumMap<>(DropReason.class);
    private Map<String, Authentication.Password> passwords = Map.of();
    private Fence fence;
    private boolean configured;
    private boolean checkNow;
    private long nextCheckNanos;
    private Optional<Problem> networkProblem = Optional.empty();

    /**
     * A driver of no router yet.
     *
     * @param progress a number that changes with each step of the reconcile loop
     */
    VrrpDriver(
            Links links,
            VrrpSockets sockets,
            Heartbeats heartbeats,
            LongSupplier progress,
            LongSupplier nanoTime,
            InstantSource clock,
            TransitionListener listener) {
        this.heartbeats = heartbeats;
        this.progress = progress;
        this.fence = Fence.of(progress.getAsLong(), nanoTime.getAsLong());
        this.links = links;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.listener = listener;
        this.attachments = new Attachments(sockets);
        this.placement = new VipPlacement(links);
        this.announcements = new Announcements(sockets);
        this.dropLog = new DropLog(nanoTime);
        this.stallLog = new StallLog(nanoTime);
        this.nextCheckNanos = nanoTime.getAsLong();
    }

    // ---- what comes in

    /** Runs these routers from now on: withdraws those that are gone, starts the new ones, changes the others in place. */
    void configure(VrrpConfig config) {
        configured = true;
        Map<RouterKey, RouterConfig> wanted = config.routers().stream()
                .collect(Collectors.toMap(RouterConfig::key, Function.identity(), (a, b) -> b, LinkedHashMap::new));
        for (RunningRouter router : routers.all()) {
            if (!wanted.containsKey(router.key())) {
                apply(router, new Event.Shutdown(Ending.WITHDRAWN));
                routers.remove(router);
            }
        }
        wanted.values().forEach(this::configure);
        heartbeats.configure(config.heartbeats());
        check();
    }

    private void configure(RouterConfig config) {
        Optional<RunningRouter> running = routers.get(config.key());
        if (running.isEmpty()) {
            RunningRouter router = new RunningRouter(config, clock.instant());
            routers.add(router);
            learn(router);
            apply(router, new Event.Startup());
        } else if (!running.get().config().equals(config)) {
            running.get().configure(config);
            learn(running.get());
            apply(running.get(), new Event.SettingsChanged(settings(running.get())));
        }
    }

    /** These are the passwords of fleets from now on. */
    void learn(Map<String, Authentication.Password> newest) {
        if (!newest.equals(passwords)) {
            passwords = newest;
            routers.all().forEach(this::learn);
            checkNow = true;
        }
    }

    private void learn(RunningRouter router) {
        router.learn(Optional.ofNullable(passwords.get(router.key().fleet())));
    }

    /** Something about an interface or an address has changed. Our own additions and removals are nothing new. */
    void networkChanged(LinkEvent event) {
        boolean ownEcho = switch (event) {
            case LinkEvent.AddressChanged changed -> changed.address().isMarkedAsOurs();
            case LinkEvent.AddressRemoved removed ->
                removed.address().isMarkedAsOurs() && !routers.isWanted(vip(removed.address()));
            case LinkEvent.LinkChanged ignored -> false;
            case LinkEvent.LinkRemoved ignored -> false;
            case LinkEvent.Resync ignored -> false;
        };
        checkNow |= !ownEcho;
    }

    /** Takes what has arrived on all sockets. */
    void receive() {
        heartbeats.receive();
        for (Place place : attachments.places()) {
            attachments.at(place).ifPresent(attachment -> receive(place, attachment));
        }
    }

    private void receive(Place place, Attachment attachment) {
        try {
            for (ReceivedMessage message : attachment.socket().receive(PACKETS_AT_ONCE)) {
                receive(place, attachment, message);
            }
        } catch (IOException e) {
            LOG.warn("cannot receive VRRP on {}: {}", place.interfaceName(), e.getMessage());
            attachments.detach(place);
            checkNow = true;
        }
    }

    private void receive(Place place, Attachment attachment, ReceivedMessage message) {
        switch (AdvertisementCodec.decode(
                message,
                place.family(),
                id -> routers.at(place, id)
                        .flatMap(router -> router.authentication()
                                .map(own -> router.config().expected(own))),
                attachment.source())) {
            case Accepted accepted ->
                routers.at(place, accepted.advertisement().virtualRouterId()).ifPresent(router -> {
                    router.countReceived(accepted, nanoTime.getAsLong());
                    apply(
                            router,
                            new Event.AdvertisementReceived(
                                    accepted.advertisement(), accepted.source(), attachment.source()));
                });
            case Dropped dropped -> {
                routers.at(place, dropped.virtualRouterId())
                        .ifPresentOrElse(
                                router -> router.countDrop(dropped.reason(), message, nanoTime.getAsLong()),
                                () -> strayDrops.merge(dropped.reason(), 1L, Long::sum));
                dropLog.dropped(place, dropped, message);
            }
        }
    }

    /** Does what is due: a look at the interfaces, expired timers, announcements. */
    void tick() {
        long now = nanoTime.getAsLong();
        if (checkNow || now - nextCheckNanos >= 0) {
            check();
        }
        for (RunningRouter router : routers.all()) {
            Optional<Timer> timer = router.timer();
            if (timer.isPresent() && now - timer.get().deadlineNanos() >= 0) {
                apply(router, new Event.TimerExpired(timer.get().generation()));
            }
        }
        routers.all().stream()
                .filter(router -> router.isActive() && router.isAnotherLease(lease(router)))
                .forEach(this::renew);
        announcements.sendDue(nanoTime.getAsLong());
        heartbeats.tick(this::view, fence.isStuck());
    }

    /** How long until {@link #tick} has something to do. */
    long nanosToNextTick() {
        if (checkNow) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long next = Math.clamp(nextCheckNanos - now, 0, CHECK_NANOS);
        for (RunningRouter router : routers.all()) {
            long timerDue = router.timer()
                    .map(timer -> Math.max(0, timer.deadlineNanos() - now))
                    .orElse(CHECK_NANOS);
            next = Math.min(next, timerDue);
        }
        return heartbeats.nanosToNext(now, announcements.nanosToNext(now, next));
    }

    /** Ends all routers as {@code ending} says and closes the sockets. */
    void shutdown(Ending ending) {
        routers.all().forEach(router -> apply(router, new Event.Shutdown(ending)));
        attachments.detachAll();
        heartbeats.close();
    }

    // ---- interfaces and addresses

    /** Compares interfaces and addresses with what should be, and repairs. Unknown is not empty: then nothing is touched. */
    private void check() {
        checkNow = false;
        nextCheckNanos = nanoTime.getAsLong() + CHECK_NANOS;
        lookAtLoop();
        if (!configured) {
            return;
        }
        try {
            follow(links.state());
            networkProblem = Optional.empty();
        } catch (NetlinkException e) {
            LOG.warn("cannot list interfaces and addresses: {}", e.getMessage());
            networkProblem = Optional.of(new Problem(
                    Problem.Kind.NETWORK_UNKNOWN, "interfaces and addresses cannot be listed: " + e.getMessage()));
        }
    }

    private void follow(NetworkState state) {
        placement.observe(state);
        attachments.follow(state, routers.places(), routers.configuredVips());
        routers.all().forEach(router -> followLink(router, state));
        reconcileVips();
    }

    private void followLink(RunningRouter router, NetworkState state) {
        Optional<Attachment> attachment = attachmentOf(router)
                .filter(ignored -> !router.isMuted(nanoTime.getAsLong()))
                .filter(found -> !router.config().isUnknownToPeersAs(found.source()))
                .filter(ignored -> router.authentication().isPresent());
        int index = state.link(router.key().interfaceName()).map(Link::index).orElse(router.interfaceIndex());
        if (router.machine().linkUp() && (attachment.isEmpty() || index != router.interfaceIndex())) {
            apply(router, new Event.LinkDown());
        }
        router.foundAt(index);
        if (attachment.isEmpty()) {
            return;
        }
        RouterSettings settings = settings(router);
        if (!settings.equals(router.machine().settings())) {
            apply(router, new Event.SettingsChanged(settings));
        }
        if (!router.machine().linkUp()) {
            if (mayResume(router, attachment.get().link(), settings)) {
                perform(router, VirtualRouter.resume(settings, nanoTime.getAsLong()));
            } else {
                apply(router, new Event.LinkUp());
            }
        }
    }

    /** The agent before this one has left VIPs that nobody else can have taken yet. */
    private boolean mayResume(RunningRouter router, Link link, RouterSettings settings) {
        OptionalLong left = placement.leastSecondsLeft(link, settings.vips());
        return router.isNew() && left.isPresent() && Lease.provesRecentAdvert(settings, left.getAsLong());
    }

    private void reconcileVips() {
        Map<Link, Map<IpAddress, Lease>> wanted = new HashMap<>();
        routers.all().stream()
                .filter(RunningRouter::isActive)
                .forEach(router -> linkOf(router)
                        .ifPresent(link -> router.machine()
                                .settings()
                                .vips()
                                .forEach(vip -> wanted.computeIfAbsent(link, ignored -> new HashMap<>())
                                        .merge(vip, lease(router), Lease::longer))));
        placement.reconcile(wanted, routers.tolerated()).forEach((link, vips) -> {
            LOG.warn("VIPs {} were gone from {} and have been put back", vips, link.name());
            link.hardware().ifPresent(mac -> announcements.start(link.index(), mac, vips, nanoTime.getAsLong()));
        });
    }

    // ---- actions

    private void apply(RunningRouter router, Event event) {
        perform(router, router.machine().on(event, nanoTime.getAsLong(), isUnrivalled(router)));
    }

    private void perform(RunningRouter router, VirtualRouter.Step step) {
        router.become(step.router());
        step.actions().forEach(action -> perform(router, action));
    }

    private void perform(RunningRouter router, Action action) {
        switch (action) {
            case Action.SendAdvertisement send -> {
                send(router, send.advertisement());
                renew(router);
            }
            case Action.AddVips add -> linkOf(router).ifPresent(link -> placement.add(link, add.vips(), lease(router)));
            case Action.RemoveVips remove -> remove(router, remove.vips());
            case Action.Announce announce -> announce(router, announce.vips());
            case Action.StartTimer start -> router.startTimer(start.timer());
            case Action.CancelTimer cancel -> router.cancelTimer(cancel.generation());
            case ReportTransition transition -> report(router, transition);
            case Action.ReportStall stall -> {
                router.stalled();
                stallLog.stalled(router.key(), stall.lateNanos());
            }
        }
    }

    private void send(RunningRouter router, Advertisement advertisement) {
        Optional<Attachment> attachment = attachmentOf(router);
        Optional<Authentication> authentication = router.authentication();
        if (attachment.isEmpty() || authentication.isEmpty()) {
            return;
        }
        try {
            for (IpAddress destination : router.config().destinations()) {
                byte[] message = AdvertisementCodec.encode(
                        advertisement,
                        attachment.get().source(),
                        destination,
                        router.config().checksum(),
                        authentication.get());
                attachment.get().socket().send(message, destination);
            }
            router.countSent();
        } catch (IOException e) {
            sendFailed(router, e);
        }
    }

    // ---- lease, fence, heartbeat

    /** As it was known before this thread last slept: what has come meanwhile may be unread. */
    private boolean isUnrivalled(RunningRouter router) {
        return router.holdsForGood() && heartbeats.listens(router.key().fleet());
    }

    private Lease lease(RunningRouter router) {
        RouterKey key = router.key();
        return Lease.of(router.machine().settings(), heartbeats.peerCanServe(key.fleet(), key.family()));
    }

    /** Gives the VIPs that an Active holds their lease, where that is another one or has to be renewed. */
    private void renew(RunningRouter router) {
        if (!router.isActive()) {
            router.endLease();
            return;
        }
        Lease lease = lease(router);
        long now = nanoTime.getAsLong();
        if (router.mustRenew(lease, now)) {
            linkOf(router).ifPresent(link -> {
                placement.renew(link, router.machine().settings().vips(), lease);
                router.renewed(lease, now);
            });
        }
    }

    private RouterSettings settings(RunningRouter router) {
        RouterSettings settings = router.config().settings(linkOf(router));
        return fence.isStuck() ? settings.at(RouterSettings.MIN_PRIORITY) : settings;
    }

    private void lookAtLoop() {
        boolean before = fence.isStuck();
        fence = fence.look(progress.getAsLong(), nanoTime.getAsLong());
        if (before == fence.isStuck()) {
            return;
        }
        LOG.atLevel(fence.isStuck() ? Level.ERROR : Level.INFO)
                .log("the reconcile loop {}", fence.isStuck() ? "is stuck: any other director shall serve" : "goes on");
        listener.fenced(fence.isStuck());
        if (fence.isStuck()) {
            routers.all().forEach(this::handOver);
        }
    }

    /** A Backup that does not preempt, or not at once, would wait, whatever our priority. */
    private void handOver(RunningRouter router) {
        boolean wouldWait = router.isActive() && !router.config().preemption().equals(Preemption.AT_ONCE);
        if (wouldWait
                && heartbeats.healthyPeerWaits(
                        router.key().fleet(), router.key().family())) {
            apply(router, new Event.Shutdown(Ending.AGENT_STOPS));
            apply(router, new Event.Startup());
        }
    }

    private FleetView view(String fleet) {
        List<RunningRouter> ofFleet = routers.all().stream()
                .filter(router -> router.key().fleet().equals(fleet))
                .toList();
        return new FleetView(
                ofFleet.stream()
                        .limit(Heartbeat.MAX_ROUTERS)
                        .map(router -> new Heartbeat.Router(
                                router.key().family(),
                                router.key().virtualRouterId(),
                                router.machine().state().name(),
                                router.machine().settings().priority()))
                        .toList(),
                ofFleet.stream()
                        .filter(router -> router.hearsNobody(nanoTime.getAsLong()))
                        .map(router -> router.key().family())
                        .collect(Collectors.toSet()));
    }

    private void sendFailed(RunningRouter router, IOException e) {
        LOG.warn("{}: advertisement not sent: {}", router.key(), e.getMessage());
        if (router.countFailedSend(String.valueOf(e.getMessage())) >= MUTE_AFTER_FAILED_SENDS) {
            router.mute(nanoTime.getAsLong() + MUTE_NANOS);
        }
        checkNow = true;
    }

    /** All but what another router of this node holds on the same interface. */
    private void remove(RunningRouter router, List<IpAddress> vips) {
        int index = router.interfaceIndex();
        List<IpAddress> removable = routers.notHeldByOthers(router, vips);
        announcements.forget(index, removable);
        placement.remove(index, removable);
    }

    private void announce(RunningRouter router, List<IpAddress> vips) {
        attachmentOf(router)
                .ifPresent(attachment ->
                        announcements.start(attachment.link().index(), attachment.mac(), vips, nanoTime.getAsLong()));
    }

    private void report(RunningRouter router, ReportTransition transition) {
        router.moved(transition, clock.instant());
        LOG.info(
                "{}: {} -> {}: {}",
                router.key(),
                transition.from(),
                transition.to(),
                transition.cause().text());
        try {
            listener.changed(router.key(), transition);
        } catch (RuntimeException e) {
            LOG.error("{}: a listener has failed", router.key(), e);
        }
    }

    // ---- look-ups and status

    private static Vip vip(InterfaceAddress address) {
        return new Vip(address.interfaceIndex(), address.address());
    }

    private Optional<Attachment> attachmentOf(RunningRouter router) {
        return attachments.at(Place.of(router.key()));
    }

    private Optional<Link> linkOf(RunningRouter router) {
        return attachmentOf(router).map(Attachment::link);
    }

    VrrpStatus status() {
        List<RouterStatus> statuses = routers.all().stream()
                .map(router -> router.status(attachmentOf(router), problems(router), nanoTime.getAsLong()))
                .toList();
        return new VrrpStatus(configured, statuses, strayDrops, heartbeats.status(), fence.isStuck(), Optional.empty());
    }

    private List<Problem> problems(RunningRouter router) {
        List<Problem> problems = new ArrayList<>();
        networkProblem.ifPresent(problems::add);
        attachments.problem(Place.of(router.key())).ifPresent(problems::add);
        attachmentOf(router).ifPresent(attachment -> {
            problems.addAll(PeerAddresses.problems(router.config(), attachment.source()));
            problems.addAll(vipProblems(router, attachment.link()));
        });
        return problems;
    }

    /** One problem of each kind stands for all of it. */
    private Collection<Problem> vipProblems(RunningRouter router, Link link) {
        return router.config().allVips().stream()
                .flatMap(vip -> placement.problem(link, vip).stream())
                .collect(Collectors.toMap(Problem::kind, Function.identity(), (first, other) -> first))
                .values();
    }
}
