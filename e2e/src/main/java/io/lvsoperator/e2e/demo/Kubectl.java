package io.lvsoperator.e2e.demo;

import io.lvsoperator.e2e.scenario.Clone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kubectl, as a person would call it. */
record Kubectl(String program, Path kubeconfig) {

    /** Applies files of the clone; returns what kubectl says. */
    String apply(String... files) {
        List<String> arguments = new ArrayList<>(List.of("apply", "--server-side"));
        for (String file : files) {
            arguments.addAll(List.of("-f", Clone.file(file).toString()));
        }
        return run(arguments.toArray(String[]::new));
    }

    /** Runs it; throws with what it says when it fails. */
    String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", arguments) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
