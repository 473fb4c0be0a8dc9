package io.lvsoperator.e2e.controlplane;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds and runs {@code e2e/control-plane/build}, which builds the binary unless the cache has it. */
public final class ControlPlaneBinary {
    private static final String SCRIPT = "control-plane/build";
    private static final String PROGRESS = "control-plane: ";

    private ControlPlaneBinary() {}

    /** The binary's path; says on standard error how far a build is. */
    public static Path build() {
        return run(script(Path.of("").toAbsolutePath()));
    }

    /** The script of the clone that the given directory lies in: the tests of any module may ask. */
    private static Path script(Path from) {
        return Stream.iterate(from, each -> each != null, Path::getParent)
                .flatMap(each ->
                        Stream.of(each.resolve(SCRIPT), each.resolve("e2e").resolve(SCRIPT)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new ControlPlaneException(
                        "no e2e/" + SCRIPT + " in " + from + " or above it: run the tests inside a clone"));
    }

    private static Path run(Path script) {
        List<String> output = new ArrayList<>();
        try {
            Process process = new ProcessBuilder(script.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.add(line);
                    if (line.startsWith(PROGRESS)) {
                        System.err.println(line);
                    }
                }
            }
            if (process.waitFor() != 0) {
                throw new ControlPlaneException(script + " failed:\n" + String.join("\n", output));
            }
            return Path.of(output.getLast());
        } catch (IOException e) {
            throw new ControlPlaneException(script + " does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException(script + " was interrupted", e);
        }
    }
}
