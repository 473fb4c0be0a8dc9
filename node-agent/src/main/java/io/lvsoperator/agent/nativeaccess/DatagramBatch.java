package io.lvsoperator.agent.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Room for datagrams of a {@link NativeSocket}: one system call takes as many as wait and fit, and nothing is copied after that. For
 * one thread at a time.
 */
public final class DatagramBatch {
    private final MemorySegment headers;
    private final ByteBuffer headerFields;
    private final ByteBuffer[] datagrams;
    private final ByteBuffer[] peers;
    private int taken;

    // On netlink it is always the kernel.
    private ByteBuffer lastPeer = ByteBuffer.allocate(0);
    private Optional<NativeAddress> lastSource = Optional.empty();

    /**
     * Sets the memory aside.
     *
     * @param count datagrams
     * @param size bytes of each
     */
    public DatagramBatch(int count, int size) {
        var arena = Arena.ofAuto();
        headers = arena.allocate((long) count * CSockets.MMSGHDR_SIZE, Long.BYTES);
        headerFields = headers.asByteBuffer().order(ByteOrder.nativeOrder());
        datagrams = new ByteBuffer[count];
        peers = new ByteBuffer[count];
        for (var i = 0; i < count; i++) {
            var datagram = arena.allocate(size, Long.BYTES);
            var peer = arena.allocate(CSockets.SOCKADDR_STORAGE_SIZE, Long.BYTES);
            var vector = arena.allocate(CSockets.IOVEC_SIZE, Long.BYTES);
            vector.set(ValueLayout.ADDRESS, CSockets.IOVEC_BASE, datagram);
            vector.set(ValueLayout.JAVA_LONG, CSockets.IOVEC_LEN, datagram.byteSize());
            var header = headers.asSlice((long) i * CSockets.MMSGHDR_SIZE, CSockets.MMSGHDR_SIZE);
            header.set(ValueLayout.ADDRESS, CSockets.MSGHDR_NAME, peer);
            header.set(ValueLayout.ADDRESS, CSockets.MSGHDR_IOV, vector);
            header.set(ValueLayout.JAVA_LONG, CSockets.MSGHDR_IOVLEN, 1);
            datagrams[i] = datagram.asByteBuffer();
            peers[i] = peer.asByteBuffer();
        }
        taken = count;
    }

    /**
     * Takes what waits, without waiting for any; what was here before is overwritten.
     *
     * @return the number of datagrams, 0 when nothing waits
     * @throws NativeException as {@link NativeSocket#receive} does
     */
    public int receive(NativeSocket socket) throws NativeException {
        for (var i = 0; i < taken; i++) {
            headerFields
                    .putInt(at(i, CSockets.MSGHDR_NAMELEN), CSockets.SOCKADDR_STORAGE_SIZE)
                    .putInt(at(i, CSockets.MSGHDR_FLAGS), 0);
        }
        taken = 0;
        try {
            taken = Libc.recvmmsg(socket.fd(), headers, datagrams.length);
        } catch (NativeException e) {
            if (!e.is(Errno.EAGAIN) && !e.is(Errno.EINTR)) {
                throw e;
            }
        }
        return taken;
    }

    /** The datagram's bytes from 0 to the limit; a view that is valid until the next {@link #receive}. */
    public ByteBuffer datagram(int index) {
        var length = headerFields.getInt(at(index, CSockets.MMSGHDR_LEN));
        return datagrams[index].clear().limit(Math.min(length, datagrams[index].capacity()));
    }

    /** True when the datagram was longer than its room: the rest is lost. */
    public boolean isTruncated(int index) {
        return (headerFields.getInt(at(index, CSockets.MSGHDR_FLAGS)) & CSockets.MSG_TRUNC) != 0;
    }

    /** The sender, as {@link Datagram#source}. */
    public Optional<NativeAddress> source(int index) {
        var length = headerFields.getInt(at(index, CSockets.MSGHDR_NAMELEN));
        var peer = peers[index].clear().limit(Math.min(length, peers[index].capacity()));
        if (!peer.equals(lastPeer)) {
            var bytes = new byte[peer.limit()];
            peer.get(0, bytes);
            lastPeer = ByteBuffer.wrap(bytes);
            lastSource = SocketAddresses.decode(bytes);
        }
        return lastSource;
    }

    private static int at(int index, long field) {
        return index * CSockets.MMSGHDR_SIZE + (int) field;
    }
}
