package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.nativeaccess.NativeAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import io.lvsoperator.agent.nativeaccess.Pollable;
import io.lvsoperator.agent.nativeaccess.SocketDomain;
import io.lvsoperator.agent.nativeaccess.SocketOption;
import io.lvsoperator.agent.nativeaccess.SocketType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sockets of the VRRP thread, for that thread alone. */
final class NativeVrrpSockets implements VrrpSockets, AutoCloseable {

    /** Room for the announcements of some thousand VIPs, as the kernel counts them. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final List<RawAdvertisementSocket> open = new ArrayList<>();
    private @Nullable NativeSocket packetSocket;

    @Override
    public AdvertisementSocket open(int interfaceIndex, IpAddress source, boolean group) throws IOException {
        RawAdvertisementSocket socket = RawAdvertisementSocket.open(interfaceIndex, source, group, open::remove);
        open.add(socket);
        return socket;
    }

    @Override
    public void sendFrame(int interfaceIndex, byte[] frame) throws IOException {
        NativeSocket socket = packetSocket;
        if (socket == null) {
            socket = openPacketSocket();
            packetSocket = socket;
        }
        socket.send(frame, new NativeAddress.Packet(0, interfaceIndex, MacAddress.BROADCAST));
    }

    /** With protocol 0 it only sends. */
    private static NativeSocket openPacketSocket() throws NativeException {
        NativeSocket socket = NativeSocket.open(SocketDomain.AF_PACKET, SocketType.SOCK_RAW, 0);
        socket.setOption(SocketOption.SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
        return socket;
    }

    /** What to wait for: all sockets that receive. */
    List<Pollable> receiving() {
        return open.stream()
                .map(RawAdvertisementSocket::nativeSocket)
                .map(Pollable.class::cast)
                .toList();
    }

    @Override
    public void close() throws NativeException {
        List.copyOf(open).forEach(RawAdvertisementSocket::close);
        if (packetSocket != null) {
            packetSocket.close();
        }
    }
}
