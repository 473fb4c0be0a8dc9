package io.lvsoperator.e2e.demo;

import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Traffic;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The main job in six steps, each of which has to be seen: a fleet and a service, traffic, the client's address, a third
 * real server, a failover, a repair.
 */
public final class Demo {
    /** The VIP of {@code e2e/demo/2-service.yaml}. */
    static final String VIP = "192.0.2.100";

    static final List<String> DIRECTORS = List.of("d1", "d2");
    static final List<String> REAL_SERVERS = List.of("rs1", "rs2", "rs3");

    private static final String SERVICE = VIP + ":80";
    private static final int REQUESTS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** What is not answered by then, retransmissions included, is lost; an emulated machine may be slow for some seconds. */
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(8);

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(300);
    private static final Duration BEFORE_FAULT = Duration.ofSeconds(2);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(4);

    private final LvsCluster cluster;
    private final Kubectl kubectl;
    private final Narrator narrator;
    private final int rounds;

    /**
     * Prepares it.
     *
     * @param cluster with {@link #DIRECTORS} and {@link #REAL_SERVERS}
     * @param rounds how often the failover and the repair are made and measured
     */
    Demo(LvsCluster cluster, Kubectl kubectl, Narrator narrator, int rounds) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.narrator = narrator;
        this.rounds = rounds;
    }

    /** A step that was not seen. */
    public static final class NotSeenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSeenException(String message) {
            super(message);
        }
    }

    /**
     * Runs all steps.
     *
     * @throws NotSeenException at the first step that did not happen as it should
     */
    public Figures run() {
        applyFleetAndService();
        Traffic.Spread two = balance();
        showClientAddress(two);
        Traffic.Spread three = addThirdRealServer();
        List<Long> failovers = failOver();
        List<Long> repairs = repair();
        showMemory();
        return new Figures(two, three, failovers, repairs);
    }

    /**
     * What was measured.
     *
     * @param two the requests over two real servers
     * @param three the requests over three
     * @param failoverMillis longest time without an answer at each failover
     * @param repairMillis longest time without an answer at each repair
     */
    public record Figures(
            Traffic.Spread two, Traffic.Spread three, List<Long> failoverMillis, List<Long> repairMillis) {}

    private void applyFleetAndService() {
        narrator.step("A fleet of two directors and a service: kubectl apply -f 1-fleet.yaml -f 2-service.yaml");
        narrator.block(kubectl.apply("e2e/demo/1-fleet.yaml", "e2e/demo/2-service.yaml"));
        narrator.say("the operator compiles them; an agent starts on each node");

        awaitServiceReady();
        narrator.say("VirtualService shop/web is Ready");

        narrator.block(kubectl.run("get", "lvsfleet,lvsn"));
        narrator.block(kubectl.run("get", "lvsvs", "-n", "shop", "-o", "wide"));
        narrator.say("director %s holds %s; its kernel has (firewall mark 2113929232 is the agent's own placeholder):"
                .formatted(active().name(), VIP));
        narrator.block(cluster.ipvsTable(active().name()));
    }

    private void awaitServiceReady() {
        VirtualService service = cluster.client()
                .resources(VirtualService.class)
                .inNamespace("shop")
                .withName("web")
                .require();
        cluster.awaitReady(service, PATIENCE);
    }

    private Host active() {
        return cluster.awaitSingleHolder(VIP, PATIENCE);
    }

    private Traffic.Spread balance() {
        narrator.step(REQUESTS + " requests from the client to " + SERVICE);
        Traffic.Spread spread = Traffic.get(client(), SERVICE, REQUESTS, TIMEOUT);
        narrator.spread(spread);
        require(spread.answered() == REQUESTS, "not every request was answered");
        require(spread.answers().keySet().equals(Set.of("rs1", "rs2")), "rs1 and rs2 did not share the requests");
        return spread;
    }

    private Host client() {
        return cluster.host(LvsCluster.CLIENT);
    }

    private void showClientAddress(Traffic.Spread spread) {
        narrator.step("The client's address as the real servers saw it");
        narrator.say("%s; the client is %s".formatted(Narrator.words(spread.clientSeen()), client().ipv4()));
        require(spread.clientSeen().keySet().equals(Set.of(client().ipv4())), "the client's address was not kept");
    }

    private Traffic.Spread addThirdRealServer() {
        narrator.step("A third real server joins: kubectl apply -f 3-third-real-server.yaml");
        narrator.block(kubectl.apply("e2e/demo/3-third-real-server.yaml"));
        Traffic.Requests during = Traffic.requests(client(), SERVICE, INTERVAL, CLIENT_PATIENCE);
        LvsCluster.await(
                "rs3 in the table of " + active().name(),
                PATIENCE,
                () -> cluster.ipvsTable(active().name())
                        .contains(cluster.host("rs3").ipv4() + ":80"),
                () -> cluster.ipvsTable(active().name()));
        awaitServiceReady();
        Traffic.Spread joining = during.finish();
        narrator.say("while it joined: %d requests, failures: %s"
                .formatted(
                        joining.requests(),
                        joining.failures().isEmpty() ? "none" : Narrator.words(joining.failures())));
        require(joining.failures().isEmpty(), "requests failed while the real server joined");
        Traffic.Spread spread = Traffic.get(client(), SERVICE, REQUESTS, TIMEOUT);
        narrator.spread(spread);
        require(spread.answered() == REQUESTS, "not every request was answered");
        require(spread.answers().keySet().equals(Set.copyOf(REAL_SERVERS)), "not all three real servers served");
        return spread;
    }

    private List<Long> failOver() {
        narrator.step("The active director's cable is pulled");
        List<Long> gaps = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            gaps.add(failOverOnce());
        }
        if (rounds > 1) {
            narrator.say("time without an answer: %s".formatted(Narrator.medianAndWorst(gaps)));
        }
        return gaps;
    }

    private long failOverOnce() {
        Host before = active();
        Traffic.Requests requests = Traffic.requests(client(), SERVICE, INTERVAL, PROBE_TIMEOUT);
        pause(BEFORE_FAULT);
        narrator.say("pulling the cable of %s".formatted(before.name()));
        before.pullCable();
        LvsCluster.await(
                VIP + " on another director",
                PATIENCE,
                () -> cluster.lab().hosts().stream()
                        .filter(host -> DIRECTORS.contains(host.name()) && host != before)
                        .anyMatch(this::holdsVip),
                () -> "no other director holds it");
        pause(AFTER_FAULT);
        Traffic.Spread spread = requests.finish();
        long gap = spread.longestGap().millis();
        require(spread.answered() > 0 && gap > 0, "nothing was answered after the failover");
        before.plugCable();
        Host after = active();
        narrator.say("the client went %d ms without an answer; with the cable back, %s holds %s alone"
                .formatted(gap, after.name(), VIP));
        pause(AFTER_FAULT);
        return gap;
    }

    private boolean holdsVip(Host host) {
        return host.addresses(Host.INTERFACE).stream().anyMatch(address -> address.startsWith(VIP + "/"));
    }

    private List<Long> repair() {
        narrator.step("A stranger wipes the IPVS table of the active director: ipvsadm -C");
        List<Long> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            times.add(repairOnce());
        }
        if (rounds > 1) {
            narrator.say("time without an answer: %s".formatted(Narrator.medianAndWorst(times)));
        }
        return times;
    }

    private long repairOnce() {
        Host director = active();
        String before = cluster.ipvsTable(director.name());
        Traffic.Requests requests = Traffic.requests(client(), SERVICE, INTERVAL, PROBE_TIMEOUT);
        pause(BEFORE_FAULT);
        long wiped = System.nanoTime();
        director.exec("ipvsadm", "-C");
        LvsCluster.await(
                "the table of " + director.name() + " to be back",
                PATIENCE,
                () -> cluster.ipvsTable(director.name()).equals(before),
                () -> cluster.ipvsTable(director.name()));
        long millis = (System.nanoTime() - wiped) / 1_000_000;
        pause(BEFORE_FAULT);
        Traffic.Spread spread = requests.finish();
        long gap = spread.longestGap().millis();
        narrator.say(
                "the client went %d ms without an answer; ipvsadm, asked again and again, showed the whole table after %d ms"
                        .formatted(gap, millis));
        return gap;
    }

    private void showMemory() {
        narrator.step("What the agents need: resident memory of each");
        Stream.concat(DIRECTORS.stream(), REAL_SERVERS.stream())
                .forEach(name -> narrator.block("%-4s %d MiB"
                        .formatted(
                                name,
                                cluster.agentMemory(name)
                                        .orElseThrow(() -> new NotSeenException("no agent runs on " + name)))));
    }

    /** Between two faults, so that the client's requests show the time before and after. */
    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void require(boolean seen, String otherwise) {
        if (!seen) {
            throw new NotSeenException(otherwise);
        }
    }
}
