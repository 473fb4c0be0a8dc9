package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.NativeAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import io.lvsoperator.agent.nativeaccess.Pollable;
import io.lvsoperator.agent.nativeaccess.SocketDomain;
import io.lvsoperator.agent.nativeaccess.SocketOption;
import io.lvsoperator.agent.nativeaccess.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The UDP sockets of heartbeats, for one thread, which polls them beside its own. */
public final class UdpHeartbeatSockets implements HeartbeatSockets {
    private static final Logger LOG = LoggerFactory.getLogger(UdpHeartbeatSockets.class);

    /** The most that needs no capability. */
    private static final int CONTROL_PRIORITY = 6;

    private final List<Udp> open = new ArrayList<>();

    @Override
    public HeartbeatSocket open(IpAddress own, int port) throws IOException {
        NativeSocket socket = NativeSocket.open(SocketDomain.of(own.family()), SocketType.SOCK_DGRAM, 0);
        try {
            socket.setOption(SocketOption.SO_PRIORITY, CONTROL_PRIORITY);
            socket.bind(new NativeAddress.Internet(own, port, 0));
        } catch (NativeException e) {
            closeQuietly(socket);
            throw e;
        }
        Udp udp = new Udp(socket, port);
        open.add(udp);
        return udp;
    }

    /** What to wait for. */
    public List<Pollable> receiving() {
        return open.stream().map(udp -> (Pollable) udp.socket).toList();
    }

    private static void closeQuietly(NativeSocket socket) {
        try {
            socket.close();
        } catch (NativeException e) {
            LOG.warn("cannot close {}: {}", socket, e.getMessage());
        }
    }

    private final class Udp implements HeartbeatSocket {
        private final NativeSocket socket;
        private final int port;
        private final ByteBuffer buffer = ByteBuffer.allocate(NativeSocket.RECEIVE_LIMIT);

        Udp(NativeSocket socket, int port) {
            this.socket = socket;
            this.port = port;
        }

        @Override
        public void send(byte[] datagram, IpAddress to) throws IOException {
            socket.send(datagram, new NativeAddress.Internet(to, port, 0));
        }

        @Override
        public List<byte[]> receive(int limit) throws IOException {
            List<byte[]> datagrams = new ArrayList<>();
            while (datagrams.size() < limit && socket.receive(buffer).isPresent()) {
                byte[] datagram = new byte[buffer.remaining()];
                buffer.get(datagram);
                datagrams.add(datagram);
            }
            return datagrams;
        }

        @Override
        public void close() {
            open.remove(this);
            closeQuietly(socket);
        }
    }
}
