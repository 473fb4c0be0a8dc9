package io.lvsoperator.agent.answering;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.connections.ConnectionTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for real servers that do not answer, on a thread of its own: listing a large connection table takes the kernel seconds,
 * which the reconcile loop does not have. It looks every five seconds, and less often where a look takes long; but often
 * enough to see connections wait, which the kernel remembers for a minute.
 */
public final class AnsweringWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnsweringWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(15);
    private static final int PAUSES_PER_LOOK = 20;

    private final ConnectionTable table;
    private final Runnable onChange;
    private final Judge judge = new Judge();
    private final long started = System.nanoTime();
    private final Thread thread;
    private volatile @Nullable Comparison latest;
    private volatile List<NotAnswering> found = List.of();
    private volatile boolean stopping;
    private boolean unreadable;

    /**
     * Starts to watch.
     *
     * @param onChange is called on the watch's thread when {@link #found} has changed
     */
    public AnsweringWatch(ConnectionTable table, Runnable onChange) {
        this.table = table;
        this.onChange = onChange;
        this.thread = Thread.ofPlatform().name("answering").start(this::run);
    }

    /** Takes in what a pass has read of the kernel. */
    public void passed(Report report) {
        latest = report.comparison().orElse(null);
    }

    /** Those that do not answer, by service. */
    public List<NotAnswering> found() {
        return found;
    }

    private void run() {
        while (!stopping) {
            long begun = System.nanoTime();
            look();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            Duration pause = took.multipliedBy(PAUSES_PER_LOOK);
            sleep(between(INTERVAL, pause, LONGEST_INTERVAL));
        }
    }

    private static Duration between(Duration least, Duration wanted, Duration most) {
        Duration atLeast = wanted.compareTo(least) > 0 ? wanted : least;
        return atLeast.compareTo(most) < 0 ? atLeast : most;
    }

    private void look() {
        Comparison comparison = latest;
        if (comparison == null) {
            return;
        }
        try {
            Suspects suspects = Suspects.of(comparison, judge::isUnderSuspicion);
            if (!suspects.isEmpty()) {
                table.read(connection -> {
                    suspects.count(connection);
                    return !stopping;
                });
            }
            if (!suspects.isEmpty() || judge.hasCases()) {
                publish(judge.look(suspects.samples(), Duration.ofNanos(System.nanoTime() - started)));
            }
            unreadable = false;
        } catch (IOException | RuntimeException e) {
            if (!unreadable) {
                LOG.warn("real servers that do not answer are not found", e);
            }
            unreadable = true;
        }
    }

    private void publish(List<NotAnswering> now) {
        if (!now.equals(found)) {
            found = now;
            onChange.run();
        }
    }

    private void sleep(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        while (!stopping && System.nanoTime() < end) {
            LockSupport.parkNanos(this, end - System.nanoTime());
        }
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
    }
}
