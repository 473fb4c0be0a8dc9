package io.lvsoperator.e2e.vrrp;

import static io.lvsoperator.agent.nativeaccess.AddressFamily.IPV4;

import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Capture;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.vrrp.FailoverCase.Fault;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Beat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Two directors, the first one preferred, and what a client sees of them. */
final class FailoverPair implements AutoCloseable {

    /** Who directs, and the priorities of the two. */
    enum Contender {
        OURS("ours, 254/253", 254, 253, 71),
        KEEPALIVED("keepalived, 200/100", 200, 100, 72),
        KEEPALIVED_NEAR("keepalived, 254/253", 254, 253, 73);

        private final String words;
        private final int preferred;
        private final int backup;
        private final int virtualRouterId;

        Contender(String words, int preferred, int backup, int virtualRouterId) {
            this.words = words;
            this.preferred = preferred;
            this.backup = backup;
            this.virtualRouterId = virtualRouterId;
        }
    }

    /** Seconds, but for the packets. */
    private record Round(double silence, double both, boolean bothWithoutEnd, int packets) {}

    private static final String KEY = "0f".repeat(32);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern REPLY = Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from .*");
    private static final Pattern CHANGE = Pattern.compile("^\\[(\\S+)] (Deleted )?\\d+: eth0 .*");
    private static final double NANOS_PER_SECOND = 1e9;

    private final Contender contender;
    private final FailoverCase failover;
    private final Host client;
    private final Host first;
    private final Host second;
    private final Path directory;
    private final List<String> vips;
    private final VipOwners owners;
    private final List<Round> rounds = new ArrayList<>();
    private final List<Background> pings = new ArrayList<>();
    private final Background changesOfFirst;
    private final Background changesOfSecond;
    private final Capture packets;
    private @Nullable Running runningFirst;
    private @Nullable Running runningSecond;

    FailoverPair(Contender contender, FailoverCase failover, Host client, Host first, Host second, Path directory) {
        this.contender = contender;
        this.failover = failover;
        this.client = client;
        this.first = first;
        this.second = second;
        this.directory = directory;
        this.vips = IntStream.range(0, failover.vips())
                .mapToObj(i -> "198.18.%d.%d".formatted(contender.virtualRouterId + 10 * (i / 250), 1 + i % 250))
                .toList();
        this.owners = new VipOwners(first, second);
        this.changesOfFirst = changes(first);
        this.changesOfSecond = changes(second);
        this.packets = client.capture(
                Host.INTERFACE,
                "(ip proto 112 or arp) and (ether src %s or ether src %s)".formatted(first.mac(), second.mac()));
    }

    private static Background changes(Host host) {
        return host.start("changes", "ip", "-ts", "monitor", "address", "dev", Host.INTERFACE);
    }

    // ---- one of the two programs

    private interface Running {
        void stop();

        void kill();
    }

    private Running run(Host host, Host other, int priority) {
        return contender == Contender.OURS ? runOurs(host, other, priority) : runKeepalived(host, priority);
    }

    private Running runOurs(Host host, Host other, int priority) {
        Beat heartbeat = new Beat(host.name(), host.ipv4(), Map.of(other.name(), other.ipv4()), KEY);
        VrrpProcess.Router plain = VrrpFleet.withInterval(
                VrrpFleet.router(IPV4, priority, vips.toArray(String[]::new)), failover.intervalMillis());
        Director director = Director.start(
                host, directory, heartbeat, VrrpFleet.withVirtualRouterId(plain, contender.virtualRouterId));
        return new Running() {
            @Override
            public void stop() {
                director.stop();
            }

            @Override
            public void kill() {
                director.kill();
            }
        };
    }

    private Running runKeepalived(Host host, int priority) {
        List<String> more = vips.size() == 1
                ? List.of()
                : List.of("virtual_ipaddress_excluded {\n"
                        + vips.stream().skip(1).map(vip -> vip + "/32\n").reduce("", String::concat) + "}");
        Keepalived keepalived = Keepalived.start(
                host,
                directory,
                new Keepalived.Instance(
                        contender.virtualRouterId,
                        Version.VERSION_3,
                        priority,
                        failover.intervalMillis() / 1000.0,
                        more,
                        List.of(vips.getFirst() + "/32")));
        return new Running() {
            @Override
            public void stop() {
                keepalived.stop();
            }

            @Override
            public void kill() {
                keepalived.kill();
            }
        };
    }

    // ---- what is done

    /** Both run, and the client has its answers from the first. */
    void start() throws InterruptedException {
        runningFirst = run(first, second, contender.preferred);
        runningSecond = run(second, first, contender.backup);
        settle();
        ping(vips.getFirst());
        if (vips.size() > 1) {
            ping(vips.getLast());
        }
        TimeUnit.MILLISECONDS.sleep(500);
    }

    private void ping(String vip) {
        pings.add(client.start("ping", "ping", "-n", "-D", "-i", "0.005", vip));
    }

