package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CHeader;
import java.nio.ByteBuffer;

/**
 * What is asked of the kernel; the socket adds sequence number and the flags that say how to answer.
 *
 * @param operation says in words what is asked, by its {@code toString}, should it fail
 * @param type the message type of the netlink family
 * @param flags NLM_F_CREATE and the like
 * @param payload fixed header and attributes, from position to limit, as {@link MessageWriter#finish} gives it
 */
@CHeader("linux/netlink.h")
public record NetlinkRequest(Object operation, int type, int flags, ByteBuffer payload) {
    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    NetlinkRequest withType(int other) {
        return new NetlinkRequest(operation, other, flags, payload);
    }

    /** Bytes that it takes in a datagram. */
    public int length() {
        return NetlinkHeader.aligned(NetlinkHeader.SIZE + payload.remaining());
    }

    /** Appends the whole message, padded, to a buffer in host order. */
    void write(ByteBuffer datagram, int howToAnswer, int sequence) {
        var start = datagram.position();
        datagram.putInt(NetlinkHeader.SIZE + payload.remaining())
                .putShort((short) type)
                .putShort((short) (flags | NetlinkHeader.NLM_F_REQUEST | howToAnswer))
                .putInt(sequence)
                .putInt(0)
                .put(payload.duplicate());
        while (datagram.position() < start + length()) {
            datagram.put((byte) 0);
        }
    }
}
