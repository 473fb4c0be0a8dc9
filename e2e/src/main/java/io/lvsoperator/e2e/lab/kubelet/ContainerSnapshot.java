package io.lvsoperator.e2e.lab.kubelet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container at an instant.
 *
 * @param last how it ended the last time, where it did
 * @param started whether its startup probe has succeeded, or it has none and runs
 * @param ready whether it runs and its readiness probe succeeds
 */
record ContainerSnapshot(
        String name,
        String image,
        State state,
        @Nullable Terminated last,
        int restarts,
        boolean started,
        boolean ready) {

    /** As in the pod API: exactly one of the three. */
    sealed interface State permits Waiting, Running, Terminated {}

    record Waiting(String reason, String message) implements State {}

    record Running(Instant since) implements State {}

    record Terminated(int exitCode, String reason, Instant from, Instant to) implements State {}
}
