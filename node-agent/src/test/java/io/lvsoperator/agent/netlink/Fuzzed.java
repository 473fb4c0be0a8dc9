package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a fuzzer gives to decoders of netlink messages: they may take it or call it malformed, and nothing else. */
public final class Fuzzed {
    private Fuzzed() {}

    /** One step of a decoder; what it gives must have words. */
    @FunctionalInterface
    public interface Decoding {
        Object run() throws MalformedMessageException;
    }

    /** As arguments of a fuzz test. */
    public static Stream<byte[]> seeds(ByteBuffer... payloads) {
        return Arrays.stream(payloads).map(payload -> {
            byte[] bytes = new byte[payload.remaining()];
            payload.duplicate().get(bytes);
            return bytes;
        });
    }

    /** A message of that type with this payload. */
    public static NetlinkMessage message(int type, byte[] payload) {
        return message(type, 0, payload);
    }

    static NetlinkMessage message(int type, int flags, byte[] payload) {
        return new NetlinkMessage(type, flags, 0, 0, ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()));
    }

    /** Any other exception than the one for malformed messages is a finding. */
    public static void decode(Decoding decoding) {
        try {
            assertThat(decoding.run().toString()).isNotNull();
        } catch (MalformedMessageException said) {
            // as it should
        }
    }
}
