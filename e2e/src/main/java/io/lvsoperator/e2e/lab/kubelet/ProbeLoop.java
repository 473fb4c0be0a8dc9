package io.lvsoperator.e2e.lab.kubelet;

import io.lvsoperator.e2e.lab.kubelet.Plan.ProbePlan;
import java.util.Optional;
import java.util.function.Consumer;

/** Repeats one probe of one run of a container, and tells when its verdict changes. */
final class ProbeLoop implements AutoCloseable {

    private final ProbePlan plan;
    private final Prober prober;
    private final Consumer<Verdict> listener;
    private final Thread thread;

    /**
     * What the thresholds make of the answers.
     *
     * @param reason of the last failure, empty on success
     */
    record Verdict(boolean success, String reason) {}

    private ProbeLoop(String name, ProbePlan plan, Prober prober, Consumer<Verdict> listener) {
        this.plan = plan;
        this.prober = prober;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("probe-" + name).unstarted(this::run);
    }

    /** Starts it; the listener hears every verdict, also when it is the same again. */
    static ProbeLoop start(String name, ProbePlan plan, Prober prober, Consumer<Verdict> listener) {
        ProbeLoop loop = new ProbeLoop(name, plan, prober, listener);
        loop.thread.start();
        return loop;
    }

    private void run() {
        int successes = 0;
        int failures = 0;
        try {
            Thread.sleep(plan.initialDelay());
            while (!Thread.currentThread().isInterrupted()) {
                Optional<String> failure = prober.probe(plan);
                successes = failure.isEmpty() ? successes + 1 : 0;
                failures = failure.isEmpty() ? 0 : failures + 1;
                if (successes >= plan.successThreshold()) {
                    listener.accept(new Verdict(true, ""));
                } else if (failures >= plan.failureThreshold()) {
                    listener.accept(new Verdict(false, failure.orElse("")));
                }
                Thread.sleep(plan.period());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of the run that was probed
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
