package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.Heartbeats;
import io.lvsoperator.agent.heartbeat.TableState;
import io.lvsoperator.agent.heartbeat.UdpHeartbeatSockets;
import io.lvsoperator.agent.link.LinkMonitor;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.Pollable;
import io.lvsoperator.agent.nativeaccess.Poller;
import io.lvsoperator.agent.nativeaccess.WakeUp;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.vrrp.machine.Event.Ending;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all virtual routers of this node on one platform thread with sockets of its own, so that neither an election nor a VIP
 * ever waits for anything else that the agent does.
 *
 * <p>Until the first {@link #configure} it touches nothing. {@link VrrpConfig#NONE} takes everything back that it, or an earlier
 * agent, has put on an interface.
 */
public final class VrrpThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpThread.class);

    /** Enough for the last advertisements and the removal of a thousand VIPs. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** While somebody waits for this thread, so that its end is noticed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** A configuration and its number in the order of their coming. */
    private record Numbered(long number, VrrpConfig config) {}

    private final AtomicReference<@Nullable Numbered> pending = new AtomicReference<>();
    private final AtomicLong handedOver = new AtomicLong();
    private final Object progress = new Object();

    private long carriedOut;

    private final WakeUp wakeUp;
    private final LinkMonitor monitor;
    private final NetlinkSocket netlink;
    private final NativeVrrpSockets sockets;
    private final UdpHeartbeatSockets heartbeatSockets = new UdpHeartbeatSockets();
    private final Heartbeats heartbeats;
    private final VrrpDriver driver;
    private final Thread thread;
    private volatile Map<String, byte[]> keys = Map.of();
    private volatile Map<String, Authentication.Password> passwords = Map.of();
    private volatile Map<String, TableState> tables = Map.of();
    private volatile VrrpStatus status = VrrpStatus.INITIAL;
    private volatile boolean stopping;

    private VrrpThread(TransitionListener listener, LongSupplier progress, WakeUp wakeUp, LinkMonitor monitor) {
        this.wakeUp = wakeUp;
        this.monitor = monitor;
        this.netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
        this.sockets = new NativeVrrpSockets();
        this.heartbeats = new Heartbeats(heartbeatSockets, System::nanoTime, new SecureRandom().nextLong());
        this.driver = new VrrpDriver(
                new NetlinkLinks(netlink),
                sockets,
                heartbeats,
                progress,
                System::nanoTime,
                InstantSource.system(),
                listener);
        this.thread = Thread.ofPlatform().name("vrrp").unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param listener hears of every change of state
     * @param progress a number that changes with each step of what programs the kernel: when it stands still for
     *     {@link Fence#STUCK_AFTER}, another director shall serve
     * @throws IOException if the kernel gives no wake-up or no route notifications
     */
    public static VrrpThread start(TransitionListener listener, LongSupplier progress) throws IOException {
        WakeUp wakeUp = WakeUp.open();
        try {
            VrrpThread vrrp = new VrrpThread(listener, progress, wakeUp, LinkMonitor.open());
            vrrp.thread.start();
            return vrrp;
        } catch (IOException e) {
            wakeUp.close();
            throw e;
        }
    }

    /** Runs this from now on; from any thread, at any time. Of several in a row only the last may be seen. */
    public void configure(VrrpConfig config) {
        pending.set(new Numbered(handedOver.incrementAndGet(), config));
        signal();
    }

    /**
     * What directors of fleets know each other by; from any thread, at any time.
     *
     * @param newestKeys for the heartbeat, by fleet
     * @param newestPasswords for the advertisements of version 2, by fleet
     */
    public void learn(Map<String, byte[]> newestKeys, Map<String, Authentication.Password> newestPasswords) {
        keys = Map.copyOf(newestKeys);
        passwords = Map.copyOf(newestPasswords);
    }

    /** This much of fleets has been applied, for the heartbeat; from any thread, at any time. */
    public void applied(Map<String, TableState> now) {
        tables = Map.copyOf(now);
    }

    /**
     * Waits until the configuration that was handed over last has been carried out: what is no longer in it has let go of its
     * VIPs.
     *
     * @return false when that takes longer than {@code limit}, or will never be
     */
    public boolean awaitConfigured(Duration limit) throws InterruptedException {
        long wanted = handedOver.get();
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (progress) {
            while (carriedOut < wanted) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || !isAlive()) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(progress, Math.min(left, LOOK_AGAIN.toNanos()));
            }
            return true;
        }
    }

    /** The state as of the last thing that happened. */
    public VrrpStatus status() {
        return status;
    }

    /** Whether it still defends what it holds; false after {@link #close} and after a failure, which the status then tells. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** {@link #close(Duration)} with a limit that a working thread keeps easily. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Ends all virtual routers: an Active with peers says that it leaves and lets go of its VIPs, one without keeps them.
     *
     * @return whether that was done within {@code limit}
     */
    public boolean close(Duration limit) {
        stopping = true;
        try {
            signal();
            if (thread.join(limit)) {
                wakeUp.close();
                return true;
            }
            LOG.error("the VRRP thread did not end within {}", limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NativeException e) {
            LOG.warn("cannot close {}: {}", wakeUp, e.getMessage());
        }
        return false;
    }

    private void signal() {
        try {
            wakeUp.signal();
        } catch (NativeException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- on the thread

    private void run() {
        Optional<String> failure = Optional.empty();
        try {
            loop();
        } catch (IOException | RuntimeException | Error e) {
            // whatever it is: an Active that cannot go on must not keep its VIPs from a peer that can
            LOG.error("the VRRP thread has failed and gives up what it holds", e);
            failure = Optional.of(e.toString());
        } finally {
            driver.shutdown(Ending.AGENT_STOPS);
            VrrpStatus last = driver.status();
            status = last.endedBy(failure);
            closeSockets();
        }
    }

    private void loop() throws IOException {
        List<Pollable> sources = List.of();
        Poller poller = new Poller(sources);
        while (!stopping) {
            List<Pollable> current = sources();
            if (!current.equals(sources)) {
                sources = current;
                poller = new Poller(sources);
            }
            poller.await(Duration.ofNanos(driver.nanosToNextTick()));
            wakeUp.clear();
            monitor.events().forEach(driver::networkChanged);
            heartbeats.learn(keys);
            driver.learn(passwords);
            heartbeats.applied(tables);
            Numbered next = pending.getAndSet(null);
            if (next != null) {
                driver.configure(next.config());
            }
            driver.receive();
            driver.tick();
            status = driver.status();
            if (next != null) {
                tellCarriedOut(next.number());
            }
        }
    }

    private void tellCarriedOut(long number) {
        synchronized (progress) {
            carriedOut = number;
            progress.notifyAll();
        }
    }

    private List<Pollable> sources() {
        List<Pollable> sources = new ArrayList<>();
        sources.add(wakeUp);
        sources.add(monitor.source());
        sources.addAll(sockets.receiving());
        sources.addAll(heartbeatSockets.receiving());
        return sources;
    }

    private void closeSockets() {
        try (netlink;
                monitor;
                sockets) {
            LOG.debug("the VRRP thread has ended");
        } catch (NativeException e) {
            LOG.warn("cannot close the sockets of the VRRP thread: {}", e.getMessage());
        }
    }
}
