package io.lvsoperator.e2e.lab.kubelet;

import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Running;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.State;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Terminated;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Waiting;
import io.lvsoperator.e2e.lab.kubelet.Plan.ContainerPlan;
import io.lvsoperator.e2e.lab.kubelet.Plan.ProbePlan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one container as a process: starts it, probes it, starts it again when it ends, stops it. */
final class ContainerRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerRunner.class);

    /** A kubelet waits 10 s to 5 min; tests need not. */
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    /** A run that lasted so long was a good one: the next back-off is the first again. */
    private static final Duration GOOD_RUN = Duration.ofMinutes(1);

    private final ContainerPlan plan;
    private final List<String> commandLine;
    private final RestartPolicy policy;
    private final Duration grace;
    private final Path log;
    private final Prober prober;
    private final Clock clock;
    private final Runnable changed;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private State state = new Waiting("ContainerCreating", "");
    private @Nullable Terminated last;
    private int restarts;
    private boolean started;
    private boolean ready;
    private @Nullable Process process;

    /** As in the pod API. */
    enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER;

        static RestartPolicy of(@Nullable String name) {
            return switch (name) {
                case "Never" -> NEVER;
                case "OnFailure" -> ON_FAILURE;
                case null, default -> ALWAYS;
            };
        }

        boolean restarts(int exitCode) {
            return switch (this) {
                case ALWAYS -> true;
                case ON_FAILURE -> exitCode != 0;
                case NEVER -> false;
            };
        }
    }

    /**
     * A runner that is not started yet.
     *
     * @param restarts how often the container was restarted before, by this kubelet's predecessor
     * @param changed is called after every change of the snapshot
     */
    ContainerRunner(
            ContainerPlan plan,
            List<String> commandLine,
            RestartPolicy policy,
            Duration grace,
            Path log,
            Prober prober,
            Clock clock,
            int restarts,
            Runnable changed) {
        this.plan = plan;
        this.commandLine = commandLine;
        this.policy = policy;
        this.grace = grace;
        this.log = log;
        this.prober = prober;
        this.clock = clock;
        this.restarts = restarts;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("container-" + plan.name()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    synchronized ContainerSnapshot snapshot() {
        return new ContainerSnapshot(plan.name(), plan.image(), state, last, restarts, started, ready);
    }

    /** SIGKILL, as a crash: the container starts again by its restart policy. */
    void crash() {
        Process victim = current();
        if (victim != null) {
            killTree(victim);
        }
    }

    /** SIGTERM, after the grace period SIGKILL, and no restart; returns when the process is gone. */
    void stop(Duration limit) throws InterruptedException {
        stopping.countDown();
        Process running = current();
        if (running != null) {
            terminate(running, limit);
        }
        thread.join();
    }

    /** SIGKILL and no restart, without waiting. */
    void kill() {
        stopping.countDown();
        crash();
    }

    private synchronized @Nullable Process current() {
        return process;
    }

    private void run() {
        Duration backOff = Duration.ZERO;
        try {
            while (stopping.getCount() > 0) {
                Instant from = clock.instant();
                int exit = runOnce(from);
                if (stopping.getCount() == 0 || !policy.restarts(exit)) {
                    return;
                }
                boolean good = Duration.between(from, clock.instant()).compareTo(GOOD_RUN) >= 0;
                backOff = good ? Duration.ZERO : next(backOff);
                update(() -> state = new Waiting("CrashLoopBackOff", "exit status %d; starts again".formatted(exit)));
                if (stopping.await(backOff.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                update(() -> restarts++);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing before the first restart, then ever longer. */
    private static Duration next(Duration backOff) {
        if (backOff.isZero()) {
            return FIRST_BACK_OFF;
        }
        Duration doubled = backOff.multipliedBy(2);
        return doubled.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : doubled;
    }

    private int runOnce(Instant from) throws InterruptedException {
        Process run;
        try {
            run = new ProcessBuilder(commandLine)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + commandLine, e);
        }
        update(() -> {
            process = run;
            state = new Running(from);
            started = plan.startup() == null;
            ready = started && plan.readiness() == null;
        });
        if (stopping.getCount() == 0) {
            killTree(run); // stopped between the check and the start
        }
        int exit;
        try (ProbeLoops probes = new ProbeLoops()) {
            startProbes(run, probes);
            exit = run.waitFor();
        }
        LOG.info("container {} of {} ended with {}", plan.name(), plan.image(), exit);
        Terminated end = new Terminated(exit, exit == 0 ? "Completed" : "Error", from, clock.instant());
        update(() -> {
            process = null;
            state = end;
            last = end;
            started = false;
            ready = false;
        });
        return exit;
    }

    /** The other probes begin when the startup probe has succeeded. */
    private void startProbes(Process run, ProbeLoops probes) {
        ProbePlan startup = plan.startup();
        if (startup == null) {
            startLastingProbes(run, probes);
            return;
        }
        probes.add(() -> ProbeLoop.start(plan.name() + "-startup", startup, prober, verdict -> {
            if (snapshot().started()) {
                return;
            }
            if (!verdict.success()) {
                terminateUnhealthy(run, "startup", verdict.reason());
                return;
            }
            update(() -> {
                started = true;
                ready = plan.readiness() == null;
            });
            startLastingProbes(run, probes);
        }));
    }

    private void startLastingProbes(Process run, ProbeLoops probes) {
        ProbePlan liveness = plan.liveness();
        if (liveness != null) {
            probes.add(() -> ProbeLoop.start(plan.name() + "-liveness", liveness, prober, verdict -> {
                if (!verdict.success()) {
                    terminateUnhealthy(run, "liveness", verdict.reason());
                }
            }));
        }
        ProbePlan readiness = plan.readiness();
        if (readiness != null) {
            probes.add(() -> ProbeLoop.start(plan.name() + "-readiness", readiness, prober, verdict -> {
                if (run.isAlive() && snapshot().ready() != verdict.success()) {
                    LOG.info("container {}: ready: {} {}", plan.name(), verdict.success(), verdict.reason());
                    update(() -> ready = verdict.success());
                }
            }));
        }
    }

    /** The probes of one run; none is added when the run has ended. */
    private static final class ProbeLoops implements AutoCloseable {
        private final List<ProbeLoop> loops = new ArrayList<>();
        private boolean closed;

        synchronized void add(Supplier<ProbeLoop> start) {
            if (!closed) {
                loops.add(start.get());
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            loops.forEach(ProbeLoop::close);
        }
    }

    private void terminateUnhealthy(Process run, String probe, String reason) {
        LOG.warn("container {}: {} probe failed: {}", plan.name(), probe, reason);
        try {
            terminate(run, grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run has ended
        }
    }

    private static void terminate(Process running, Duration limit) throws InterruptedException {
        running.destroy();
        if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            killTree(running);
        }
    }

    private static void killTree(Process victim) {
        victim.descendants().forEach(ProcessHandle::destroyForcibly);
        victim.destroyForcibly();
    }

    private void update(Runnable change) {
        synchronized (this) {
            change.run();
        }
        changed.run();
    }
}
