package io.lvsoperator.e2e.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine to their end. */
final class Command {

    /** No program that is waited for takes longer, even emulated. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Command() {}

    static CommandResult run(List<String> command) {
        return run(command, "");
    }

    /** Runs a program with the given standard input. */
    static CommandResult run(List<String> command, String input) {
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Process process = builder(command).start();
            var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()), readers);
            var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), readers);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended without reading its input: its exit status and standard error say why.
            }
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s did not end within %d s".formatted(String.join(" ", command), LIMIT.toSeconds()));
            }
            return new CommandResult(command, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** A process builder whose path has the system directories too: an ordinary user's often lacks them. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", (own, system) -> own + ":" + system);
        return builder;
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
