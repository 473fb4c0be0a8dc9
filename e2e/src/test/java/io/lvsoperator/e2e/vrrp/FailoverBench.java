package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.e2e.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Failovers counted at the client, ours beside keepalived: pairs of directors on one segment suffer the same fault at the same moment,
 * again and again. Prints a table in Markdown.
 *
 * <p>Arguments: the directory for logs, the number of rounds, and numbers of cases of {@link #CASES}, all if none is given.
 */
final class FailoverBench {

    private static final List<FailoverCase> CASES = List.of(
            new FailoverCase(FailoverCase.Fault.CABLE, 1000, 1),
            new FailoverCase(FailoverCase.Fault.SIGKILL, 1000, 1),
            new FailoverCase(FailoverCase.Fault.STOP, 1000, 1),
            new FailoverCase(FailoverCase.Fault.CABLE, 1000, 100),
            new FailoverCase(FailoverCase.Fault.CABLE, 1000, 1000),
            new FailoverCase(FailoverCase.Fault.STOP, 1000, 1000),
            new FailoverCase(FailoverCase.Fault.CABLE, 100, 1),
            new FailoverCase(FailoverCase.Fault.SIGKILL, 100, 1),
            new FailoverCase(FailoverCase.Fault.STOP, 100, 1));

    private static final String HEAD = """
            | Fault | Adverts | VIPs | Directors | Failovers | No answer, median | No answer, worst | Two owners, median | Two owners, worst | Packets, median |
            |---|---:|---:|---|---:|---:|---:|---:|---:|---:|""";

    private FailoverBench() {}

    /** Runs the cases. */
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        List<FailoverCase> cases = arguments.length == 2
                ? CASES
                : Stream.of(arguments)
                        .skip(2)
                        .map(number -> CASES.get(Integer.parseInt(number)))
                        .toList();
        System.out.println(HEAD);
        for (FailoverCase failover : cases) {
            for (FailoverPair pair : run(failover, rounds, directory)) {
                System.out.println(pair.row());
            }
        }
    }

    private static List<FailoverPair> run(FailoverCase failover, int rounds, Path directory)
            throws InterruptedException {
        FailoverPair.Contender[] contenders = FailoverPair.Contender.values();
        Lab.Builder builder = Lab.named("vrbench").client("client");
        for (int i = 1; i <= 2 * contenders.length; i++) {
            builder.director("d" + i);
        }
        try (Lab lab = builder.build();
                ExecutorService threads = Executors.newFixedThreadPool(contenders.length)) {
            lab.host("client").exec("ip", "route", "add", "198.18.0.0/15", "dev", "eth0");
            List<FailoverPair> pairs = IntStream.range(0, contenders.length)
                    .mapToObj(i -> new FailoverPair(
                            contenders[i],
                            failover,
                            lab.host("client"),
                            lab.host("d" + (2 * i + 1)),
                            lab.host("d" + (2 * i + 2)),
                            fresh(directory.resolve(failover.directory()).resolve(contenders[i].name()))))
                    .toList();
            try {
                all(threads, pairs, FailoverPair::start);
                for (int round = 0; round < rounds; round++) {
                    System.err.printf("%s, round %d of %d%n", failover, round + 1, rounds);
                    all(threads, pairs, FailoverPair::round);
                }
            } finally {
                pairs.forEach(FailoverPair::close);
            }
            return pairs;
        }
    }

    private static Path fresh(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Task {
        void of(FailoverPair pair) throws InterruptedException;
    }

    private static void all(ExecutorService threads, List<FailoverPair> pairs, Task task) throws InterruptedException {
        List<Future<?>> running = new ArrayList<>();
        for (FailoverPair pair : pairs) {
            running.add(threads.submit(() -> {
                task.of(pair);
                return null;
            }));
        }
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a pair could not be measured", e.getCause());
            }
        }
    }
}
