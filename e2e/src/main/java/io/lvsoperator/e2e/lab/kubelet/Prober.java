package io.lvsoperator.e2e.lab.kubelet;

import io.lvsoperator.e2e.lab.kubelet.Plan.ProbePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes probes in a node's network namespace, where "localhost" is the node's: by one long-lived process there, as a
 * program for each probe would be slow in an emulated guest.
 */
final class Prober implements AutoCloseable {

    /** How much longer than the probe itself its answer may take. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Process process;
    private final Writer requests;
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, CompletableFuture<Optional<String>>> waiting = new ConcurrentHashMap<>();

    private Prober(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().name("probe-answers").start(this::readAnswers);
    }

    /**
     * Starts one.
     *
     * @param traffic the program of e2e/traffic
     */
    static Prober start(Path traffic, NodeFacts node) {
        try {
            return new Prober(
                    new ProcessBuilder(List.of("ip", "netns", "exec", node.namespace(), traffic.toString(), "probe"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the prober of node " + node.name(), e);
        }
    }

    /** The reason of the failure, or empty where the probe succeeded. */
    Optional<String> probe(ProbePlan plan) {
        String id = Long.toString(ids.incrementAndGet());
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            send("%s %s %s %d%n"
                    .formatted(id, plan.kind(), plan.target(), plan.timeout().toMillis()));
            return answer.completeOnTimeout(
                            Optional.of("the prober did not answer"),
                            plan.timeout().plus(ANSWER_LIMIT).toMillis(),
                            TimeUnit.MILLISECONDS)
                    .join();
        } catch (IOException e) {
            return Optional.of("the prober is gone: " + e.getMessage());
        } finally {
            waiting.remove(id);
        }
    }

    private void send(String line) throws IOException {
        synchronized (requests) {
            requests.write(line);
            requests.flush();
        }
    }

    private void readAnswers() {
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                String[] words = line.split(" ", 3);
                var answer = waiting.get(words[0]);
                if (answer != null) {
                    answer.complete(words[1].equals("ok") ? Optional.empty() : Optional.of(words[2]));
                }
            }
        } catch (IOException e) {
            // The process was killed with its node: whoever waits gets no answer in time.
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
