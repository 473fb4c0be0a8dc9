package io.lvsoperator.agent.nativeaccess;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/** The ancillary data of a received datagram ({@code cmsg(3)}), as far as the agent asks for it. */
record ControlMessages(Optional<PacketInfo> packetInfo, OptionalInt hopLimit) {
    static final ControlMessages NONE = new ControlMessages(Optional.empty(), OptionalInt.empty());

    /** Stops at the first header that is not whole. */
    static ControlMessages decode(byte[] control) {
        var result = NONE;
        var buffer = ByteBuffer.wrap(control).order(ByteOrder.nativeOrder());
        var start = 0;
        while (control.length - start >= CSockets.CMSGHDR_SIZE) {
            var length = buffer.getLong(start + CSockets.CMSGHDR_LEN);
            if (length < CSockets.CMSGHDR_SIZE || length > control.length - start) {
                return result;
            }
            var data = buffer.slice(start + CSockets.CMSGHDR_SIZE, (int) length - CSockets.CMSGHDR_SIZE)
                    .order(ByteOrder.nativeOrder());
            result = result.with(
                    buffer.getInt(start + CSockets.CMSGHDR_LEVEL), buffer.getInt(start + CSockets.CMSGHDR_TYPE), data);
            start += aligned((int) length);
        }
        return result;
    }

    private ControlMessages with(int level, int type, ByteBuffer data) {
        if (level == SocketLevel.IPPROTO_IP.number()
                && type == CSockets.IP_PKTINFO
                && data.remaining() >= CSockets.IN_PKTINFO_SIZE) {
            return new ControlMessages(
                    Optional.of(new PacketInfo(
                            data.getInt(CSockets.IN_PKTINFO_IFINDEX),
                            IpAddress.read(AddressFamily.IPV4, data.position(CSockets.IN_PKTINFO_ADDR)))),
                    hopLimit);
        }
        if (level != SocketLevel.IPPROTO_IPV6.number()) {
            return this;
        }
        if (type == CSockets.IPV6_PKTINFO && data.remaining() >= CSockets.IN6_PKTINFO_SIZE) {
            return new ControlMessages(
                    Optional.of(new PacketInfo(
                            data.getInt(CSockets.IN6_PKTINFO_IFINDEX),
                            IpAddress.read(AddressFamily.IPV6, data.position(CSockets.IN6_PKTINFO_ADDR)))),
                    hopLimit);
        }
        if (type == CSockets.IPV6_HOPLIMIT && data.remaining() >= Integer.BYTES) {
            return new ControlMessages(packetInfo, OptionalInt.of(data.getInt(0)));
        }
        return this;
    }

    private static int aligned(int length) {
        return (length + CSockets.CMSG_ALIGNMENT - 1) & -CSockets.CMSG_ALIGNMENT;
    }
}
