package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Real sockets of the kinds that need no privilege: UDP over the loopback, and netlink. */
class NativeSocketTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK6 = IpAddress.parse("::1");
    private static final Duration SOON = Duration.ofSeconds(5);

    private final ByteBuffer buffer = ByteBuffer.allocate(2000);

    @Test
    void deliversADatagramWithItsSource() throws Exception {
        try (var sender = udp(LOOPBACK);
                var receiver = udp(LOOPBACK)) {
            sender.send(new byte[] {1, 2, 3}, receiver.localAddress().orElseThrow());

            var datagram = await(receiver);

            assertThat(datagram.source()).isEqualTo(sender.localAddress());
            assertThat(content()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void tellsInterfaceAndDestinationOfAnIpv4Datagram() throws Exception {
        try (var sender = udp(LOOPBACK);
                var receiver = udp(LOOPBACK)) {
            receiver.setOption(SocketOption.IP_PKTINFO, 1);
            sender.send(new byte[1], receiver.localAddress().orElseThrow());

            assertThat(await(receiver).packetInfo()).contains(new PacketInfo(1, LOOPBACK));
        }
    }

    @Test
    void tellsInterfaceDestinationAndHopLimitOfAnIpv6Datagram() throws Exception {
        try (var sender = udp(LOOPBACK6);
                var receiver = udp(LOOPBACK6)) {
            receiver.setOption(SocketOption.IPV6_RECVPKTINFO, 1);
            receiver.setOption(SocketOption.IPV6_RECVHOPLIMIT, 1);
            sender.setOption(SocketOption.IPV6_UNICAST_HOPS, 77);
            sender.send(new byte[1], receiver.localAddress().orElseThrow());

            var datagram = await(receiver);

            assertThat(datagram.packetInfo()).contains(new PacketInfo(1, LOOPBACK6));
            assertThat(datagram.hopLimit()).hasValue(77);
        }
    }

    @Test
    void saysThatADatagramWasCut() throws Exception {
        try (var sender = udp(LOOPBACK);
                var receiver = udp(LOOPBACK)) {
            sender.send(new byte[buffer.capacity() + 1], receiver.localAddress().orElseThrow());

            assertThat(await(receiver).truncated()).isTrue();
        }
    }

    @Test
    void isEmptyWhenNothingWaits() throws Exception {
        try (var socket = udp(LOOPBACK)) {
            assertThat(socket.receive(buffer)).isEmpty();
        }
    }

    @Test
    void namesTheCallAndTheError() throws Exception {
        try (var socket = udp(LOOPBACK)) {
            assertThatExceptionOfType(NativeException.class)
                    .isThrownBy(() -> socket.setOption(SocketOption.NETLINK_EXT_ACK, 1))
                    .withMessage("setsockopt(NETLINK_EXT_ACK) failed: ENOPROTOOPT")
                    .matches(e -> e.is(Errno.ENOPROTOOPT));
        }
    }

    @Test
    void refusesUseAfterClose() throws Exception {
        var socket = udp(LOOPBACK);
        socket.close();

        assertThatIllegalStateException().isThrownBy(() -> socket.receive(buffer));
    }

    @Test
    void getsANetlinkPortFromTheKernel() throws Exception {
        try (var socket = NativeSocket.open(SocketDomain.AF_NETLINK, SocketType.SOCK_RAW, 0)) {
            socket.bind(NativeAddress.Netlink.KERNEL);

            assertThat(socket.localAddress())
                    .containsInstanceOf(NativeAddress.Netlink.class)
                    .isNotEqualTo(Optional.of(NativeAddress.Netlink.KERNEL));
        }
    }

    private Datagram await(NativeSocket socket) throws NativeException {
        assertThat(new Poller(socket).await(SOON)).isEqualTo(List.of(socket));
        return socket.receive(buffer).orElseThrow();
    }

    private byte[] content() {
        var content = new byte[buffer.remaining()];
        buffer.get(content);
        return content;
    }

    private static NativeSocket udp(IpAddress address) throws NativeException {
        var socket = NativeSocket.open(SocketDomain.of(address.family()), SocketType.SOCK_DGRAM, 17);
        socket.bind(new NativeAddress.Internet(address, 0, 0));
        return socket;
    }
}
