package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.lab.Traffic;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's engine and held connections: a byte each way every 50 ms while the table is changed under them. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineIT {
    private static final String PERSISTENT =
            "persistence: {timeoutSeconds: 60, ipv4PrefixLength: 32, ipv6PrefixLength: 128, engine: none}";
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final String PLACEHOLDER = "2113929232";
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * Milliseconds that a stream by the VIP may pause longer than one that goes past the director: a packet that is lost comes again
     * after 200 ms, then 400 ms. How long the whole machine pauses now and then, emulated and loaded, the other stream tells.
     */
    private static final long NO_GAP = 1000;

    private Lab lab;
    private Host director;
    private Host client;

    @TempDir
    private Path state;

    @BeforeAll
    void buildLab() {
        lab = Lab.named("engine")
                .client("client")
                .director("d1")
                .realServer("rs1")
                .realServer("rs2")
                .build();
        director = lab.host("d1");
        client = lab.host("client");
        director.addAddress(VIP, 32, Host.INTERFACE);
        director.addAddress(VIP6, 128, Host.INTERFACE);
        for (String name : List.of("rs1", "rs2")) {
            Host realServer = lab.host(name);
            realServer.setting("net/ipv4/conf/eth0/arp_ignore", "1");
            realServer.setting("net/ipv4/conf/eth0/arp_announce", "2");
            realServer.addAddress(VIP, 32, "lo");
            realServer.addAddress(VIP6, 128, "lo");
            Traffic.serve(realServer, name, ":80");
        }
    }

    @AfterAll
    void removeLab() {
        lab.close();
    }

    @BeforeEach
    void emptyTable() {
        director.exec("ipvsadm", "-C");
    }

    @Test
    void heldConnectionsNoticeNoEditAndEachEditIsTheFewestOperations() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.apply(slice("scheduler: wrr", 1, 1));
            Held streams = hold(VIP + ":80", 4);
            engine.takeExecuted();

            assertThat(edit(engine, slice("scheduler: wrr", 1, 7)))
                    .containsExactly("set destination %s:80 of TCP %s:80"
                            .formatted(lab.host("rs2").ipv4(), VIP));
            assertThat(edit(engine, slice("scheduler: sh", 1, 7))).containsExactly("set TCP %s:80".formatted(VIP));
            assertThat(edit(engine, slice("scheduler: sh\n" + PERSISTENT, 1, 7)))
                    .containsExactly("set TCP %s:80".formatted(VIP));
            assertThat(edit(engine, slice("scheduler: mh", 1, 7))).containsExactly("set TCP %s:80".formatted(VIP));
            assertThat(edit(engine, slice("scheduler: mh", 0, 7)))
                    .as("drained, and so without slots")
                    .hasSize(2);
            assertThat(edit(engine, slice("scheduler: mh", 3, 7)))
                    .as("back, and into its place in the order")
                    .hasSize(3);
            assertThat(edit(engine, slice("scheduler: mh", 3, 7), other())).hasSize(2);
            assertThat(edit(engine, slice("scheduler: mh", 3, 7))).hasSize(1);
            assertThat(edit(engine, slice("scheduler: mh", 3, 7))).isEmpty();
            assertThat(engine.apply(slice("scheduler: mh", 3, 7)).done())
                    .as("left by the edits for a look at everything")
                    .isEmpty();

            streams.finishUndisturbed();
        }
    }

    @Test
    void anAgentThatStartsAgainTouchesNothingButWhatIsEditedThen() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.apply(slice("scheduler: mh", 1, 0), other());
        }
        String before = table();
        Held streams = hold(VIP + ":80", 2);

        try (Engine again = new Engine(director, state)) {
            assertThat(edit(again, slice("scheduler: mh", 1, 0), other())).isEmpty();
            assertThat(table()).isEqualTo(before);
            assertThat(edit(again, slice("scheduler: mh", 1, 0))).containsExactly("delete TCP 192.0.2.150:443");
        }

        streams.finishUndisturbed();
    }

    @ParameterizedTest
    @ValueSource(strings = {VIP, VIP6})
    void theOnlyServiceOfItsFamilyMayGoAndComeBackUnderHeldConnections(String vip) throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.apply(slice(vip, "scheduler: rr", 1, 1));
            Held streams = hold(socket(vip), 2);

            director.exec("ipvsadm", "-D", "-t", socket(vip));
            awaitLostBytes();
            engine.apply(slice(vip, "scheduler: rr", 1, 1));
            awaitLostBytes();

            assertThat(streams.finish())
                    .allSatisfy(stream -> assertThat(stream.end()).isEqualTo("open"));
        }
    }

    /** The kernel's trap that the placeholder is for. */
    @Test
    void withoutThePlaceholderTheKernelResetsThem() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.apply(slice("scheduler: rr", 1, 1));
            Held streams = hold(VIP + ":80", 2);

            director.exec("ipvsadm", "-D", "-f", PLACEHOLDER);
            director.exec("ipvsadm", "-D", "-t", VIP + ":80");
            awaitLostBytes();
            engine.apply(slice("scheduler: rr", 1, 1));

            assertThat(streams.finish())
                    .allSatisfy(stream -> assertThat(stream.end()).isEqualTo("reset"));
        }
    }

    @Test
    void whatIpvsadmMadeIsTakenOverInPlace() throws Exception {
        feedIpvsadm("-A -t %1$s:80 -s rr\n-a -t %1$s:80 -r %2$s:80 -g -w 5\n-a -t %1$s:80 -r %3$s:80 -g -w 1\n"
                        .formatted(VIP, lab.host("rs1").ipv4(), lab.host("rs2").ipv4())
                + "-A -t 198.51.100.1:99 -s wrr\n-a -t 198.51.100.1:99 -r 203.0.113.9:99 -g -w 1\n");
        Held streams = hold(VIP + ":80", 2);

        try (Engine engine = new Engine(director, state)) {
            Report report = engine.apply(slice("scheduler: wlc", 1, 1));

            assertThat(report.adopted()).hasToString("[TCP %s:80]".formatted(VIP));
            assertThat(engine.takeExecuted())
                    .containsExactly(
                            "add IPv4 firewall mark " + PLACEHOLDER,
                            "set TCP %s:80".formatted(VIP),
                            "set destination %s:80 of TCP %s:80"
                                    .formatted(lab.host("rs1").ipv4(), VIP));
        }

        assertThat(table()).contains("-a -t 198.51.100.1:99 -r 203.0.113.9:99 -g -w 1");
        streams.finishUndisturbed();
    }

    @Test
    void whatKeepalivedMadeIsTakenOverInPlace() throws Exception {
        Background keepalived = startKeepalived(VIP, 80);
        awaitTable("-a -t %s:80 -r %s:80 -g -w 1".formatted(VIP, lab.host("rs2").ipv4()));
        Held streams = hold(VIP + ":80", 2);
        keepalived.kill();

        try (Engine engine = new Engine(director, state)) {
            Report report = engine.apply(slice("scheduler: rr", 1, 1));

            assertThat(report.adopted()).hasSize(1);
            assertThat(engine.takeExecuted()).containsExactly("add IPv4 firewall mark " + PLACEHOLDER);
        }

        streams.finishUndisturbed();
    }

    @Test
    void aFlushByAStrangerIsPutRightWithinTwoSeconds() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.keepApplying(slice("scheduler: rr", 1, 1), other());
            awaitTable("-a -t %s:80".formatted(VIP));
            String before = table();

            long flushed = System.nanoTime();
            director.exec("ipvsadm", "-C");
            LvsCluster.await("the table to be back", LIMIT, () -> table().equals(before), this::table);
            long millis = (System.nanoTime() - flushed) / 1_000_000;

            System.out.printf("       put right %d ms after ipvsadm -C began%n", millis);
            // The two starts of ipvsadm and the table's way to us count too; the passes themselves tell it exactly.
            assertThat(engine.longestPause()).isLessThan(Duration.ofSeconds(2));
            assertThat(engine.reports())
                    .anySatisfy(report -> assertThat(report.drift()).isTrue());
        }
    }

    /** Its generic netlink family has another number afterwards. */
    @Test
    void theKernelsModuleMayGoAndComeBackUnderARunningEngine() throws Exception {
        try (Engine engine = new Engine(director, state)) {
            engine.keepApplying(slice("scheduler: rr", 1, 1), other());
            awaitTable("-a -t 192.0.2.150:443");
            String before = table();

            IpvsModule module = IpvsModule.unload(List.of(director));
            try {
                LvsCluster.await(
                        "the engine to say that there is no IPVS",
                        LIMIT,
                        () -> saysThatThereIsNoIpvs(engine.reports().getLast()),
                        () -> engine.reports().getLast().toString());
            } finally {
                module.load();
            }
            long loaded = System.nanoTime();
            LvsCluster.await("the table to be back", LIMIT, () -> table().equals(before), this::table);
            long millis = (System.nanoTime() - loaded) / 1_000_000;

            System.out.printf("       put back %d ms after modprobe%n", millis);
            assertThat(millis).isLessThan(10_000);
            LvsCluster.await(
                    "a report without problems",
                    LIMIT,
                    () -> !saysThatThereIsNoIpvs(engine.reports().getLast()),
                    () -> engine.reports().getLast().toString());
        }
    }

    private static boolean saysThatThereIsNoIpvs(Report report) {
        return Stream.concat(report.nodeProblem().stream(), report.fleetProblems().values().stream())
                .anyMatch(problem -> problem.reason() == Problem.Reason.IPVS_NOT_AVAILABLE);
    }

    @Test
    void keepalivedAndWeLiveSideBySideWithServicesOfOurOwn() throws Exception {
        Background keepalived = startKeepalived("192.0.2.101", 8080);
        awaitTable("-a -t 192.0.2.101:8080");
        String theirs = linesOf("192.0.2.101:8080");
        try (Engine engine = new Engine(director, state)) {
            engine.keepApplying(slice("scheduler: rr", 1, 1));
            awaitTable("-a -t %s:80".formatted(VIP));

            assertThat(linesOf("192.0.2.101:8080")).isEqualTo(theirs);
            keepalived.stop(LIMIT);
            LvsCluster.await(
                    "keepalived's services to go with it",
                    LIMIT,
                    () -> linesOf("192.0.2.101:8080").isEmpty(),
                    this::table);

            assertThat(linesOf(VIP + ":80").lines()).hasSize(3);
            assertThat(engine.reports()).noneMatch(Report::drift);
        }
    }

    private List<String> edit(Engine engine, String... slices) throws InterruptedException {
        engine.edit(slices);
        // So that bytes fall into the time after each edit.
        Thread.sleep(4 * INTERVAL.toMillis());
        return engine.takeExecuted();
    }

    /** Long enough that every stream has sent into what there is now. */
    private static void awaitLostBytes() throws InterruptedException {
        Thread.sleep(20 * INTERVAL.toMillis());
    }

    /** Streams by the VIP, and one to rs1 past the director at the same time. */
    private record Held(Traffic.Streams byVip, Traffic.Streams past) {
        List<Traffic.Stream> finish() {
            past.finish();
            return byVip.finish();
        }

        void finishUndisturbed() {
            List<Traffic.Stream> streams = byVip.finish();
            long pause = past.finish().getFirst().longestGap().millis();
            assertThat(streams).isNotEmpty().allSatisfy(stream -> {
                assertThat(stream.end()).isEqualTo("open");
                assertThat(stream.longestGap().millis()).isLessThan(pause + NO_GAP);
            });
        }
    }

    private Held hold(String to, int streams) {
        return new Held(
                Traffic.hold(client, to, streams, INTERVAL),
                Traffic.hold(client, lab.host("rs1").ipv4() + ":80", 1, INTERVAL));
    }

    /** Service on port 80 of the VIP with rs1, rs2 and these weights. */
    private String slice(String lines, int... weights) {
        return slice(VIP, lines, weights);
    }

    private String slice(String vip, String lines, int... weights) {
        List<String> realServers = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            Host realServer = lab.host("rs" + (i + 1));
            realServers.add("{address: '%s', weight: %d, forwarding: DR, phase: Serving}"
                    .formatted(vip.contains(":") ? realServer.ipv6() : realServer.ipv4(), weights[i]));
        }
        return """
                addresses: [{value: '%s', phase: Serving}]
                ports: [{protocol: TCP, port: 80, targetPort: 80}]
                schedulerFlags: []
                onePacket: false
                realServers: [%s]
                %s
                """.formatted(vip, String.join(", ", realServers), lines);
    }

    private static String other() {
        return """
                addresses: [{value: 192.0.2.150, phase: Serving}]
                ports: [{protocol: TCP, port: 443, targetPort: 443}]
                scheduler: rr
                schedulerFlags: []
                onePacket: false
                realServers: [{address: 192.0.2.22, weight: 1, forwarding: DR, phase: Serving}]
                """;
    }

    private static String socket(String vip) {
        return vip.contains(":") ? "[" + vip + "]:80" : vip + ":80";
    }

    private String table() {
        return director.exec("ipvsadm", "-Sn").out();
    }

    private String linesOf(String service) {
        return String.join(
                "\n",
                table().lines()
                        .filter(line -> line.contains(" " + service + " "))
                        .toList());
    }

    private void awaitTable(String part) {
        LvsCluster.await("'" + part + "'", LIMIT, () -> table().contains(part), this::table);
    }

    private void feedIpvsadm(String commands) throws Exception {
        Path file = Files.writeString(state.resolve("ipvsadm"), commands);
        director.exec("sh", "-c", "ipvsadm -R <\"$0\"", file.toString());
    }

    /** Real servers are alive by its own decision: without a check it keeps them. */
    private Background startKeepalived(String vip, int port) throws Exception {
        StringBuilder realServers = new StringBuilder();
        for (String name : List.of("rs1", "rs2")) {
            realServers.append("    real_server %s %d {%n        weight 1%n    }%n"
                    .formatted(lab.host(name).ipv4(), port));
        }
        Path file = Files.writeString(
                state.resolve("keepalived.conf"),
                "global_defs {\n    router_id d1\n}\nvirtual_server %s %d {\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n%s}\n"
                        .formatted(vip, port, realServers));
        return director.start(
                "keepalived",
                "keepalived",
                "--dont-fork",
                "--log-console",
                "--check",
                "--use-file=" + file,
                "--pid=" + state.resolve("keepalived.pid"),
                "--checkers_pid=" + state.resolve("checkers.pid"));
    }
}
