package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Builds the payload of a message: the family's fixed header first, then attributes. Numbers are truncated to their width.
 *
 * <p>All of netlink is aligned to four bytes, and an array of words is what the agent's compiler (C1) makes the quickest code for: a
 * table of 10,000 services is written in half a million of them.
 */
public final class MessageWriter {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private int[] words;
    private int next;

    /** Bytes of the last word that do not count: only a payload from elsewhere may end within a word. */
    private int spare;

    public MessageWriter() {
        this(256);
    }

    /** With room for so many bytes to begin with. */
    MessageWriter(int bytes) {
        this.words = new int[bytes / Integer.BYTES];
    }

    /** A whole message, padded: {@code struct nlmsghdr} and what {@code content} writes. */
    void message(int type, int flags, int sequence, Consumer<MessageWriter> content) {
        var start = next;
        reserve(NetlinkHeader.SIZE);
        words[start + NetlinkHeader.TYPE / Integer.BYTES] = halves(type, flags);
        words[start + NetlinkHeader.SEQUENCE / Integer.BYTES] = sequence;
        words[start + NetlinkHeader.PORT_ID / Integer.BYTES] = 0;
        next += NetlinkHeader.SIZE / Integer.BYTES;
        spare = 0;
        content.accept(this);
        words[start + NetlinkHeader.LENGTH / Integer.BYTES] = (next - start) * Integer.BYTES - spare;
    }

    /** Bytes so far. */
    int length() {
        return next * Integer.BYTES;
    }

    /** Adds flags to the message that begins at this byte. */
    void addFlags(int start, int flags) {
        words[(start + NetlinkHeader.TYPE) / Integer.BYTES] |= halves(0, flags);
    }

    /** What another writer finished. */
    void written(ByteBuffer finished) {
        var bytes = finished.duplicate().order(ByteOrder.nativeOrder());
        reserve(bytes.remaining());
        while (bytes.remaining() >= Integer.BYTES) {
            words[next++] = bytes.getInt();
        }
        if (bytes.hasRemaining()) {
            spare = Integer.BYTES - bytes.remaining();
            packed(bytes);
        }
    }

    /** Starts anew. */
    MessageWriter clear() {
        next = 0;
        return this;
    }

    /** A fixed header of that size, to be filled by {@code fields}, which gets a zeroed buffer in host order. */
    public MessageWriter header(int size, Consumer<ByteBuffer> fields) {
        var header = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        fields.accept(header);
        reserve(size);
        packed(header.clear());
        return this;
    }

    /** {@code struct genlmsghdr}. */
    MessageWriter genericHeader(int command, int version) {
        reserve(GenericHeader.SIZE);
        words[next++] = LITTLE_ENDIAN ? version << Byte.SIZE | command : command << 24 | version << 16;
        return this;
    }

    public MessageWriter u8(int type, int value) {
        open(type, Byte.BYTES);
        words[next++] = LITTLE_ENDIAN ? value & 0xff : value << 24;
        return this;
    }

    public MessageWriter u16(int type, int value) {
        open(type, Short.BYTES);
        words[next++] = halves(value, 0);
        return this;
    }

    /** A 16-bit number in network order. */
    public MessageWriter be16(int type, int value) {
        open(type, Short.BYTES);
        words[next++] = network(value << Short.SIZE);
        return this;
    }

    /** A 32-bit number in network order. */
    public MessageWriter be32(int type, int value) {
        open(type, Integer.BYTES);
        words[next++] = network(value);
        return this;
    }

    public MessageWriter u32(int type, long value) {
        open(type, Integer.BYTES);
        words[next++] = (int) value;
        return this;
    }

    public MessageWriter u64(int type, long value) {
        var high = (int) (value >>> Integer.SIZE);
        return LITTLE_ENDIAN ? u32s(type, (int) value, high) : u32s(type, high, (int) value);
    }

    /** A structure of two 32-bit numbers. */
    public MessageWriter u32s(int type, int first, int second) {
        open(type, 2 * Integer.BYTES);
        words[next++] = first;
        words[next++] = second;
        return this;
    }

    /** Text with a NUL at its end. */
    public MessageWriter string(int type, String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    public MessageWriter address(int type, IpAddress value) {
        return address(type, value, value.family().addressLength());
    }

    /** An address in room for one of either family: network order, zeros behind it. */
    public MessageWriter address(int type, IpAddress value, int size) {
        open(type, size);
        var end = next + size / Integer.BYTES;
        switch (value.family()) {
            case IPV4 -> words[next++] = network((int) value.low());
            case IPV6 -> {
                words[next++] = network((int) (value.high() >>> Integer.SIZE));
                words[next++] = network((int) value.high());
                words[next++] = network((int) (value.low() >>> Integer.SIZE));
                words[next++] = network((int) value.low());
            }
        }
        while (next < end) {
            words[next++] = 0;
        }
        return this;
    }

    public MessageWriter bytes(int type, byte... value) {
        open(type, value.length);
        packed(ByteBuffer.wrap(value));
        return this;
    }

    /** An attribute that holds the attributes which {@code content} writes. */
    public MessageWriter nested(int type, Consumer<MessageWriter> content) {
        var start = begin(type);
        content.accept(this);
        end(start);
        return this;
    }

    /**
     * Begins an attribute that holds those which are written until {@link #end}.
     *
     * @return what to end it with
     */
    public int begin(int type) {
        open(type | AttributeHeader.NLA_F_NESTED, 0);
        return next - 1;
    }

    /** Ends what {@link #begin} began. */
    public void end(int begun) {
        var length = (next - begun) * Integer.BYTES;
        if (length > AttributeHeader.LONGEST) {
            throw new IllegalStateException("an attribute cannot hold " + length + " bytes");
        }
        words[begun] = LITTLE_ENDIAN
                ? (words[begun] & 0xffff_0000) | length
                : (words[begun] & 0xffff) | (length << Short.SIZE);
    }

    /** Everything so far, ready to be read. */
    public ByteBuffer finish() {
        var bytes = ByteBuffer.allocate(length());
        return finish(bytes);
    }

    /** Everything so far, from 0 to the limit of {@code into}, which gets the host's order. */
    ByteBuffer finish(ByteBuffer into) {
        into.clear().order(ByteOrder.nativeOrder()).asIntBuffer().put(words, 0, next);
        return into.limit(length() - spare);
    }

    /** There is room for the attribute then. */
    private void open(int type, int length) {
        var whole = AttributeHeader.SIZE + length;
        if (whole > AttributeHeader.LONGEST) {
            throw new IllegalArgumentException("an attribute cannot hold " + length + " bytes");
        }
        reserve(AttributeHeader.aligned(whole));
        words[next++] = halves(whole, type);
    }

    /** Two 16-bit numbers, one behind the other. */
    private static int halves(int first, int second) {
        return LITTLE_ENDIAN ? (second << Short.SIZE) | (first & 0xffff) : (first << Short.SIZE) | (second & 0xffff);
    }

    private static int network(int value) {
        return LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
    }

    /** What remains of {@code bytes}, with zeros behind it. */
    private void packed(ByteBuffer bytes) {
        var aligned =
                ByteBuffer.allocate(AttributeHeader.aligned(bytes.remaining())).order(ByteOrder.nativeOrder());
        aligned.put(bytes).clear();
        while (aligned.hasRemaining()) {
            words[next++] = aligned.getInt();
        }
    }

    private void reserve(int bytes) {
        var needed = next + (bytes + Integer.BYTES - 1) / Integer.BYTES;
        if (needed > words.length) {
            words = Arrays.copyOf(words, Math.max(2 * words.length, needed));
        }
    }
}
