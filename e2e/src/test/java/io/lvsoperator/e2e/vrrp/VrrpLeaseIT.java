package io.lvsoperator.e2e.vrrp;

import static io.lvsoperator.agent.nativeaccess.AddressFamily.IPV4;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.FIRST_BACKUP;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.PREFERRED;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.router;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Beat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Directors that exchange heartbeats, and lose one of them without a word: who holds the VIP is read from both kernels, who answers at
 * a client. Figures go to the test report.
 */
@Tag("network")
@Tag("vrrp")
class VrrpLeaseIT {
    private static final Duration LONGEST_BOTH = Duration.ofMillis(2_500);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOME_BEATS = Duration.ofSeconds(3);
    private static final String KEY = "0f".repeat(32);
    private static final Pattern REPLY = Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from .*");

    private static Lab lab;
    private static Host client;
    private static Host d1;
    private static Host d2;
    private static String vip;
    private static VipOwners owners;

    @TempDir
    private Path directory;

    private Director first;
    private Director second;
    private Background ping;

    @BeforeAll
    static void buildLab() {
        lab = VrrpFleet.lab("vrlease");
        client = lab.host("client");
        d1 = lab.host("d1");
        d2 = lab.host("d2");
        vip = VrrpFleet.vip(IPV4, lab);
        owners = new VipOwners(d1, d2);
    }

    @AfterAll
    static void removeLab() {
        lab.close();
    }

    @BeforeEach
    void startFleet() {
        first = start(d1, d2, PREFERRED);
        second = start(d2, d1, FIRST_BACKUP);
        owners.awaitSole(vip, d1);
        Awaitility.await("both know that the other lives")
                .atMost(PATIENCE)
                .until(() ->
                        first.living().equals(List.of("d2")) && second.living().equals(List.of("d1")));
        awaitLease(d1, true);
        ping = client.start("ping", "ping", "-n", "-D", "-i", "0.005", vip);
        awaitReplies(replies().size() + 100);
    }

    private Director start(Host host, Host other, int priority) {
        Beat heartbeat = new Beat(host.name(), host.ipv4(), Map.of(other.name(), other.ipv4()), KEY);
        return Director.start(host, directory, heartbeat, router(IPV4, priority, vip));
    }

    @AfterEach
    void stopFleet() {
        ping.stop(PATIENCE);
        first.close();
        second.close();
        d1.cutOff(false);
        d2.cutOff(false);
        VrrpFleet.removeVips(d1);
        VrrpFleet.removeVips(d2);
    }

    @Test
    void aKilledActiveLosesItsVipByItsKernelAlone(TestReporter reporter) {
        // When
        first.kill();

        // Then
        figures("SIGKILL", reporter);
    }

    @Test
    void anActiveThatStandsStillLosesItsVipAndDoesNotSpeakWhenItWakes(TestReporter reporter) {
        // Given
        first.stopInItsTracks();
        figures("SIGSTOP", reporter);
        long heard = second.router(IPV4).orElseThrow().received();

        // When
        first.goOn();

        // Then: it listens for three intervals before it claims anything
        assertThat(owners.during(vip, Duration.ofSeconds(2))).containsExactly(List.of("d2"));
        assertThat(second.router(IPV4).orElseThrow().received()).isEqualTo(heard);
        owners.awaitSole(vip, d1);
    }

    @Test
    void aPartitionMakesTwoOwnersAndItsEndOne(TestReporter reporter) {
        // Given: neither hears the other, and the client hears both
        d1.cutOff(true);
        d2.cutOff(true);
        Awaitility.await().atMost(PATIENCE).until(() -> owners.of(vip), List.of("d1", "d2")::equals);
        awaitLease(d1, false);
        awaitLease(d2, false);

        // When
        d1.cutOff(false);
        d2.cutOff(false);
        Duration both = bothUntil(d1);

        // Then
        reporter.publishEntry("two owners after a partition has healed", seconds(both));
        assertThat(both).isLessThan(LONGEST_BOTH);
        awaitLease(d1, true);
        awaitReplies(replies().size() + 100);
    }

    @Test
    void advertsThatAreNotHeardOfAPeerThatLivesAreToldByBoth() {
        // Given: IP protocol 112 is filtered between them
        for (Host host : List.of(d1, d2)) {
            host.exec("nft", "add table inet filtered");
            host.exec("nft", "add chain inet filtered in { type filter hook input priority 0 ; }");
            host.exec("nft", "add rule inet filtered in ip protocol 112 drop");
        }
        try {
            // Then
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(List.of(first.complaints(), second.complaints()))
                            .containsOnly(List.of("AdvertsNotHeard")));
        } finally {
            d1.exec("nft", "delete table inet filtered");
            d2.exec("nft", "delete table inet filtered");
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.of(first.complaints(), second.complaints()))
                        .containsOnly(List.of()));
    }

    @Test
    void anotherKeyIsNoPeer() {
        // When
        second.close();
        Beat forged = new Beat("d2", d2.ipv4(), Map.of("d1", d1.ipv4()), "f0".repeat(32));
        second = Director.start(d2, directory, forged, router(IPV4, FIRST_BACKUP, vip));

        // Then
        awaitLease(d1, false);
        // What is told of the director before it may be older than the lease.
        Awaitility.await("nobody lives for d1, for some beats of the one with the other key")
                .atMost(PATIENCE)
                .during(SOME_BEATS)
                .untilAsserted(() -> assertThat(first.living()).isEmpty());
    }

    private void figures(String fault, TestReporter reporter) {
        Duration both = bothUntil(d2);
        awaitReplies(replies().size() + 200);
        double silence = longestGap(replies());
        reporter.publishEntry("two owners after " + fault, seconds(both));
        reporter.publishEntry("without an answer after " + fault, "%.3f s".formatted(silence));
        assertThat(both).isLessThan(LONGEST_BOTH);
        assertThat(silence).isLessThan(LONGEST_SILENCE.toMillis() / 1000.0);
    }

    /** How long both were seen to hold the VIP, before this one held it alone. */
    private static Duration bothUntil(Host owner) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long from = 0;
        long to = 0;
        while (System.nanoTime() - end < 0) {
            long asked = System.nanoTime();
            List<String> seen = owners.of(vip);
            if (seen.size() > 1) {
                from = from == 0 ? asked : from;
                to = System.nanoTime();
            } else if (seen.equals(List.of(owner.name()))) {
                return Duration.ofNanos(to - from);
            }
        }
        throw new AssertionError("%s does not hold %s alone after %s".formatted(owner, vip, PATIENCE));
    }

    private static void awaitLease(Host host, boolean leased) {
        Awaitility.await("the VIP %s on %s is %s".formatted(vip, host, leased ? "leased" : "permanent"))
                .atMost(PATIENCE)
                .until(() -> host.exec("ip", "-oneline", "address", "show", "dev", Host.INTERFACE)
                        .out()
                        .lines()
                        .filter(line -> line.contains(vip + "/"))
                        .anyMatch(line -> line.contains("valid_lft forever") != leased));
    }

    private void awaitReplies(int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> replies().size() >= count);
    }

    private List<Double> replies() {
        return ping.out()
                .lines()
                .map(REPLY::matcher)
                .filter(Matcher::matches)
                .map(line -> Double.parseDouble(line.group(1)))
                .toList();
    }

    private static double longestGap(List<Double> times) {
        double longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }

    private static String seconds(Duration duration) {
        return "%.2f s".formatted(duration.toMillis() / 1000.0);
    }
}
