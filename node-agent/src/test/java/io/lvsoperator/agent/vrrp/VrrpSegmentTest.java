package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.SimulatedSegment.VIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.vrrp.SimulatedSegment.Node;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole fleets under random events, many seeds each: never two owners by our doing, never a flap by a change of settings. */
class VrrpSegmentTest {

    private static final int DIRECTORS = 3;
    private static final int SEEDS = 40;

    /** A packet's time and the lateness of two directors. */
    private static final Duration HAND_OVER = Duration.ofMillis(5);

    private static SimulatedSegment converged(Random random, int intervalMillis) {
        SimulatedSegment segment = new SimulatedSegment(random, DIRECTORS, intervalMillis);
        segment.nodes().forEach(Node::start);
        segment.run(Duration.ofMillis(4L * intervalMillis + 100));
        segment.watchFromNow();
        return segment;
    }

    private static List<String> randomVips(Random random) {
        return Stream.concat(
                        Stream.of(VIP),
                        IntStream.range(101, 140)
                                .filter(ignored -> random.nextInt(8) == 0)
                                .mapToObj(last -> "192.0.2." + last))
                .toList();
    }

    /** As the operator rolls a change out: every director gets it, each at another moment. */
    private static void changeVips(SimulatedSegment segment, Random random) {
        List<String> vips = randomVips(random);
        for (Node node : segment.nodes()) {
            node.serve(vips);
            segment.run(Duration.ofMillis(random.nextInt(200)));
        }
    }

    @ParameterizedTest(
            name = "changes of VIPs cause no transition and no moment without exactly one owner, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void changesNeverFlap(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedSegment segment = converged(random, intervalMillis);
            List<Long> before = segment.nodes().stream().map(Node::transitions).toList();

            for (int change = 0; change < 50; change++) {
                changeVips(segment, random);
            }

            assertThat(segment.nodes())
                    .as("seed %d", seed)
                    .extracting(Node::transitions)
                    .isEqualTo(before);
            assertThat(segment.longestSeveral()).as("seed %d", seed).isZero();
            assertThat(segment.longestNone()).as("seed %d", seed).isZero();
        }
    }

    @ParameterizedTest(
            name = "cables and agents come and go: two owners never for longer than a hand-over, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void cablesAndAgentsNeverMakeTwoOwners(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedSegment segment = converged(random, intervalMillis);

            for (int event = 0; event < 100; event++) {
                Node node = segment.nodes().get(random.nextInt(DIRECTORS));
                switch (random.nextInt(5)) {
                    case 0 -> node.pullCable();
                    case 1 -> node.plugCable();
                    case 2 -> node.stop();
                    case 3 -> startIfStopped(node);
                    default -> changeVips(segment, random);
                }
                segment.run(Duration.ofMillis(random.nextInt(6 * intervalMillis)));
            }

            assertThat(segment.longestSeveral()).as("seed %d", seed).isLessThan(HAND_OVER);
        }
    }

    @ParameterizedTest(
            name =
                    "after any faults, stalls and losses too, the preferred director alone owns all VIPs, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void afterAnyFaultsOneOwnerIsLeft(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedSegment segment = converged(random, intervalMillis);
            for (int event = 0; event < 100; event++) {
                Node node = segment.nodes().get(random.nextInt(DIRECTORS));
                Duration time = Duration.ofMillis(random.nextInt(10 * intervalMillis));
                switch (random.nextInt(7)) {
                    case 0 -> node.pullCable();
                    case 1 -> node.plugCable();
                    case 2 -> node.stop();
                    case 3 -> startIfStopped(node);
                    case 4 -> node.freeze(time);
                    case 5 -> node.deafen(time);
                    default -> changeVips(segment, random);
                }
                segment.run(Duration.ofMillis(random.nextInt(3 * intervalMillis)));
            }

            segment.run(Duration.ofMillis(10L * intervalMillis));
            segment.nodes().forEach(Node::plugCable);
            segment.nodes().forEach(VrrpSegmentTest::startIfStopped);
            List<String> vips = randomVips(random);
            segment.nodes().forEach(node -> node.serve(vips));
            segment.run(Duration.ofMillis(20L * intervalMillis));

            assertThat(segment.owners())
                    .as("seed %d", seed)
                    .containsExactly(segment.nodes().getFirst());
            assertThat(segment.nodes())
                    .as("seed %d", seed)
                    .extracting(Node::held)
                    .containsExactly(vips.stream().sorted().toList(), List.of(), List.of());
        }
    }

    private static void startIfStopped(Node node) {
        if (!node.isRunning()) {
            node.start();
        }
    }

    @ParameterizedTest(name = "a cut cable costs three intervals and the first backup''s skew, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void aCutCableCostsTheDownIntervalOfTheFirstBackup(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedSegment segment = converged(new Random(seed), intervalMillis);

            segment.nodes().getFirst().pullCable();
            segment.run(Duration.ofMillis(5L * intervalMillis));

            assertThat(segment.owners()).containsExactly(segment.nodes().get(1));
            assertThat(segment.longestNone())
                    .as("seed %d", seed)
                    .isLessThan(Duration.ofNanos((long) (3.0118 * intervalMillis * 1_000_000))
                            .plus(HAND_OVER));
        }
    }

    @Test
    @DisplayName(
            "a director that stood still for longer than the down interval lets the new Active be, and listens first")
    void aStalledActiveListens() {
        SimulatedSegment segment = converged(new Random(1), 1000);
        Node preferred = segment.nodes().getFirst();

        preferred.freeze(Duration.ofSeconds(10));
        segment.run(Duration.ofMillis(10_100));

        assertThat(segment.owners()).containsExactly(segment.nodes().get(1));
    }
}
