package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CHeader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * What is asked of the kernel; the socket adds sequence number and the flags that say how to answer.
 *
 * @param operation says in words what is asked, by its {@code toString}, should it fail
 * @param type the message type of the netlink family
 * @param flags NLM_F_CREATE and the like
 * @param content writes fixed header and attributes, each time that the request is sent
 */
@CHeader("linux/netlink.h")
public record NetlinkRequest(Object operation, int type, int flags, Consumer<MessageWriter> content) {
    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    /** Of what {@link MessageWriter#finish} gave. */
    public NetlinkRequest(Object operation, int type, int flags, ByteBuffer payload) {
        this(operation, type, flags, message -> message.written(payload));
    }

    NetlinkRequest withType(int other) {
        return new NetlinkRequest(operation, other, flags, content);
    }

    /** The same, written here and now rather than each time that it is sent. */
    public NetlinkRequest written() {
        return new NetlinkRequest(operation, type, flags, payload());
    }

    /** Fixed header and attributes, from position to limit. */
    public ByteBuffer payload() {
        var writer = new MessageWriter();
        content.accept(writer);
        return writer.finish();
    }

    /** Bytes that it takes in a datagram. */
    public int length() {
        return NetlinkHeader.aligned(NetlinkHeader.SIZE + payload().remaining());
    }

    /** Appends the whole message, padded. */
    void write(MessageWriter datagram, int howToAnswer, int sequence) {
        datagram.message(type, flags | NetlinkHeader.NLM_F_REQUEST | howToAnswer, sequence, content);
    }
}
