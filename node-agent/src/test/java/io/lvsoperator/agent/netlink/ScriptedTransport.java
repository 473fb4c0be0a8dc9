package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.NativeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A kernel that answers as a test tells it to. */
final class ScriptedTransport implements Transport {
    static final int PORT = 77;

    /** Answers to a datagram: other datagrams. */
    @FunctionalInterface
    interface Kernel {
        List<ByteBuffer> answer(List<NetlinkMessage> requests) throws NativeException;
    }

    private final Kernel kernel;
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
    private boolean closed;

    ScriptedTransport(Kernel kernel) {
        this.kernel = kernel;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int portId() {
        return PORT;
    }

    @Override
    public void send(ByteBuffer datagram) throws NativeException {
        var requests = new ArrayList<NetlinkMessage>();
        var reader = new MessageReader(datagram);
        try {
            while (reader.hasNext()) {
                requests.add(reader.next());
            }
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
        waiting.addAll(kernel.answer(requests));
    }

    /** Empty where a real socket would have waited in vain. */
    @Override
    public Optional<ByteBuffer> receive(Duration limit) {
        return Optional.ofNullable(waiting.poll());
    }

    @Override
    public void close() {
        closed = true;
    }

    static ByteBuffer datagram(ByteBuffer... messages) {
        var datagram = ByteBuffer.allocate(65536);
        for (var message : messages) {
            datagram.put(message.duplicate());
        }
        return datagram.flip();
    }

    static ByteBuffer message(int type, int flags, int sequence, int portId, int... payload) {
        var message = ByteBuffer.allocate(NetlinkHeader.SIZE + payload.length * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(NetlinkHeader.SIZE + payload.length * Integer.BYTES)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(portId);
        for (var number : payload) {
            message.putInt(number);
        }
        return message.flip();
    }

    /** An acknowledgement for errno 0, otherwise a refusal. */
    static ByteBuffer error(int sequence, int errno) {
        return message(
                NetlinkHeader.NLMSG_ERROR,
                NetlinkHeader.NLM_F_CAPPED,
                sequence,
                PORT,
                -errno,
                NetlinkHeader.SIZE,
                0,
                sequence,
                PORT);
    }

    static ByteBuffer done(int sequence, int flags, int errno) {
        return message(NetlinkHeader.NLMSG_DONE, NetlinkHeader.NLM_F_MULTI | flags, sequence, PORT, -errno);
    }

    static ByteBuffer part(int sequence, int flags, int value) {
        return message(20, NetlinkHeader.NLM_F_MULTI | flags, sequence, PORT, value);
    }
}
