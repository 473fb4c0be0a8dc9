package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that reconciles: what was edited at once, and everything when it is poked and at the latest after
 * {@link #COMPARISON_INTERVAL}, so that what strangers do to the kernel is put right within two seconds. IPVS sends no
 * notifications.
 */
public final class ReconcileLoop implements AutoCloseable {
    /** Longest time between two comparisons with the kernel. */
    public static final Duration COMPARISON_INTERVAL = Duration.ofMillis(1500);

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

    private final Reconciler reconciler;
    private final Supplier<Optional<Assignment>> assignments;
    private final Consumer<Report> reports;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition poked = lock.newCondition();
    private final Thread thread;
    private final Turns turns = new Turns(COMPARISON_INTERVAL.toNanos());
    private final Edits meanwhile = new Meanwhile();
    private volatile boolean stopping;
    private volatile long rounds;
    private volatile long lastPassNanos = System.nanoTime();

    /**
     * Prepares the loop; {@link #start} starts it.
     *
     * @param assignments the assignment to work on, empty while none is known
     * @param reports hears of every pass, on the loop's thread
     */
    public ReconcileLoop(Reconciler reconciler, Supplier<Optional<Assignment>> assignments, Consumer<Report> reports) {
        this.reconciler = reconciler;
        this.assignments = assignments;
        this.reports = reports;
        this.thread = Thread.ofPlatform().name("reconcile").unstarted(this::run);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** The kernel may have changed: compare everything soon. */
    public void poke() {
        wake(turns::disturbed);
    }

    /** What is wanted, or what there is to report, may have changed: see to that soon. */
    public void edited() {
        wake(turns::edited);
    }

    private void wake(Runnable reason) {
        lock.lock();
        try {
            reason.run();
            poked.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How long ago the loop last came round; it is alive when this is not much longer than the interval. */
    public Duration sinceLastPass() {
        return Duration.ofNanos(System.nanoTime() - lastPassNanos);
    }

    /** How many times the loop has come round. */
    public long rounds() {
        return rounds;
    }

    private void run() {
        try {
            while (!stopping) {
                Turns.Turn turn = awaitTurn();
                Optional<Assignment> assignment = assignments.get();
                if (!stopping && assignment.isPresent()) {
                    Report report = turn == Turns.Turn.EDIT
                            ? reconciler.edit(assignment.get())
                            : reconciler.reconcile(assignment.get(), meanwhile);
                    if (report.extent() == Report.Extent.EVERYTHING) {
                        looked();
                    }
                    reports.accept(report);
                } else {
                    looked();
                }
                lastPassNanos = System.nanoTime();
                comeRound();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("the reconcile loop was interrupted");
        } catch (RuntimeException bug) {
            // The loop must not die silently: liveness fails, and the kubelet restarts the agent.
            LOG.error("the reconcile loop ended by a bug; the agent will be restarted", bug);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void comeRound() {
        rounds++;
    }

    /** On the loop's thread. */
    private final class Meanwhile implements Edits {
        private long begun;

        @Override
        public Optional<Assignment> next() {
            return mayInterrupt() ? assignments.get() : Optional.empty();
        }

        private boolean mayInterrupt() {
            lock.lock();
            try {
                begun = System.nanoTime();
                return turns.interrupt(begun);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void done(Report report) {
            reports.accept(report);
            lock.lock();
            try {
                turns.interrupted(begun, System.nanoTime());
            } finally {
                lock.unlock();
            }
        }
    }

    private Turns.Turn awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Turns.Turn turn = turns.next(System.nanoTime());
                if (turn != Turns.Turn.NOTHING || stopping) {
                    return turn;
                }
                poked.awaitNanos(turns.untilLook(System.nanoTime()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void looked() {
        lock.lock();
        try {
            turns.looked(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** Lets the pass under way end, then stops. The kernel is left as it is. */
    @Override
    public void close() {
        stopping = true;
        poke();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
