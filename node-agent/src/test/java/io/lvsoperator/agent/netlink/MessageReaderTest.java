package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link MessageReader} and {@link NetlinkRequest#write}. */
class MessageReaderTest {
    static final ByteBuffer TWO_MESSAGES = HexDump.buffer("""
            15 00 00 00      # length 21
            10 00            # type 16
            05 00            # flags REQUEST, ACK
            02 01 00 00      # sequence 258
            00 00 00 00      # port id
            01 02 03 04
            05 00 00 00      # five bytes of payload, padded
            14 00 00 00      # length 20
            14 00            # type 20
            01 04            # flags REQUEST, CREATE
            03 01 00 00      # sequence 259
            00 00 00 00      # port id
            0a 0b 0c 0d
            """);

    @Test
    void takesADatagramApart() throws Exception {
        var reader = new MessageReader(TWO_MESSAGES);

        var first = reader.next();
        assertThat(first)
                .extracting(NetlinkMessage::type, NetlinkMessage::flags, NetlinkMessage::sequence)
                .containsExactly(16, 5, 258);
        assertThat(first.payload().remaining()).isEqualTo(5);
        var second = reader.next();
        assertThat(second)
                .extracting(NetlinkMessage::type, NetlinkMessage::flags, NetlinkMessage::sequence)
                .containsExactly(20, 0x401, 259);
        assertThat(second.payload()).isEqualTo(HexDump.buffer("0a 0b 0c 0d"));
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void putsRequestsIntoADatagram() {
        var datagram = new MessageWriter();

        new NetlinkRequest("first", 16, 0, HexDump.buffer("01 02 03 04 05"))
                .write(datagram, NetlinkHeader.NLM_F_ACK, 258);
        new NetlinkRequest("second", 20, NetlinkRequest.NLM_F_CREATE, HexDump.buffer("0a 0b 0c 0d"))
                .write(datagram, 0, 259);

        assertThat(HexDump.of(datagram.finish())).isEqualTo(HexDump.of(TWO_MESSAGES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 00 00", // no header
                "0f 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00", // shorter than its own header
                "11 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00", // reaches beyond the end
                "ff ff ff ff 10 00 00 00 00 00 00 00 00 00 00 00",
            })
    void refusesAMessageThatDoesNotFit(String bytes) {
        var reader = new MessageReader(HexDump.buffer(bytes));

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reader::next);
    }

    @Test
    void survivesMutants() {
        Mutations.check(13, List.of(TWO_MESSAGES), message -> {
            var reader = new MessageReader(message.payload());
            while (reader.hasNext()) {
                reader.next();
            }
            return "";
        });
    }
}
