package io.lvsoperator.e2e.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Programs that others wrote, in the calling thread's network namespace. */
final class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Oracle() {}

    /** Standard output of a program, which must succeed. */
    static String run(String... command) {
        return feed("", command);
    }

    /** As {@link #run}, with standard input. */
    static String feed(String input, String... command) {
        try {
            var errors = Files.createTempFile("oracle", ".err");
            var builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, system) -> own + ":" + system);
            var process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + Files.readString(errors));
            }
            Files.delete(errors);
            return output;
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + command[0] + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command[0], e);
        }
    }

    /** Starts a server, and returns when it says that it listens. */
    static Process start(String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, system) -> own + ":" + system);
        var process = builder.start();
        var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = said.readLine();
        if (!"listening".equals(line)) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " does not listen, but says: " + line + " "
                    + said.lines().collect(Collectors.joining(" ")));
        }
        return process;
    }

    /** What {@code ip -j} prints. */
    static JsonNode ip(String arguments) {
        try {
            return JSON.readTree(run(("ip -j " + arguments).split(" ", -1)));
        } catch (IOException e) {
            throw new IllegalStateException("ip -j " + arguments, e);
        }
    }

    /** The lines of {@code ipvsadm -Sn}: a table in the form of the commands that make it. */
    static List<String> ipvsadm() {
        return run("ipvsadm", "-Sn").lines().toList();
    }

    /** The same without the agent's placeholders, firewall mark 0x7e000010. */
    static List<String> servicesInIpvsadm() {
        return ipvsadm().stream()
                .filter(line -> !line.startsWith("-A -f 2113929232 "))
                .toList();
    }

    /** A setting below {@code /proc/sys/net}. */
    static String sysctl(String path) {
        // In one piece, or the kernel keeps all but the first digit of several numbers to itself.
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net", path))) {
            return new String(file.readNBytes(4096), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
