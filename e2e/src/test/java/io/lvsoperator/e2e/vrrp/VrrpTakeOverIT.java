package io.lvsoperator.e2e.vrrp;

import static io.lvsoperator.agent.nativeaccess.AddressFamily.IPV4;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.FIRST_BACKUP;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.PREFERRED;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.router;
import static io.lvsoperator.e2e.vrrp.VrrpFleet.withInterval;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client goes without an answer from the VIP when the Active fails hard; the figure goes to the test report. */
@Tag("network")
@Tag("vrrp")
class VrrpTakeOverIT {

    /** Three intervals, the skew of priority 253, and a little. */
    private static final double INTERVALS = 3.05;

    /** For the scheduling of a machine that is busy or emulated. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private static final Pattern REPLY = Pattern.compile("^\\[(\\d+\\.\\d+)] \\d+ bytes from .*");

    private static Lab lab;
    private static Host client;
    private static Host d1;
    private static Host d2;

    @TempDir
    private Path directory;

    @BeforeAll
    static void buildLab() {
        lab = VrrpFleet.lab("vrrptime");
        client = lab.host("client");
        d1 = lab.host("d1");
        d2 = lab.host("d2");
    }

    @AfterAll
    static void removeLab() {
        lab.close();
    }

    @AfterEach
    void plugCable() {
        d1.plugCable();
    }

    @ParameterizedTest(
            name = "adverts each {0} ms: a client misses at most 3.05 intervals and a second when the cable is pulled")
    @ValueSource(ints = {1000, 100})
    void aPulledCableCostsThreeIntervals(int intervalMillis, TestReporter reporter) {
        String vip = VrrpFleet.vip(IPV4, lab);
        VipOwners owners = new VipOwners(d1, d2);
        try (Director first =
                        Director.start(d1, directory, withInterval(router(IPV4, PREFERRED, vip), intervalMillis));
                Director second =
                        Director.start(d2, directory, withInterval(router(IPV4, FIRST_BACKUP, vip), intervalMillis))) {
            owners.awaitSole(vip, d1);
            Background ping = client.start("ping", "ping", "-n", "-D", "-i", "0.002", vip);
            awaitReplies(ping, 100);

            d1.pullCable();
            owners.awaitSole(vip, d2);
            awaitReplies(ping, replies(ping).size() + 100);
            ping.stop(Duration.ofSeconds(10));

            double gap = longestGap(replies(ping));
            reporter.publishEntry("take-over at %d ms adverts".formatted(intervalMillis), "%.3f s".formatted(gap));
            assertThat(gap * 1000).isLessThan(INTERVALS * intervalMillis + TOLERANCE.toMillis());
            first.stop();
            second.stop();
        }
    }

    private static void awaitReplies(Background ping, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> replies(ping).size() >= count);
    }

    private static List<Double> replies(Background ping) {
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
}
