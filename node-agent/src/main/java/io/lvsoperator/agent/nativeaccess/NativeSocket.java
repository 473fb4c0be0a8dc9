package io.lvsoperator.agent.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket of the kernel: netlink, packet, or raw IP. It never blocks; wait with a {@link Poller}.
 *
 * <p>All methods may be called from several threads; they exclude each other.
 */
public final class NativeSocket extends Pollable {
    @NotFromC("more than what a VRRP advert, an ARP packet or a batch of netlink requests needs")
    public static final int SEND_LIMIT = 128 * 1024;

    /** A netlink dump comes in pieces of at most 32 KiB. */
    @NotFromC("room for the largest netlink message that the kernel makes, twice")
    public static final int RECEIVE_LIMIT = 64 * 1024;

    @NotFromC("room for packet info and hop limit, with as much to spare")
    private static final int CONTROL_SIZE = 256;

    private final String name;
    private final MemorySegment sending;
    private final MemorySegment receiving;
    private final MemorySegment peer;
    private final MemorySegment control;
    private final MemorySegment header;
    private final MemorySegment target;

    // Views: a segment is read by var handles, which the agent's compiler (C1) makes slow code of.
    private final ByteBuffer sendingBytes;
    private final ByteBuffer receivingBytes;
    private final ByteBuffer peerBytes;
    private final ByteBuffer headerFields;

    // Most datagrams go where the last one went and come from where it came from; on netlink that is always the kernel.
    private @Nullable NativeAddress lastTarget;
    private int targetLength;
    private ByteBuffer lastPeer = ByteBuffer.allocate(0);
    private Optional<NativeAddress> lastSource = Optional.empty();

    private NativeSocket(String name, int fd) {
        super(fd);
        this.name = name;
        // Lives as long as this object does, not as long as the descriptor: nobody can close it under a running call.
        var arena = Arena.ofAuto();
        sending = arena.allocate(SEND_LIMIT, Long.BYTES);
        receiving = arena.allocate(RECEIVE_LIMIT, Long.BYTES);
        peer = arena.allocate(CSockets.SOCKADDR_STORAGE_SIZE, Long.BYTES);
        control = arena.allocate(CONTROL_SIZE, Long.BYTES);
        header = arena.allocate(CSockets.MSGHDR_SIZE, Long.BYTES);
        target = arena.allocate(CSockets.SOCKADDR_STORAGE_SIZE, Long.BYTES);
        sendingBytes = sending.asByteBuffer();
        receivingBytes = receiving.asByteBuffer();
        peerBytes = peer.asByteBuffer();
        headerFields = header.asByteBuffer().order(ByteOrder.nativeOrder());
        var vector = arena.allocate(CSockets.IOVEC_SIZE, Long.BYTES);
        vector.set(ValueLayout.ADDRESS, CSockets.IOVEC_BASE, receiving);
        vector.set(ValueLayout.JAVA_LONG, CSockets.IOVEC_LEN, receiving.byteSize());
        header.set(ValueLayout.ADDRESS, CSockets.MSGHDR_NAME, peer);
        header.set(ValueLayout.ADDRESS, CSockets.MSGHDR_IOV, vector);
        header.set(ValueLayout.JAVA_LONG, CSockets.MSGHDR_IOVLEN, 1);
        header.set(ValueLayout.ADDRESS, CSockets.MSGHDR_CONTROL, control);
    }

    /**
     * Opens a socket that is closed on exec and never blocks.
     *
     * @param protocol as {@code socket(2)} takes it: an IP protocol, a netlink family, or {@link #packetProtocol} of an EtherType
     * @throws NativeException EPERM without the capability that the kind needs (CAP_NET_RAW for raw and packet sockets)
     */
    public static NativeSocket open(SocketDomain domain, SocketType type, int protocol) throws NativeException {
        var fd = Libc.socket(domain.number(), type.number() | CSockets.SOCK_CLOEXEC | CSockets.SOCK_NONBLOCK, protocol);
        return new NativeSocket(domain + " socket", fd);
    }

