package io.lvsoperator.agent;

import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.LinkEvent;
import io.lvsoperator.agent.link.LinkMonitor;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.Poller;
import io.lvsoperator.agent.nativeaccess.WakeUp;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the reconcile loop at once when an interface or address changes, rather than at its next comparison. */
final class NetworkWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LinkMonitor monitor;
    private final WakeUp wakeUp;
    private final Runnable onChange;
    private final Thread thread;
    private volatile boolean stopping;

    NetworkWatch(Runnable onChange) throws IOException {
        this.monitor = LinkMonitor.open();
        this.wakeUp = WakeUp.open();
        this.onChange = onChange;
        this.thread = Thread.ofPlatform().name("network-watch").start(this::run);
    }

    private void run() {
        Poller poller = new Poller(monitor.source(), wakeUp);
        while (!stopping) {
            try {
                poller.await(PATIENCE);
                if (monitor.events().stream().anyMatch(event -> !isRenewal(event))) {
                    onChange.run();
                }
            } catch (NativeException e) {
                LOG.error(
                        "network changes are no longer heard of at once, only at each comparison: {}", e.getMessage());
                return;
            }
        }
    }

    /** Leases of VIPs are renewed every second, by the thousand. */
    private static boolean isRenewal(LinkEvent event) {
        return event instanceof LinkEvent.AddressChanged(var address)
                && address.isMarkedAsOurs()
                && address.validSeconds() != InterfaceAddress.FOREVER;
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        wakeUp.signal();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitor.close();
        wakeUp.close();
    }
}
