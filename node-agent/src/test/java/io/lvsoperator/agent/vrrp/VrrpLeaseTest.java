package io.lvsoperator.agent.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.vrrp.SimulatedSegment.Node;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fleets that exchange heartbeats, so that an Active has its VIPs on a lease: killed agents, and what packets may suffer. */
class VrrpLeaseTest {
    private static final int SEEDS = 60;

    private static SimulatedSegment converged(Random random, int directors, int intervalMillis) {
        SimulatedSegment segment = new SimulatedSegment(random, directors, intervalMillis).withHeartbeats();
        segment.nodes().forEach(Node::start);
        segment.run(Duration.ofMillis(6_000 + 4L * intervalMillis));
        segment.watchFromNow();
        return segment;
    }

    /** The lease from the last advert on, less the down interval from the same advert on, and what wakes late. */
    private static Duration longestBoth(int intervalMillis) {
        int lease = Math.max(2_000, (4 * intervalMillis + 999) / 1000 * 1000);
        return Duration.ofMillis(lease - 3L * intervalMillis + 20);
    }

    @ParameterizedTest(name = "a killed Active answers beside its successor until its lease ends, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void aKilledActiveLosesItsVips(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedSegment segment = converged(new Random(seed), 2, intervalMillis);

            segment.nodes().getFirst().kill();
            segment.run(Duration.ofMillis(10L * intervalMillis + 5_000));

            assertThat(segment.owners())
                    .as("seed %d", seed)
                    .containsExactly(segment.nodes().getLast());
            assertThat(segment.longestNone()).as("seed %d", seed).isZero();
            assertThat(segment.longestSeveral()).as("seed %d", seed).isLessThan(longestBoth(intervalMillis));
        }
    }

    @Test
    void oneThatIsKilledAloneKeepsItsVips() {
        SimulatedSegment segment = converged(new Random(1), 2, 1000);
        segment.nodes().getLast().kill();
        segment.run(Duration.ofSeconds(5));

        segment.nodes().getFirst().kill();
        segment.run(Duration.ofMinutes(1));

        assertThat(segment.owners()).containsExactly(segment.nodes().getFirst());
    }

    @Test
    void oneThatStandsStillAloneGoesOn() {
        SimulatedSegment segment = converged(new Random(1), 2, 1000);
        segment.nodes().getLast().kill();
        segment.run(Duration.ofSeconds(5));
        long before = segment.nodes().getFirst().transitions();

        segment.nodes().getFirst().freeze(Duration.ofSeconds(10));
        segment.run(Duration.ofSeconds(20));

        assertThat(segment.longestNone()).isZero();
        assertThat(segment.nodes().getFirst().transitions()).isEqualTo(before);
    }

    @Test
    void oneThatStoodStillAloneAndMeetsAnotherWhenItWakesIsLeftAsTheOnlyOne() {
        SimulatedSegment segment = converged(new Random(1), 2, 1000);
        segment.nodes().getLast().kill();
        segment.run(Duration.ofSeconds(5));

        segment.nodes().getFirst().freeze(Duration.ofSeconds(10));
        segment.nodes().getLast().start();
        segment.run(Duration.ofMillis(10_100));

        assertThat(segment.owners()).containsExactly(segment.nodes().getFirst());
    }

    @Test
    void vipsBecomePermanentAndLeasedAgainInPlace() {
        SimulatedSegment segment = converged(new Random(1), 2, 1000);
        Node active = segment.nodes().getFirst();
        assertThat(active.secondsLeft()).isBetween(3L, 4L);

        segment.nodes().getLast().kill();
        segment.run(Duration.ofSeconds(5));
        assertThat(active.secondsLeft()).isEqualTo(InterfaceAddress.FOREVER);

        segment.nodes().getLast().start();
        segment.run(Duration.ofSeconds(5));
        assertThat(active.secondsLeft()).isBetween(3L, 4L);
        assertThat(segment.longestNone()).isZero();
        assertThat(segment.longestSeveral()).isZero();
    }

    @Test
    void oneThatStartsAgainBeforeAnybodyCanHaveTakenOverGoesOn() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedSegment segment = converged(new Random(seed), 3, 1000);
            List<Long> before =
                    segment.nodes().stream().skip(1).map(Node::transitions).toList();

            segment.nodes().getFirst().kill();
            segment.run(Duration.ofMillis(900));
            segment.nodes().getFirst().start();
            segment.run(Duration.ofSeconds(10));

            assertThat(segment.nodes().stream().skip(1).map(Node::transitions).toList())
                    .as("seed %d", seed)
                    .isEqualTo(before);
            assertThat(segment.longestNone()).as("seed %d", seed).isZero();
            assertThat(segment.longestSeveral()).as("seed %d", seed).isZero();
        }
    }

    @Test
    void oneThatStartsAgainLaterListensFirst() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedSegment segment = converged(new Random(seed), 2, 1000);

            segment.nodes().getFirst().kill();
            segment.run(Duration.ofMillis(3_200));
            segment.nodes().getFirst().start();

            assertThat(segment.nodes().getFirst().owns()).as("seed %d", seed).isFalse();
            segment.run(Duration.ofSeconds(10));
            assertThat(segment.owners())
                    .as("seed %d", seed)
                    .containsExactly(segment.nodes().getFirst());
        }
    }

    @Test
    void oneThatSleptDoesNotSpeakAsActiveWhenItWakes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedSegment segment = converged(new Random(seed), 2, 1000);
            Node sleeper = segment.nodes().getFirst();

            sleeper.freeze(Duration.ofSeconds(8));
            segment.run(Duration.ofMillis(7_900));
            assertThat(segment.owners())
                    .as("seed %d", seed)
                    .containsExactly(segment.nodes().getLast());
            long sent = sleeper.sent();
            segment.watchFromNow();
            segment.run(Duration.ofMillis(600));

            assertThat(sleeper.sent()).as("seed %d", seed).isEqualTo(sent);
            assertThat(segment.longestSeveral()).as("seed %d", seed).isZero();
        }
    }

    @ParameterizedTest(
            name =
                    "after loss, delay, reordering, kills and restarts of 2 to 7 routers one is left, adverts each {0} ms")
    @ValueSource(ints = {1000, 100})
    void oneIsLeftWhateverHappened(int intervalMillis) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            SimulatedSegment segment = converged(random, 2 + random.nextInt(6), intervalMillis);
            torment(segment, random, intervalMillis);

            // When: the packets come again, and agents run again that left VIPs without an end
            segment.disturb(0, Duration.ofMillis(1));
            segment.nodes().forEach(node -> {
                node.listen();
                if (!node.isRunning() && !node.letsGoByItself()) {
                    node.start();
                }
            });
            if (segment.nodes().stream().noneMatch(Node::isRunning)) {
                segment.nodes().getLast().start();
            }
            Node best =
                    segment.nodes().stream().filter(Node::isRunning).findFirst().orElseThrow();
            segment.run(Duration.ofMillis(5L * intervalMillis).plus(longestLease(intervalMillis)));

            // Then
            assertThat(segment.owners()).as("seed %d", seed).containsExactly(best);
            segment.watchFromNow();
            segment.run(Duration.ofMillis(20L * intervalMillis));
            assertThat(segment.longestSeveral()).as("seed %d", seed).isZero();
            assertThat(segment.longestNone()).as("seed %d", seed).isZero();
        }
    }

    private static Duration longestLease(int intervalMillis) {
        return Duration.ofMillis(Math.max(2_000, 4L * intervalMillis));
    }

    private static void torment(SimulatedSegment segment, Random random, int intervalMillis) {
        for (int event = 0; event < 60; event++) {
            Node node = segment.nodes().get(random.nextInt(segment.nodes().size()));
            switch (random.nextInt(6)) {
                case 0 -> node.kill();
                case 1, 2 -> {
                    if (!node.isRunning()) {
                        node.start();
                    }
                }
                case 3 -> node.deafen(Duration.ofMillis(random.nextInt(10 * intervalMillis)));
                case 4 -> segment.disturb(random.nextDouble() * 0.5, Duration.ofMillis(random.nextInt(intervalMillis)));
                default -> segment.disturb(0, Duration.ofMillis(1));
            }
            segment.run(Duration.ofMillis(random.nextInt(4 * intervalMillis)));
        }
    }
}
