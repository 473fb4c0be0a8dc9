package io.lvsoperator.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads, reads and edits the same tables by the agent's engine, by {@code floor.c}, by ipvsadm and by keepalived, one after the other
 * in one run, and writes the report.
 */
public final class Bench {
    private static final List<BenchTable> TABLES = List.of(
            new BenchTable(100, 4), new BenchTable(1_000, 4), new BenchTable(1, 4_000), new BenchTable(10_000, 4));
    private static final int ROUNDS = 5;
    private static final int LIMIT_MINUTES = 20;

    private final Path floor;
    private final Path directory;
    private int namespaces;

    private Bench(Path floor, Path directory) {
        this.floor = floor;
        this.directory = directory;
    }

    /**
     * Takes the compiled floor, a directory for the report, {@code benchmarks.md}, and the commit that is measured; then, if not all
     * are wanted, the numbers of services of the tables.
     */
    public static void main(String[] arguments) throws IOException {
        Bench bench = new Bench(Path.of(arguments[0]), Path.of(arguments[1]));
        List<Row> rows = new ArrayList<>();
        List<String> chosen = List.of(arguments).subList(3, arguments.length);
        for (BenchTable table : TABLES) {
            if (!chosen.isEmpty() && !chosen.contains(String.valueOf(table.services()))) {
                continue;
            }
            rows.add(bench.measure(table));
            // Each time, so that a run that is cut short leaves what it has.
            Files.writeString(bench.directory.resolve("benchmarks.md"), new BenchReport(rows, arguments[2]).markdown());
        }
        System.out.println(new BenchReport(rows, arguments[2]).markdown());
    }

    /** Milliseconds of the others. */
    record Others(
            Sample floorFill,
            Sample floorDump,
            double floorSet,
            double ipvsadmRestore,
            double ipvsadmSave,
            double keepalivedLoad,
            double keepalivedReload) {}

    /** One size. */
    record Row(BenchTable table, EngineBench.Figures engine, Others others) {}

    private Row measure(BenchTable table) throws IOException {
        say("%d services x %d real servers: the floor".formatted(table.services(), table.realServers()));
        String namespace = freshNamespace();
        List<Sample> fills = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 0) {
                remove(namespace);
                namespace = freshNamespace();
            }
            fills.add(floor(namespace, "fill", table.services(), table.realServers()));
        }
        List<Sample> dumps = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            dumps.add(floor(namespace, "dump"));
        }
        double set = floor(namespace, "set", table.services(), 200).elapsed();
        remove(namespace);
        say("ipvsadm");
        Path restore = Files.writeString(directory.resolve("ipvsadm"), table.forIpvsadm());
        String other = freshNamespace();
        double ipvsadmRestore = timed(() -> in(other, "sh", "-c", "ipvsadm -R <" + restore));
        double ipvsadmSave = timed(() -> in(other, "sh", "-c", "ipvsadm -Sn >/dev/null"));
        remove(other);
        say("keepalived");
        double[] keepalived = keepalived(table);
        say("our engine");
        EngineBench.Figures engine = engine(table);
        Others others = new Others(
                Sample.median(fills),
                Sample.median(dumps),
                set,
                ipvsadmRestore,
                ipvsadmSave,
                keepalived[0],
                keepalived[1]);
        Row row = new Row(table, engine, others);
        say(row.toString());
        return row;
    }

    /** From start, and from SIGHUP after one weight has changed in its file, until the last destination is there so. */
    private double[] keepalived(BenchTable table) throws IOException {
        String namespace = freshNamespace();
        // Of a run that was cut short: it would be taken for this one's.
        Files.deleteIfExists(directory.resolve("keepalived.pid"));
        Files.deleteIfExists(directory.resolve("checkers.pid"));
        Path file = Files.writeString(directory.resolve("keepalived.conf"), table.forKeepalived(1));
        long started = System.nanoTime();
        Process keepalived = start(
                namespace,
                "keepalived",
                "--dont-fork",
                "--log-console",
                "--check",
                "--use-file=" + file,
                "--pid=" + directory.resolve("keepalived.pid"),
                "--checkers_pid=" + directory.resolve("checkers.pid"));
        try {
            floor(namespace, "await", table.services(), 1);
            double load = millisSince(started);
            Files.writeString(file, table.forKeepalived(2));
            started = System.nanoTime();
            run(
                    "kill",
                    "-HUP",
                    Files.readString(directory.resolve("keepalived.pid")).strip());
            floor(namespace, "await", table.services(), 2);
            return new double[] {load, millisSince(started)};
        } finally {
            keepalived.descendants().forEach(ProcessHandle::destroyForcibly);
            keepalived.destroyForcibly();
            remove(namespace);
        }
    }

    /** With the options of {@code node-agent/bin/node-agent}. */
    private EngineBench.Figures engine(BenchTable table) throws IOException {
        String out = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms24m",
                "-Xmx128m",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                EngineBench.class.getName(),
                String.valueOf(table.services()),
                String.valueOf(table.realServers()));
        return new ObjectMapper().readValue(out.lines().toList().getLast(), EngineBench.Figures.class);
    }

    private Sample floor(String namespace, String operation, int... numbers) {
        List<String> command = new ArrayList<>(List.of(floor.toString(), operation));
        for (int number : numbers) {
            command.add(String.valueOf(number));
        }
        return Sample.parse(in(namespace, command.toArray(String[]::new)));
    }

    /** Deleted destinations slow every later addition down, so that each filling needs a table that never had any. */
    private String freshNamespace() {
        String name = "bench" + namespaces++;
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "set", "lo", "up");
        return name;
    }

    /** All namespaces have their services in the same table of the kernel, and pay for those of the others: the next one shall not. */
    private static void remove(String namespace) {
        in(namespace, "ipvsadm", "-C");
        run("ip", "netns", "delete", namespace);
    }

    private static double timed(Runnable work) {
        long started = System.nanoTime();
        work.run();
        return millisSince(started);
    }

    private static double millisSince(long started) {
        return (System.nanoTime() - started) / 1e6;
    }

    private static String in(String namespace, String... command) {
        return run(inside(namespace, command));
    }

    private static Process start(String namespace, String... command) throws IOException {
        return builder(inside(namespace, command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String[] inside(String namespace, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(List.of(command));
        return whole.toArray(String[]::new);
    }

    private static String run(String... command) {
        try {
            Process process = builder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static ProcessBuilder builder(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, system) -> own + ":" + system);
        return builder;
    }

    private static void say(String text) {
        System.err.println("bench: " + text);
    }
}
