package io.lvsoperator.agent.netlink;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils good messages in every way: a decoder may take what comes of it or call it malformed, and nothing else. */
public final class Mutations {
    private static final int ROUNDS = 20_000;

    private Mutations() {}

    /** Runs {@code decoder} over mutants of the payloads, the same ones for the same seed. */
    public static void check(long seed, List<ByteBuffer> payloads, MessageDecoder<?> decoder) {
        var random = new Random(seed);
        var malformed = assertTimeoutPreemptively(ofSeconds(60), () -> {
            var count = 0;
            for (var round = 0; round < ROUNDS; round++) {
                var mutant = mutate(random, bytes(payloads.get(random.nextInt(payloads.size()))));
                try {
                    decoder.decode(new NetlinkMessage(
                            random.nextInt(40),
                            random.nextInt(0x10000),
                            random.nextInt(),
                            random.nextInt(),
                            ByteBuffer.wrap(mutant).order(ByteOrder.nativeOrder())));
                } catch (MalformedMessageException e) {
                    count++;
                }
            }
            return count;
        });
        assertThat(malformed).as("mutants that were told to be malformed").isPositive();
    }

    private static byte[] bytes(ByteBuffer payload) {
        var bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    private static byte[] mutate(Random random, byte[] bytes) {
        var mutant = bytes;
        for (var times = 1 + random.nextInt(4); times > 0; times--) {
            mutant = switch (random.nextInt(4)) {
                case 0 -> Arrays.copyOf(mutant, random.nextInt(mutant.length + 1));
                case 1 -> Arrays.copyOf(mutant, mutant.length + random.nextInt(8));
                default -> overwrite(random, mutant);
            };
        }
        return mutant;
    }

    private static byte[] overwrite(Random random, byte[] bytes) {
        if (bytes.length > 0) {
            var interesting = new int[] {0, 1, 3, 4, 0x7f, 0x80, 0xff, random.nextInt(256)};
            bytes[random.nextInt(bytes.length)] = (byte) interesting[random.nextInt(interesting.length)];
        }
        return bytes;
    }
}
