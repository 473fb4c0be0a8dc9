package io.lvsoperator.e2e.controlplane;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code control-plane up} as a child of this JVM. It holds the other end of our pipe and stops when that closes, so it
 * cannot outlive a JVM that is killed.
 */
final class ControlPlaneProcess implements AutoCloseable {
    /** Longer than the process itself waits for its parts, which then says more than we could. */
    private static final long READY_SECONDS = 150;

    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final Path directory;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final List<String> output = new ArrayList<>();
    private final Thread reader;
    private volatile boolean closing;

    private ControlPlaneProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.reader = Thread.ofPlatform().daemon().name("control-plane-output").start(this::read);
    }

    /** Starts it and waits until everything is ready. */
    static ControlPlaneProcess start(Path binary, ControlPlaneOptions options) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(options.commandLine());
        ControlPlaneProcess started = launch(command, options.directory());
        try {
            started.ready.get(READY_SECONDS, TimeUnit.SECONDS);
            return started;
        } catch (ExecutionException | TimeoutException e) {
            started.close();
            throw new ControlPlaneException("the control plane did not start:\n" + started.output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            started.close();
            throw new ControlPlaneException("interrupted while the control plane started", e);
        }
    }

    private static ControlPlaneProcess launch(List<String> command, Path directory) {
        try {
            Files.createDirectories(directory);
            return new ControlPlaneProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), directory);
        } catch (IOException e) {
            throw new ControlPlaneException(command + " does not start", e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.startsWith("ready ")) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            synchronized (output) {
                output.add("(no more output: " + e.getMessage() + ")");
            }
        }
        ready.completeExceptionally(new IOException("the process ended"));
    }

    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    /** What it said on the way to its end, when it ended without {@link #close}. */
    Optional<String> lastWords() {
        if (closing || process.isAlive()) {
            return Optional.empty();
        }
        awaitReader();
        return Optional.of("exit status " + process.exitValue() + "\n" + output());
    }

    private String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    private void awaitReader() {
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        awaitReader();
    }
}
