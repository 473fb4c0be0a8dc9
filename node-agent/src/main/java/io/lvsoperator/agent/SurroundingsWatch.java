package io.lvsoperator.agent;

import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.firewall.Firewall;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.settings.KernelSettings;
import io.lvsoperator.agent.surroundings.Surroundings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every now and then for what else on this node works against its services. On a thread of its own: a firewall may have tens
 * of thousands of rules, and repairs shall not wait for them to be read.
 */
final class SurroundingsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SurroundingsWatch.class);

    /** Between two looks. */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    /** kube-proxy syncs every thirty seconds unless told otherwise: what deletes at each sync has done so within that time. */
    static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Firewall firewall;
    private final Links links;
    private final KernelSettings settings;
    private final String nodeName;
    private final LongSupplier nanoTime;
    private final Runnable onChange;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("surroundings").factory());

    /** What a look is to know. */
    private record Occasion(Assignment assignment, boolean servicesWereDeleted) {}

    private volatile Surroundings last = Surroundings.QUIET;
    private final AtomicReference<@Nullable Occasion> waiting = new AtomicReference<>();
    private long nextLook;
    private boolean deletionSeen;
    private long deletion;

    SurroundingsWatch(
            Firewall firewall,
            Links links,
            KernelSettings settings,
            String nodeName,
            LongSupplier nanoTime,
            Runnable onChange) {
        this.firewall = firewall;
        this.links = links;
        this.settings = settings;
        this.nodeName = nodeName;
        this.nanoTime = nanoTime;
        this.onChange = onChange;
        this.nextLook = nanoTime.getAsLong();
    }

    /**
     * Has a look begun if it is time to, or if services of ours were found deleted or our own rules changed; its outcome is there
     * after {@code onChange}. For one thread.
     *
     * @return what the last look came to
     */
    Surroundings after(Report report) {
        long now = nanoTime.getAsLong();
        boolean deleted = report.drift()
                && report.done().containsKey(new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.SERVICE));
        if (deleted) {
            deletionSeen = true;
            deletion = now;
        }
        boolean filtered = report.done().keySet().stream()
                .anyMatch(change -> change.object() == Applied.ObjectKind.FIREWALL_TABLE);
        if (deleted || filtered || now - nextLook >= 0) {
            nextLook = now + INTERVAL.toNanos();
            boolean lately = deletionSeen && now - deletion < REMEMBERED.toNanos();
            try {
                // One that waits is told the latest, so that there is never a queue of them.
                if (waiting.getAndSet(new Occasion(report.assignment(), lately)) == null) {
                    executor.execute(this::look);
                }
            } catch (RejectedExecutionException closed) {
                LOG.debug("no look at the surroundings, as the agent stops");
            }
        }
        return last;
    }

    /** What is not known now is taken to be as it was. */
    private void look() {
        Occasion occasion = Objects.requireNonNull(waiting.getAndSet(null), "a look without an occasion");
        try {
            Surroundings.Seen seen = new Surroundings.Seen(
                    links.state(), firewall.ruleset(), settings.read(), occasion.servicesWereDeleted());
            Surroundings found =
                    Surroundings.judge(DesiredStateCompiler.compile(occasion.assignment(), nodeName), seen, nodeName);
            publish(found);
        } catch (NetlinkException unknown) {
            publish(last.unseen(nodeName, String.valueOf(unknown.getMessage())));
        } catch (RuntimeException bug) {
            LOG.error("the look at the surroundings failed by a bug; the next one is in {}", INTERVAL, bug);
        }
    }

    private void publish(Surroundings found) {
        boolean changed = !found.equals(last);
        last = found;
        if (changed) {
            onChange.run();
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