    /** A packet socket's protocol, which is the EtherType in network order. */
    public static int packetProtocol(int etherType) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? Short.toUnsignedInt(Short.reverseBytes((short) etherType))
                : etherType;
    }

    public synchronized void bind(NativeAddress address) throws NativeException {
        Libc.bind(fd(), name(address));
    }

    /** The socket's own address; for netlink it holds the port id that the kernel chose. */
    public synchronized Optional<NativeAddress> localAddress() throws NativeException {
        try (var arena = Arena.ofConfined()) {
            var length = arena.allocateFrom(ValueLayout.JAVA_INT, CSockets.SOCKADDR_STORAGE_SIZE);
            Libc.getsockname(fd(), peer, length);
            return SocketAddresses.decode(bytes(peer, length.get(ValueLayout.JAVA_INT, 0)));
        }
    }

    public synchronized void setOption(SocketOption option, int value) throws NativeException {
        try (var arena = Arena.ofConfined()) {
            Libc.setsockopt(fd(), option, arena.allocateFrom(ValueLayout.JAVA_INT, value));
        }
    }

    public synchronized void setOption(SocketOption option, byte[] value) throws NativeException {
        try (var arena = Arena.ofConfined()) {
            Libc.setsockopt(fd(), option, arena.allocateFrom(ValueLayout.JAVA_BYTE, value));
        }
    }

    /** Hears {@code group} on that interface; needs no route and no address there. */
    public void joinGroup(IpAddress group, int interfaceIndex) throws NativeException {
        switch (group.family()) {
            case IPV4 ->
                setOption(
                        SocketOption.IP_ADD_MEMBERSHIP,
                        multicastRequest(CSockets.IP_MREQN_SIZE)
                                .put(CSockets.IP_MREQN_MULTIADDR, group.toBytes())
                                .putInt(CSockets.IP_MREQN_IFINDEX, interfaceIndex)
                                .array());
            case IPV6 ->
                setOption(
                        SocketOption.IPV6_ADD_MEMBERSHIP,
                        multicastRequest(CSockets.IPV6_MREQ_SIZE)
                                .put(CSockets.IPV6_MREQ_MULTIADDR, group.toBytes())
                                .putInt(CSockets.IPV6_MREQ_INTERFACE, interfaceIndex)
                                .array());
        }
    }

    /**
     * Sends multicast out of that interface from then on.
     *
     * @param source IPv4: the source address of what is sent by multicast. IPv6: only its family counts; the source comes from
     *     bind or IPV6_PKTINFO
     */
    public void sendGroupsFrom(IpAddress source, int interfaceIndex) throws NativeException {
        switch (source.family()) {
            case IPV4 ->
                setOption(
                        SocketOption.IP_MULTICAST_IF,
                        multicastRequest(CSockets.IP_MREQN_SIZE)
                                .put(CSockets.IP_MREQN_ADDRESS, source.toBytes())
                                .putInt(CSockets.IP_MREQN_IFINDEX, interfaceIndex)
                                .array());
            case IPV6 -> setOption(SocketOption.IPV6_MULTICAST_IF, interfaceIndex);
        }
    }

    private static ByteBuffer multicastRequest(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Sends one datagram: the buffer's remaining bytes, which are not consumed.
     *
     * @throws NativeException EAGAIN when the send queue is full; EMSGSIZE beyond {@link #SEND_LIMIT} or what the protocol takes
     */
    public synchronized void send(ByteBuffer data, NativeAddress destination) throws NativeException {
        if (data.remaining() > SEND_LIMIT) {
            throw new NativeException("sendto", Errno.EMSGSIZE.number());
        }
        var length = data.remaining();
        sendingBytes.put(0, data, data.position(), length);
        if (!destination.equals(lastTarget)) {
            var encoded = SocketAddresses.encode(destination);
            MemorySegment.copy(encoded, 0, target, ValueLayout.JAVA_BYTE, 0, encoded.length);
            lastTarget = destination;
            targetLength = encoded.length;
        }
        Libc.sendto(fd(), sending, length, target, targetLength);
    }

    /** {@link #send(ByteBuffer, NativeAddress)} of a whole array. */
    public void send(byte[] data, NativeAddress destination) throws NativeException {
        send(ByteBuffer.wrap(data), destination);
    }

    /**
     * Takes the next datagram, if one is there.
     *
     * @param into cleared first; then holds the datagram from 0 to its limit
     * @return empty when nothing is waiting
     * @throws NativeException ENOBUFS on a netlink socket that lost messages, ENETDOWN on a packet socket without its interface
     */
    public synchronized Optional<Datagram> receive(ByteBuffer into) throws NativeException {
        headerFields
                .putInt((int) CSockets.MSGHDR_NAMELEN, CSockets.SOCKADDR_STORAGE_SIZE)
                .putLong((int) CSockets.MSGHDR_CONTROLLEN, CONTROL_SIZE)
                .putInt((int) CSockets.MSGHDR_FLAGS, 0);
        long received;
        try {
            received = Libc.recvmsg(fd(), header);
        } catch (NativeException e) {
            if (e.is(Errno.EAGAIN) || e.is(Errno.EINTR)) {
                return Optional.empty();
            }
            throw e;
        }
        into.clear();
        var length = (int) Math.min(received, into.capacity());
        into.put(0, receivingBytes, 0, length).limit(length);
        return Optional.of(describe(length < received));
    }

    private Datagram describe(boolean cut) {
        var flags = headerFields.getInt((int) CSockets.MSGHDR_FLAGS);
        var source = source(headerFields.getInt((int) CSockets.MSGHDR_NAMELEN));
        var controlLength = (int) headerFields.getLong((int) CSockets.MSGHDR_CONTROLLEN);
        var messages =
                controlLength == 0 ? ControlMessages.NONE : ControlMessages.decode(bytes(control, controlLength));
        return new Datagram(
                source, cut || (flags & CSockets.MSG_TRUNC) != 0, messages.packetInfo(), messages.hopLimit());
    }

    private Optional<NativeAddress> source(int length) {
        var known = Math.min(length, peerBytes.capacity());
        if (!peerBytes.limit(known).equals(lastPeer)) {
            var bytes = bytes(peer, known);
            lastPeer = ByteBuffer.wrap(bytes);
            lastSource = SocketAddresses.decode(bytes);
        }
        return lastSource;
    }

    private MemorySegment name(NativeAddress address) {
        var encoded = SocketAddresses.encode(address);
        MemorySegment.copy(encoded, 0, peer, ValueLayout.JAVA_BYTE, 0, encoded.length);
        return peer.asSlice(0, encoded.length);
    }

    private static byte[] bytes(MemorySegment segment, int length) {
        return segment.asSlice(0, Math.min(length, segment.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public String toString() {
        return name;
    }
}
