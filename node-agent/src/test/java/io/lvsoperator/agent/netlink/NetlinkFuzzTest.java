package io.lvsoperator.agent.netlink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams, acknowledgements, attributes, and the controller's answer. */
class NetlinkFuzzTest {
    private static final int DEEPEST = 8;

    static Stream<byte[]> seeds() {
        return Fuzzed.seeds(
                MessageReaderTest.TWO_MESSAGES,
                AcknowledgementTest.REFUSAL,
                AcknowledgementTest.REFUSAL_WITH_REQUEST,
                AttributeTest.EVERY_KIND);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void decoders(byte[] bytes) {
        Fuzzed.decode(() -> readDatagram(bytes));
        for (int flags : new int[] {0, NetlinkHeader.NLM_F_CAPPED, NetlinkHeader.NLM_F_ACK_TLVS, 0x300}) {
            Fuzzed.decode(() -> Acknowledgement.ofError(Fuzzed.message(NetlinkHeader.NLMSG_ERROR, flags, bytes)));
            Fuzzed.decode(() -> Acknowledgement.ofDone(Fuzzed.message(NetlinkHeader.NLMSG_DONE, flags, bytes)));
        }
        Fuzzed.decode(() -> walk(GenericFamily.attributes(Fuzzed.message(0x10, bytes)), DEEPEST));
        Fuzzed.decode(() -> walk(new AttributeReader(ByteBuffer.wrap(bytes)), DEEPEST));
        lookUp(bytes);
    }

    private static Object readDatagram(byte[] bytes) throws MalformedMessageException {
        MessageReader reader = new MessageReader(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
        while (reader.hasNext()) {
            NetlinkMessage message = reader.next();
            Fuzzed.decode(() -> Acknowledgement.ofError(message));
            Fuzzed.decode(() -> Acknowledgement.ofDone(message));
        }
        return reader;
    }

    private static Object walk(AttributeReader attributes, int depth) throws MalformedMessageException {
        while (attributes.next()) {
            attributes.string();
            List<Fuzzed.Decoding> getters = List.of(
                    attributes::u8,
                    attributes::u16,
                    attributes::be16,
                    attributes::be32,
                    attributes::u32,
                    attributes::u64,
                    () -> attributes.struct(Integer.BYTES).getInt(0),
                    () -> attributes.address(AddressFamily.IPV4),
                    () -> attributes.address(AddressFamily.IPV6));
            getters.forEach(Fuzzed::decode);
            if (depth > 0) {
                AttributeReader nested = attributes.nested();
                Fuzzed.decode(() -> walk(nested, depth - 1));
            }
        }
        return attributes;
    }

    private static void lookUp(byte[] answer) {
        GenericFamily family = new GenericFamily(
                new FakeNetlink(request -> FakeNetlink.Answer.of(Fuzzed.message(0x10, answer))), "IPVS", 1);
        try {
            family.execute(family.request("info", 1, attributes -> {}));
        } catch (MalformedMessageException said) {
            // as it should
        } catch (NetlinkException other) {
            throw new IllegalStateException(other);
        }
    }
}
