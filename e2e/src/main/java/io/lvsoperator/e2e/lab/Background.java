package io.lvsoperator.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that runs in the background, its output in files. */
public final class Background {

    private static final Duration POLL = Duration.ofMillis(20);

    private final List<String> command;
    private final Process process;
    private final Path outFile;
    private final Path errFile;

    private Background(List<String> command, Process process, Path outFile, Path errFile) {
        this.command = command;
        this.process = process;
        this.outFile = outFile;
        this.errFile = errFile;
    }

    /** Starts a program with its standard output in {@code logs/name.out} and its standard error in {@code logs/name.err}. */
    static Background start(Path logs, String name, List<String> command) {
        Path out = logs.resolve(name + ".out");
        Path err = logs.resolve(name + ".err");
        try {
            Process process = Command.builder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            return new Background(List.copyOf(command), process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to standard output so far. */
    public String out() {
        return read(outFile);
    }

    /** What it has written to standard error so far. */
    public String err() {
        return read(errFile);
    }

    /**
     * Waits until a text has been written to standard output or standard error.
     *
     * @throws IllegalStateException with all output, when the program ends first or the time is over
     */
    public Background awaitText(String text, Duration limit) {
        BooleanSupplier seen = () -> out().contains(text) || err().contains(text);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!seen.getAsBoolean()) {
            if (!isAlive() && !seen.getAsBoolean()) {
                throw new IllegalStateException("ended before it wrote '%s': %s".formatted(text, describe()));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "wrote no '%s' within %d ms: %s".formatted(text, limit.toMillis(), describe()));
            }
            pause();
        }
        return this;
    }

    /** Waits for its end and returns the exit status. */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("did not end within %d ms: %s".formatted(limit.toMillis(), describe()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        }
    }

    /** SIGTERM, and SIGKILL when it has not ended within the grace period; its exit status. */
    public int stop(Duration grace) {
        process.destroy();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            return -1;
        }
    }

    /** SIGKILL for it and its children. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private String describe() {
        return "%s%nstdout: %s%nstderr: %s".formatted(String.join(" ", command), out().strip(), err().strip());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
