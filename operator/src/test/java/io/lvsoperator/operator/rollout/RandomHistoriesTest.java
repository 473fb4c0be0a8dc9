package io.lvsoperator.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever users change and however late nodes are: no director ever sends to a node for a VIP that the node does not hold,
 * and when everybody is back all of it is served, or gone. The seed of a failing history is in the test's name.
 */
class RandomHistoriesTest {
    private static final int DIRECTORS = 3;
    private static final int REAL_SERVERS = 4;
    private static final List<String> VIPS =
            List.of("192.0.2.100", "192.0.2.101", "192.0.2.102", "2001:db8::100", "2001:db8::101");

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverSendsWhereTheVipIsNotHeldAndConverges(long seed) {
        // Given
        Random random = new Random(seed);
        World world = World.of(DIRECTORS, REAL_SERVERS);
        Target target = randomTarget(random);

        // When
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(25) == 0) {
                target = randomTarget(random);
            }
            event(world, random, target);
            requireNoViolation(world, i);
        }
        boolean settled = settle(world, target);

        // Then
        assertThat(settled).isTrue();
        assertThat(world.violations()).isEmpty();
        assertArrived(world, target);
    }

    /** Plain, as it is asked a hundred thousand times. */
    private static void requireNoViolation(World world, int events) {
        List<String> violations = world.violations();
        if (!violations.isEmpty()) {
            throw new AssertionError("after " + events + " events: " + violations);
        }
    }

    private static void event(World world, Random random, Target target) {
        List<String> names = List.copyOf(world.nodes.keySet());
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> world.look(target);
            case 5, 6, 7, 8, 9 -> world.read(name);
            case 10, 11, 12, 13, 14 -> world.apply(name);
            case 15 -> world.fallSilent(name);
            case 16, 17 -> comeBack(world, name);
            case 18 -> world.node(name).failing = random.nextBoolean();
            default -> world.pass(Duration.ofSeconds(random.nextInt(90)));
        }
    }

    /** A director that was given up reads and applies before it directs anything again: its agent starts from the API. */
    private static void comeBack(World world, String name) {
        world.comeBack(name);
        world.node(name).failing = false;
        world.read(name);
        world.apply(name);
    }

    private static boolean settle(World world, Target target) {
        world.nodes.keySet().forEach(name -> comeBack(world, name));
        for (int i = 0; i < 20; i++) {
            Step step = world.look(target);
            assertThat(world.violations()).isEmpty();
            List.copyOf(world.nodes.keySet()).forEach(name -> {
                world.read(name);
                world.apply(name);
                assertThat(world.violations()).isEmpty();
            });
            if (step instanceof Step.Gone || (step instanceof Step.Stay && world.look(target) instanceof Step.Stay)) {
                return true;
            }
        }
        return false;
    }

    private static void assertArrived(World world, Target target) {
        switch (target) {
            case Target.Withdraw withdraw -> assertThat(world.slice()).isNull();
            case Target.Serve serve -> {
                VirtualServerSliceSpec slice = Objects.requireNonNull(world.slice());
                assertThat(slice.addresses())
                        .extracting(a -> a.value())
                        .containsExactlyInAnyOrderElementsOf(serve.addresses());
                assertThat(slice.addresses()).extracting(a -> a.phase()).containsOnly(Phase.SERVING);
                assertThat(slice.realServers())
                        .extracting(r -> r.address())
                        .containsExactlyInAnyOrderElementsOf(serve.realServers().stream()
                                .map(Target.RealServer::address)
                                .toList());
                assertThat(slice.realServers()).allMatch(r -> r.phase() == Phase.SERVING);
            }
        }
    }

    private static Target randomTarget(Random random) {
        if (random.nextInt(6) == 0) {
            return new Target.Withdraw();
        }
        List<String> vips = new ArrayList<>();
        int first = random.nextInt(4);
        if (first < 3) {
            vips.add(VIPS.get(first));
        }
        if (first == 3 || random.nextBoolean()) {
            vips.add(VIPS.get(3 + random.nextInt(2)));
        }
        boolean v4 = first < 3;
        boolean v6 = vips.stream().anyMatch(v -> v.contains(":"));
        List<Target.RealServer> realServers = new ArrayList<>();
        IntStream.rangeClosed(1, REAL_SERVERS)
                .filter(i -> random.nextInt(3) > 0)
                .forEach(i -> {
                    if (v4) {
                        Target.RealServer realServer = World.onNode(i);
                        realServers.add(random.nextInt(4) == 0 ? World.nat(realServer) : realServer);
                    }
                    if (v6) {
                        realServers.add(World.onNode6(i));
                    }
                });
        if (v4 && random.nextInt(4) == 0) {
            realServers.add(World.dr("203.0.113.5", null, random.nextInt(5)));
        }
        return World.serve(vips, realServers);
    }
}
