package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Builds the payload of a message: the family's fixed header first, then attributes. Numbers are truncated to their width. */
public final class MessageWriter {
    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /** A fixed header of that size, to be filled by {@code fields}, which gets a zeroed buffer in host order. */
    public MessageWriter header(int size, Consumer<ByteBuffer> fields) {
        var aligned = NetlinkHeader.aligned(size);
        reserve(aligned);
        fields.accept(buffer.slice(buffer.position(), size).order(ByteOrder.nativeOrder()));
        buffer.position(buffer.position() + aligned);
        return this;
    }

    public MessageWriter u8(int type, int value) {
        open(type, Byte.BYTES).put((byte) value);
        return pad();
    }

    public MessageWriter u16(int type, int value) {
        open(type, Short.BYTES).putShort((short) value);
        return pad();
    }

    /** A 16-bit number in network order. */
    public MessageWriter be16(int type, int value) {
        open(type, Short.BYTES).put((byte) (value >>> Byte.SIZE)).put((byte) value);
        return pad();
    }

    /** A 32-bit number in network order. */
    public MessageWriter be32(int type, int value) {
        var network = open(type, Integer.BYTES).order(ByteOrder.BIG_ENDIAN).putInt(value);
        network.order(ByteOrder.nativeOrder());
        return this;
    }

    public MessageWriter u32(int type, long value) {
        open(type, Integer.BYTES).putInt((int) value);
        return this;
    }

    public MessageWriter u64(int type, long value) {
        open(type, Long.BYTES).putLong(value);
        return this;
    }

    /** Text with a NUL at its end. */
    public MessageWriter string(int type, String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        open(type, bytes.length + 1).put(bytes).put((byte) 0);
        return pad();
    }

    public MessageWriter address(int type, IpAddress value) {
        return bytes(type, value.toBytes());
    }

    public MessageWriter bytes(int type, byte... value) {
        open(type, value.length).put(value);
        return pad();
    }

    /** An attribute that holds the attributes which {@code content} writes. */
    public MessageWriter nested(int type, Consumer<MessageWriter> content) {
        var start = buffer.position();
        open(type | AttributeHeader.NLA_F_NESTED, 0);
        content.accept(this);
        var length = buffer.position() - start;
        if (length > AttributeHeader.LONGEST) {
            throw new IllegalStateException("an attribute cannot hold " + length + " bytes");
        }
        buffer.putShort(start + AttributeHeader.LENGTH, (short) length);
        return this;
    }

    /** Everything so far, ready to be read; this writer is done with. */
    public ByteBuffer finish() {
        return buffer.flip();
    }

    private ByteBuffer open(int type, int length) {
        var whole = AttributeHeader.SIZE + length;
        if (whole > AttributeHeader.LONGEST) {
            throw new IllegalArgumentException("an attribute cannot hold " + length + " bytes");
        }
        reserve(AttributeHeader.aligned(whole));
        return buffer.putShort((short) whole).putShort((short) type);
    }

    private MessageWriter pad() {
        buffer.position(AttributeHeader.aligned(buffer.position()));
        return this;
    }

    private void reserve(int length) {
        if (buffer.remaining() < length) {
            buffer = ByteBuffer.allocate(Math.max(2 * buffer.capacity(), buffer.position() + length))
                    .order(ByteOrder.nativeOrder())
                    .put(buffer.flip());
        }
    }
}
