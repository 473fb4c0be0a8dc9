package io.lvsoperator.e2e.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Real servers and clients: the program of {@code e2e/traffic} on hosts of the lab. */
public final class Traffic {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration END_LIMIT = Duration.ofMinutes(5);

    private Traffic() {}

    /**
     * A time without an answer.
     *
     * @param millis how long, in milliseconds of the monotonic clock
     * @param fromEpochMillis when it began, in milliseconds since 1970
     */
    public record Gap(long millis, long fromEpochMillis) {}

    /**
     * What became of a series of requests, each on a connection of its own.
     *
     * @param requests how many were sent
     * @param answers how many each real server answered, by its name
     * @param clientSeen how many there were by the client's address as the real servers saw it
     * @param failures how many failed by kind: timeout, refused, reset, unreachable, other
     * @param longestGap the longest time between two answers, or between one and an end of the series
     * @param millis how long all took
     */
    public record Spread(
            int requests,
            Map<String, Integer> answers,
            Map<String, Integer> clientSeen,
            Map<String, Integer> failures,
            Gap longestGap,
            long millis) {

        /** How many were answered. */
        public int answered() {
            return answers.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * What became of a TCP stream on which a byte went each way at every interval.
     *
     * @param server the real server's name
     * @param sent bytes sent
     * @param received bytes that came back
     * @param longestGap the longest time between two bytes that came back
     * @param end {@code open} where it lived to the end; else closed, reset, timeout, refused, unreachable, other
     */
    public record Stream(String server, int sent, int received, Gap longestGap, String end) {}

    /** Requests that go on until they are finished. */
    public static final class Requests {
        private final Background client;

        private Requests(Background client) {
            this.client = client;
        }

        /** Stops sending, waits for the last answer or timeout, and tells what became of all. */
        public Spread finish() {
            client.stop(END_LIMIT);
            return parse(client, new TypeReference<Spread>() {});
        }
    }

    /** Streams that go on until they are finished. */
    public static final class Streams {
        private final Background client;

        private Streams(Background client) {
            this.client = client;
        }

        public List<Stream> finish() {
            client.stop(END_LIMIT);
            return parse(client, new TypeReference<List<Stream>>() {});
        }
    }

    /** The program; built where it is missing. */
    static Path program() {
        return Program.PATH;
    }

    /** Asked for once. */
    private static final class Program {
        static final Path PATH = build();

        private static Path build() {
            Path script = repository().resolve("e2e/traffic/build");
            return Path.of(Command.run(List.of(script.toString()))
                    .requireSuccess()
                    .out()
                    .strip());
        }
    }

    /** A real server's application: answers HTTP with {@code name client-address}, and keeps held streams. */
    public static Background serve(Host host, String name, String... listens) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--name", name));
        for (String listen : listens) {
            arguments.addAll(List.of("--listen", listen));
        }
        return start(host, "server", arguments).awaitText("listening", START_LIMIT);
    }

    /** Sends requests one after the other; {@code to} is {@code address:port} or {@code [address]:port}. */
    public static Spread get(Host host, String to, int requests, Duration timeout) {
        Background client = start(
                host, "client", List.of("get", "--to", to, "--requests", "" + requests, "--timeout", millis(timeout)));
        client.awaitEnd(END_LIMIT.plus(timeout.multipliedBy(requests)));
        return parse(client, new TypeReference<Spread>() {});
    }

    /** Sends a request at every interval, whether or not the last one was answered, until finished. */
    public static Requests requests(Host host, String to, Duration interval, Duration timeout) {
        return new Requests(start(
                host,
                "client",
                List.of("get", "--to", to, "--interval", millis(interval), "--timeout", millis(timeout))));
    }

    /** Opens streams and sends a byte on each at every interval until finished; returns when all are open. */
    public static Streams hold(Host host, String to, int streams, Duration interval) {
        Background client = start(
                host,
                "streams",
                List.of("hold", "--to", to, "--streams", "" + streams, "--interval", millis(interval)));
        return new Streams(client.awaitText("connected", START_LIMIT));
    }

    private static Background start(Host host, String what, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(arguments);
        return host.start(what, command.toArray(String[]::new));
    }

    private static <T> T parse(Background client, TypeReference<T> type) {
        try {
            return JSON.readValue(client.out(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "no result of the client: '%s', stderr: %s".formatted(client.out(), client.err()), e);
        }
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static Path repository() {
        Path start = Path.of("").toAbsolutePath();
        for (Path path = start; path != null; path = path.getParent()) {
            if (Files.isExecutable(path.resolve("e2e/traffic/build"))) {
                return path;
            }
        }
        throw new IllegalStateException("no e2e/traffic/build in %s or above: run this in a clone of the project"
                .formatted(Arrays.asList(start)));
    }
}
