package io.lvsoperator.agent.netlink;

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

/** A netlink socket that believes nobody but the kernel. */
final class SocketTransport implements Transport {
    @NotFromC("room for the refusals of a whole batch, and for bursts of notifications")
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private final NativeSocket socket;
    private final Poller poller;
    private final int portId;

    private SocketTransport(NativeSocket socket, int portId) {
        this.socket = socket;
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
                return new SocketTransport(socket, portId);
            }
            throw new IllegalStateException("a netlink socket with the address " + name);
        } catch (NativeException | RuntimeException e) {
            socket.close();
            throw e;
        }
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
    public boolean receive(ByteBuffer into, Duration limit) throws NativeException {
        // As a rule the answer is there already, and nobody needs to look at a clock.
        if (take(into)) {
            return true;
        }
        var deadline = System.nanoTime() + limit.toNanos();
        while (!poller.await(Duration.ofNanos(deadline - System.nanoTime())).isEmpty()) {
            if (take(into)) {
                return true;
            }
        }
        return false;
    }

    /** Takes the next datagram of the kernel, and drops those of others before it. */
    private boolean take(ByteBuffer into) throws NativeException {
        while (true) {
            var datagram = socket.receive(into);
            if (datagram.isEmpty()) {
                return false;
            }
            if (datagram.get().source().orElse(null) instanceof NativeAddress.Netlink(var sender, var _)
                    && sender == 0) {
                if (datagram.get().truncated()) {
                    throw new NativeException("recvmsg", Errno.EMSGSIZE.number());
                }
                return true;
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