    /** The first has all VIPs alone, and both have had time to tell each other that they live. */
    private void settle() throws InterruptedException {
        owners.awaitSole(vips.getFirst(), first);
        owners.awaitSole(vips.getLast(), first);
        TimeUnit.MILLISECONDS.sleep(3_500);
    }

    /** One fault, its figures, and everything as before. */
    void round() throws InterruptedException {
        Instant fault = Instant.now();
        Running broken = Objects.requireNonNull(runningFirst);
        switch (failover.fault()) {
            case CABLE -> first.pullCable();
            case SIGKILL -> broken.kill();
            case STOP -> broken.stop();
        }
        TimeUnit.NANOSECONDS.sleep(
                Duration.between(Instant.now(), fault.plus(failover.observed())).toNanos());
        Instant end = Instant.now();
        rounds.add(figures(seconds(fault), seconds(end)));
        if (failover.fault() == Fault.CABLE) {
            first.plugCable();
        } else {
            VrrpFleet.removeVips(first);
            runningFirst = run(first, second, contender.preferred);
        }
        settle();
    }

    // ---- what was seen

    private Round figures(double fault, double end) {
        double silence = pings.stream()
                .mapToDouble(ping -> silence(ping, fault, end))
                .max()
                .orElse(0);
        OptionalDouble taken = changed(changesOfSecond, fault, false).stream()
                .mapToDouble(Double::doubleValue)
                .min();
        OptionalDouble given = changed(changesOfFirst, fault, true).stream()
                .mapToDouble(Double::doubleValue)
                .max();
        boolean reachable = failover.fault() != Fault.CABLE;
        boolean withoutEnd = reachable && given.isEmpty();
        double both = reachable && taken.isPresent() ? Math.max(0, given.orElse(end) - taken.getAsDouble()) : 0;
        int sent = (int) packets.packets().stream()
                .map(line -> line.split(" ", 2)[0])
                .mapToDouble(Double::parseDouble)
                .filter(time -> time >= fault && time <= end)
                .count();
        return new Round(silence, both, withoutEnd, sent);
    }

    /** The longest time between two answers, of which the second may not have come. */
    private static double silence(Background ping, double fault, double end) {
        double longest = 0;
        double last = 0;
        for (String line : ping.out().lines().toList()) {
            Matcher reply = REPLY.matcher(line);
            double time = reply.matches() ? Double.parseDouble(reply.group(1)) : 0;
            if (time != 0 && time <= end) {
                longest = time > fault ? Math.max(longest, time - Math.max(last, fault - 1)) : 0;
                last = time;
            }
        }
        return Math.max(longest, end - last);
    }

    /** When the first VIP was added, or deleted, after the fault. */
    private List<Double> changed(Background changes, double fault, boolean deleted) {
        List<Double> times = new ArrayList<>();
        for (String line : changes.out().lines().toList()) {
            Matcher change = CHANGE.matcher(line);
            if (line.contains(" " + vips.getFirst() + "/")
                    && change.matches()
                    && deleted == Optional.ofNullable(change.group(2)).isPresent()) {
                double time = seconds(LocalDateTime.parse(change.group(1))
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
                if (time >= fault) {
                    times.add(time);
                }
            }
        }
        return times;
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / NANOS_PER_SECOND;
    }

    /** The figures of all rounds, as a row. */
    String row() {
        List<Double> silences = sorted(rounds.stream().map(Round::silence).toList());
        List<Double> boths = sorted(rounds.stream().map(Round::both).toList());
        List<Double> sent =
                sorted(rounds.stream().map(round -> (double) round.packets()).toList());
        boolean withoutEnd = rounds.stream().anyMatch(Round::bothWithoutEnd);
        String both = withoutEnd
                ? "without end | without end"
                : "%.0f ms | %.0f ms".formatted(1e3 * median(boths), 1e3 * boths.getLast());
        return "| %s | %d ms | %d | %s | %d | %.0f ms | %.0f ms | %s | %.0f |"
                .formatted(
                        failover.fault().words(),
                        failover.intervalMillis(),
                        failover.vips(),
                        contender.words,
                        rounds.size(),
                        1e3 * median(silences),
                        1e3 * silences.getLast(),
                        failover.fault() == Fault.CABLE ? "not reachable | not reachable" : both,
                        median(sent));
    }

    private static List<Double> sorted(List<Double> figures) {
        return figures.stream().sorted().toList();
    }

    private static double median(List<Double> sorted) {
        return sorted.get((sorted.size() - 1) / 2);
    }

    @Override
    public void close() {
        pings.forEach(ping -> ping.stop(PATIENCE));
        packets.close();
        changesOfFirst.stop(PATIENCE);
        changesOfSecond.stop(PATIENCE);
        for (Running running : new @Nullable Running[] {runningFirst, runningSecond}) {
            if (running != null) {
                running.stop();
            }
        }
    }
}
