package io.lvsoperator.e2e.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Programs in named network namespaces. */
final class Namespaces {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

    private Namespaces() {}

    /** The command line that runs a program in a namespace. */
    static List<String> inside(String namespace, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(command);
        return whole;
    }

    /** SIGKILL for every process in a namespace; returns when they are gone. */
    static void killAll(String namespace) {
        List<ProcessHandle> processes = processes(namespace);
        while (!processes.isEmpty()) {
            processes.forEach(ProcessHandle::destroyForcibly);
            processes.forEach(Namespaces::awaitEnd);
            // One may have started another meanwhile.
            processes = processes(namespace);
        }
    }

    private static List<ProcessHandle> processes(String namespace) {
        return Command.run(List.of("ip", "netns", "pids", namespace))
                .out()
                .lines()
                .map(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                .flatMap(Optional::stream)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process %d does not die".formatted(process.pid()), e);
        }
    }
}
