package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link AttributeReader} and {@link MessageWriter}. */
class AttributeTest {
    static final ByteBuffer EVERY_KIND = HexDump.buffer("""
            07 00 00 00      # a header of 3 bytes, padded
            05 00 01 00      # length 5, type 1
              ab 00 00 00    #   u8, padded
            06 00 02 00      # length 6, type 2
              34 12 00 00    #   u16 in host order
            06 00 03 00      # length 6, type 3
              1f 90 00 00    #   8080 in network order
            08 00 04 00      # length 8, type 4
              ff ff ff ff    #   u32
            0c 00 05 00      # length 12, type 5
              08 07 06 05
              04 03 02 01    #   u64
            07 00 06 00      # length 7, type 6
              72 72 00 00    #   "rr" and its NUL
            08 00 07 00      # length 8, type 7
              c0 00 02 64    #   192.0.2.100
            0c 00 08 80      # length 12, type 8, NESTED
              05 00 01 00    #   length 5, type 1
                01 00 00 00  #     u8
            """);

    @Test
    void writesEveryKind() {
        var message = new MessageWriter()
                .header(3, header -> header.put((byte) 7))
                .u8(1, 0xab)
                .u16(2, 0x1234)
                .be16(3, 8080)
                .u32(4, 0xffff_ffffL)
                .u64(5, 0x0102_0304_0506_0708L)
                .string(6, "rr")
                .address(7, IpAddress.parse("192.0.2.100"))
                .nested(8, content -> content.u8(1, 1))
                .finish();

        assertThat(HexDump.of(message)).isEqualTo(HexDump.of(EVERY_KIND));
    }

    @Test
    void readsEveryKind() throws Exception {
        var reader = new AttributeReader(EVERY_KIND.duplicate().position(4));

        assertThat(next(reader, 1).u8()).isEqualTo(0xab);
        assertThat(next(reader, 2).u16()).isEqualTo(0x1234);
        assertThat(next(reader, 3).be16()).isEqualTo(8080);
        assertThat(next(reader, 4).u32()).isEqualTo(0xffff_ffffL);
        assertThat(next(reader, 5).u64()).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(next(reader, 6).string()).isEqualTo("rr");
        assertThat(next(reader, 7).address(AddressFamily.IPV4)).isEqualTo(IpAddress.parse("192.0.2.100"));
        var nested = next(reader, 8).nested();
        assertThat(next(nested, 1).u8()).isEqualTo(1);
        assertThat(nested.next()).isFalse();
        assertThat(reader.next()).isFalse();
    }

    private static AttributeReader next(AttributeReader reader, int type) throws MalformedMessageException {
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(type);
        return reader;
    }

    @Test
    void ignoresTheByteOrderBit() throws Exception {
        var reader = new AttributeReader(HexDump.buffer("""
                06 00 03 40      # length 6, type 3, NET_BYTEORDER
                  00 50 00 00
                """));

        assertThat(next(reader, 3).be16()).isEqualTo(80);
    }

    @Test
    void takesALastAttributeWithoutPadding() throws Exception {
        var reader = new AttributeReader(HexDump.buffer("05 00 01 00 07"));

        assertThat(next(reader, 1).u8()).isEqualTo(7);
        assertThat(reader.next()).isFalse();
    }

    @Test
    void takesTextWithoutItsNul() throws Exception {
        assertThat(next(new AttributeReader(HexDump.buffer("06 00 01 00 72 72 00 00")), 1)
                        .string())
                .isEqualTo("rr");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05", // no header
                "05 00 01",
                "03 00 01 00", // shorter than its own header
                "00 00 01 00",
                "09 00 01 00 aa bb cc dd", // reaches beyond the end
                "ff ff 01 00",
            })
    void refusesAnAttributeThatDoesNotFit(String bytes) {
        var reader = new AttributeReader(HexDump.buffer(bytes));

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reader::next);
    }

    @Test
    void refusesANestedAttributeThatReachesBeyondItsParent() throws Exception {
        var outer = new AttributeReader(HexDump.buffer("""
                08 00 01 80      # length 8, type 1, NESTED
                  0c 00 01 00    #   length 12: beyond the parent, though within the message
                08 00 02 00
                  00 00 00 00
                """));
        var inner = next(outer, 1).nested();

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(inner::next);
    }

    @Test
    void refusesAValueOfAnotherLength() throws Exception {
        var reader = next(new AttributeReader(HexDump.buffer("06 00 01 00 aa bb 00 00")), 1);

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reader::u8);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reader::u32);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(reader::u64);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> reader.address(AddressFamily.IPV6));
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> reader.struct(3));
    }

    @Test
    void refusesToWriteMoreThanAnAttributeHolds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageWriter().bytes(1, new byte[0xffff]));
        assertThatIllegalStateException()
                .isThrownBy(() -> new MessageWriter()
                        .nested(1, content -> content.bytes(2, new byte[40_000]).bytes(3, new byte[40_000])));
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        var random = new Random(11);
        for (var round = 0; round < 1000; round++) {
            var values = new ArrayList<byte[]>();
            var writer = new MessageWriter();
            for (var i = random.nextInt(20); i > 0; i--) {
                var value = new byte[random.nextInt(100)];
                random.nextBytes(value);
                values.add(value);
                writer.bytes(values.size(), value);
            }
            var reader = new AttributeReader(writer.finish());
            for (var i = 0; i < values.size(); i++) {
                var read = new byte[next(reader, i + 1).length()];
                reader.bytes().get(read);
                assertThat(read).isEqualTo(values.get(i));
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void survivesMutants() {
        Mutations.check(12, List.of(EVERY_KIND.duplicate().position(4)), message -> {
            walk(new AttributeReader(message.payload()), 0);
            return "";
        });
    }

    private static void walk(AttributeReader reader, int depth) throws MalformedMessageException {
        while (reader.next()) {
            assertThat(reader.string()).isNotNull();
            switch (reader.type()) {
                case 1 -> reader.u8();
                case 2 -> reader.u16();
                case 3 -> reader.be16();
                case 4 -> reader.u32();
                case 5 -> reader.u64();
                case 7 -> reader.address(AddressFamily.IPV4);
                default -> {
                    if (depth < 10) {
                        walk(reader.nested(), depth + 1);
                    }
                }
            }
        }
    }
}
