package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.DatagramBatch;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NativeAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.nativeaccess.Poller;
import io.lvsoperator.agent.nativeaccess.SocketDomain;
import io.lvsoperator.agent.nativeaccess.SocketOption;
import io.lvsoperator.agent.nativeaccess.SocketType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** A netlink socket that believes nobody but the kernel. */
final class SocketTransport implements Transport {
    @NotFromC("room for the refusals of a whole batch, and for bursts of notifications")
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    /** As NLMSG_DEFAULT_SIZE at its largest, so that no single answer is longer. */
    @NotFromC("two pages without struct skb_shared_info, include/linux/netlink.h")
    private static final int PIECE = 8192 - 320;

    @NotFromC("so many pieces of a large dump are taken by one call")
    private static final int PIECES = 8;

    private final NativeSocket socket;
    private final DatagramBatch batch;
    private final Poller poller;
    private final int portId;
    private int received;
    private int next;

    private SocketTransport(NativeSocket socket, DatagramBatch batch, int portId) {
        this.socket = socket;
        this.batch = batch;
        this.poller = new Poller(socket);
        this.portId = portId;
    }

    /** Opens a socket that explains its refusals in words and has dump requests checked strictly (kernel 4.20 and later). */
    static SocketTransport open(NetlinkProtocol protocol) throws NativeException {
        var socket = NativeSocket.open(SocketDomain.AF_NETLINK, SocketType.SOCK_RAW, protocol.number());
        try {
            enlarge(socket);
            socket.setOption(SocketOption.NETLINK_CAP_ACK, 1);
            socket.setOption(SocketOption.NETLINK_EXT_ACK, 1);
            socket.setOption(SocketOption.NETLINK_GET_STRICT_CHK, 1);
            socket.bind(NativeAddress.Netlink.KERNEL);
            var name = socket.localAddress();
            if (name.orElseThrow() instanceof NativeAddress.Netlink(var portId, var _)) {
                return new SocketTransport(socket, room(protocol), portId);
            }
            throw new IllegalStateException("a netlink socket with the address " + name);
        } catch (NativeException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * The kernel allocates, and clears, as much for each piece of a dump as its reader has ever made room for: for the small answers of
     * generic netlink, of which there are thousands, that would cost more than all the rest. Other families have larger messages.
     */
    private static DatagramBatch room(NetlinkProtocol protocol) {
        return switch (protocol) {
            case NETLINK_GENERIC -> new DatagramBatch(PIECES, PIECE);
            case NETLINK_ROUTE, NETLINK_NETFILTER -> new DatagramBatch(1, NativeSocket.RECEIVE_LIMIT);
        };
    }

    /** Beyond the host's limit only with CAP_NET_ADMIN; without it the first request will say so better than this can. */
    private static void enlarge(NativeSocket socket) throws NativeException {
        try {
            socket.setOption(SocketOption.SO_RCVBUFFORCE, RECEIVE_BUFFER);
        } catch (NativeException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
            socket.setOption(SocketOption.SO_RCVBUF, RECEIVE_BUFFER);
        }
    }

    /** To wait for notifications together with other sources. */
    NativeSocket socket() {
        return socket;
    }

    void join(int group) throws NativeException {
        socket.setOption(SocketOption.NETLINK_ADD_MEMBERSHIP, group);
    }

    @Override
    public int portId() {
        return portId;
    }

    @Override
    public void send(ByteBuffer datagram) throws NativeException {
        socket.send(datagram, NativeAddress.Netlink.KERNEL);
    }

    @Override
    public Optional<ByteBuffer> receive(Duration limit) throws NativeException {
        // As a rule the answer is there already, and nobody needs to look at a clock.
        var datagram = take();
        if (datagram.isPresent()) {
            return datagram;
        }
        var deadline = System.nanoTime() + limit.toNanos();
        while (datagram.isEmpty()
                && !poller.await(Duration.ofNanos(deadline - System.nanoTime())).isEmpty()) {
            datagram = take();
        }
        return datagram;
    }

    /** Takes the next datagram of the kernel, and drops those of others before it. */
    private Optional<ByteBuffer> take() throws NativeException {
        while (true) {
            if (next == received) {
                next = 0;
                received = 0;
                received = batch.receive(socket);
                if (received == 0) {
                    return Optional.empty();
                }
            }
            var index = next++;
            if (batch.source(index).orElse(null) instanceof NativeAddress.Netlink(var sender, var _) && sender == 0) {
                if (batch.isTruncated(index)) {
                    throw new NativeException("recvmmsg", Errno.EMSGSIZE.number());
                }
                return Optional.of(batch.datagram(index));
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (NativeException e) {
            // The descriptor is gone whatever close says; nothing was pending on it.
        }
    }
}
