package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Datagram;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.NativeAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import io.lvsoperator.agent.nativeaccess.PacketInfo;
import io.lvsoperator.agent.nativeaccess.SocketDomain;
import io.lvsoperator.agent.nativeaccess.SocketOption;
import io.lvsoperator.agent.nativeaccess.SocketType;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Ipv4Datagram;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A raw IP socket for protocol 112. The IPv6 checksum is not left to the kernel (IPV6_CHECKSUM): it would throw bad packets away
 * uncounted.
 */
final class RawAdvertisementSocket implements AdvertisementSocket {

    private static final Logger LOG = LoggerFactory.getLogger(RawAdvertisementSocket.class);

    static final int IPPROTO_VRRP = 112;

    /** Internetwork control (RFC 4594): class selector 6. */
    private static final int CONTROL_TRAFFIC_CLASS = 0xc0;

    /** The most that needs no capability. Set after the traffic class, which would change it. */
    private static final int CONTROL_PRIORITY = 6;

    /** Room for a thousand packets, as the kernel counts them, that come while this thread is held up. */
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    private static final IpAddress ANY_IPV4 = IpAddress.parse("0.0.0.0");

    private final NativeSocket socket;
    private final AddressFamily family;
    private final int interfaceIndex;
    private final Consumer<RawAdvertisementSocket> onClose;
    private final ByteBuffer buffer = ByteBuffer.allocate(NativeSocket.RECEIVE_LIMIT);

    private RawAdvertisementSocket(
            NativeSocket socket, AddressFamily family, int interfaceIndex, Consumer<RawAdvertisementSocket> onClose) {
        this.socket = socket;
        this.family = family;
        this.interfaceIndex = interfaceIndex;
        this.onClose = onClose;
    }

    static RawAdvertisementSocket open(
            int interfaceIndex, IpAddress source, boolean group, Consumer<RawAdvertisementSocket> onClose)
            throws NativeException {
        AddressFamily family = source.family();
        NativeSocket socket = NativeSocket.open(SocketDomain.of(family), SocketType.SOCK_RAW, IPPROTO_VRRP);
        try {
            socket.setOption(SocketOption.SO_BINDTOIFINDEX, interfaceIndex);
            socket.setOption(SocketOption.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
            switch (family) {
                case IPV4 -> setUpIpv4(socket);
                case IPV6 -> setUpIpv6(socket, interfaceIndex, source);
            }
            socket.setOption(SocketOption.SO_PRIORITY, CONTROL_PRIORITY);
            if (group) {
                socket.sendGroupsFrom(source, interfaceIndex);
                socket.joinGroup(AdvertisementCodec.group(family), interfaceIndex);
            } else if (family == AddressFamily.IPV4) {
                // not with a group: an IPv4 socket that is bound to an address hears none
                socket.bind(new NativeAddress.Internet(source, 0, 0));
            }
        } catch (NativeException e) {
            close(socket);
            throw e;
        }
        return new RawAdvertisementSocket(socket, family, interfaceIndex, onClose);
    }

    private static void setUpIpv4(NativeSocket socket) throws NativeException {
        socket.setOption(SocketOption.IP_TTL, AdvertisementCodec.HOP_LIMIT);
        socket.setOption(SocketOption.IP_MULTICAST_TTL, AdvertisementCodec.HOP_LIMIT);
        socket.setOption(SocketOption.IP_MULTICAST_LOOP, 0);
        socket.setOption(SocketOption.IP_MULTICAST_ALL, 0);
        socket.setOption(SocketOption.IP_TOS, CONTROL_TRAFFIC_CLASS);
    }

    private static void setUpIpv6(NativeSocket socket, int interfaceIndex, IpAddress source) throws NativeException {
        socket.setOption(SocketOption.IPV6_UNICAST_HOPS, AdvertisementCodec.HOP_LIMIT);
        socket.setOption(SocketOption.IPV6_MULTICAST_HOPS, AdvertisementCodec.HOP_LIMIT);
        socket.setOption(SocketOption.IPV6_MULTICAST_LOOP, 0);
        socket.setOption(SocketOption.IPV6_MULTICAST_ALL, 0);
        socket.setOption(SocketOption.IPV6_TCLASS, CONTROL_TRAFFIC_CLASS);
        socket.setOption(SocketOption.IPV6_RECVHOPLIMIT, 1);
        socket.setOption(SocketOption.IPV6_RECVPKTINFO, 1);
        socket.bind(new NativeAddress.Internet(source, 0, interfaceIndex));
    }

    NativeSocket nativeSocket() {
        return socket;
    }

    @Override
    public void send(byte[] message, IpAddress destination) throws IOException {
        int scope = family == AddressFamily.IPV6 ? interfaceIndex : 0;
        socket.send(message, new NativeAddress.Internet(destination, 0, scope));
    }

    @Override
    public List<ReceivedMessage> receive(int limit) throws IOException {
        List<ReceivedMessage> messages = new ArrayList<>();
        while (messages.size() < limit) {
            Optional<Datagram> datagram = socket.receive(buffer);
            if (datagram.isEmpty()) {
                break;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            messages.add(
                    switch (family) {
                        case IPV4 -> Ipv4Datagram.parse(bytes).orElse(nothing(datagram.get(), ANY_IPV4));
                        case IPV6 -> ipv6(datagram.get(), bytes);
                    });
        }
        return messages;
    }

    /** A datagram without a whole IP header: nothing of it counts. */
    private static ReceivedMessage nothing(Datagram datagram, IpAddress any) {
        return new ReceivedMessage(source(datagram, any), any, AdvertisementCodec.HOP_LIMIT, new byte[0]);
    }

    /** The destination and the hop limit come beside the message; without them the checksum or the hop limit is wrong. */
    private ReceivedMessage ipv6(Datagram datagram, byte[] message) {
        IpAddress group = AdvertisementCodec.group(AddressFamily.IPV6);
        return new ReceivedMessage(
                source(datagram, group),
                datagram.packetInfo().map(PacketInfo::destination).orElse(group),
                datagram.hopLimit().orElse(ReceivedMessage.UNKNOWN_HOP_LIMIT),
                message);
    }

    private static IpAddress source(Datagram datagram, IpAddress otherwise) {
        return datagram.source()
                .filter(NativeAddress.Internet.class::isInstance)
                .map(NativeAddress.Internet.class::cast)
                .map(NativeAddress.Internet::address)
                .orElse(otherwise);
    }

    @Override
    public void close() {
        onClose.accept(this);
        close(socket);
    }

    private static void close(NativeSocket socket) {
        try {
            socket.close();
        } catch (NativeException e) {
            LOG.warn("cannot close {}: {}", socket, e.getMessage());
        }
    }
}
