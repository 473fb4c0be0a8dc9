package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks over netlink attributes.
 *
 * <p>{@link #next} steps; then {@link #type} tells which attribute it is, and the method of its C type gives the value.
 *
 * <p>A value whose length is not the one its type has is malformed, and so is an attribute that reaches beyond its parent.
 */
public final class AttributeReader {
    private final ByteBuffer buffer;
    private int next;
    private int type;
    private int value;
    private int length;

    /** Over the remaining bytes of {@code attributes}, which it does not consume. */
    public AttributeReader(ByteBuffer attributes) {
        this.buffer = attributes.slice().order(ByteOrder.nativeOrder());
    }

    /** Goes to the next attribute, or tells that there is none. */
    public boolean next() throws MalformedMessageException {
        var left = buffer.limit() - next;
        if (left == 0) {
            return false;
        }
        if (left < AttributeHeader.SIZE) {
            throw new MalformedMessageException(left + " bytes are too few for an attribute");
        }
        var whole = Short.toUnsignedInt(buffer.getShort(next + AttributeHeader.LENGTH));
        if (whole < AttributeHeader.SIZE || whole > left) {
            throw new MalformedMessageException(
                    "an attribute of " + whole + " bytes cannot stand in the " + left + " bytes that are left");
        }
        type = Short.toUnsignedInt(buffer.getShort(next + AttributeHeader.TYPE)) & AttributeHeader.NLA_TYPE_MASK;
        value = next + AttributeHeader.SIZE;
        length = whole - AttributeHeader.SIZE;
        next += Math.min(left, AttributeHeader.aligned(whole));
        return true;
    }

    /** The attribute's number, without the NESTED and BYTEORDER bits. */
    public int type() {
        return type;
    }

    /** Bytes of the value. */
    public int length() {
        return length;
    }

    public int u8() throws MalformedMessageException {
        expect(Byte.BYTES);
        return Byte.toUnsignedInt(buffer.get(value));
    }

    public int u16() throws MalformedMessageException {
        expect(Short.BYTES);
        return Short.toUnsignedInt(buffer.getShort(value));
    }

    /** A 16-bit number in network order. */
    public int be16() throws MalformedMessageException {
        expect(Short.BYTES);
        return Byte.toUnsignedInt(buffer.get(value)) << Byte.SIZE | Byte.toUnsignedInt(buffer.get(value + 1));
    }

    /** A 32-bit number in network order, to be read as signed. */
    public int be32() throws MalformedMessageException {
        expect(Integer.BYTES);
        return buffer.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(value);
    }

    /** A 32-bit number, to be read as signed. */
    public int s32() throws MalformedMessageException {
        expect(Integer.BYTES);
        return buffer.getInt(value);
    }

    public long u32() throws MalformedMessageException {
        return Integer.toUnsignedLong(s32());
    }

    /** A 64-bit number; attributes are aligned to four bytes only. */
    public long u64() throws MalformedMessageException {
        expect(Long.BYTES);
        return buffer.getLong(value);
    }

    /** Text up to the first NUL, or to the end. */
    public String string() {
        var end = 0;
        while (end < length && buffer.get(value + end) != 0) {
            end++;
        }
        var bytes = new byte[end];
        buffer.get(value, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** An address that takes the whole value. */
    public IpAddress address(AddressFamily family) throws MalformedMessageException {
        expect(family.addressLength());
        return IpAddress.read(family, bytes());
    }

    /** The value itself, in host order. */
    public ByteBuffer bytes() {
        return buffer.slice(value, length).order(ByteOrder.nativeOrder());
    }

    /** The value itself, when it is at least that long: kernels add to the end of structures. */
    public ByteBuffer struct(int size) throws MalformedMessageException {
        if (length < size) {
            throw new MalformedMessageException(
                    "attribute " + type + " has " + length + " bytes where at least " + size + " belong");
        }
        return bytes();
    }

    /** The attributes within this one. */
    public AttributeReader nested() {
        return new AttributeReader(bytes());
    }

    private void expect(int size) throws MalformedMessageException {
        if (length != size) {
            throw new MalformedMessageException(
                    "attribute " + type + " has " + length + " bytes where " + size + " belong");
        }
    }
}
