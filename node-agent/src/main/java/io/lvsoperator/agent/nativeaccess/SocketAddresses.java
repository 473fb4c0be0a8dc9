package io.lvsoperator.agent.nativeaccess;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The C layouts of {@link NativeAddress}: numbers in host order except ports and EtherTypes. */
@CHeader("sys/socket.h")
final class SocketAddresses {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int AF_PACKET = 17;

    @CName(value = "offsetof(struct sockaddr_nl, nl_pid)", header = "linux/netlink.h")
    private static final int NL_PID = 4;

    @CName(value = "offsetof(struct sockaddr_nl, nl_groups)", header = "linux/netlink.h")
    private static final int NL_GROUPS = 8;

    @CName(value = "sizeof(struct sockaddr_nl)", header = "linux/netlink.h")
    private static final int NL_SIZE = 12;

    @CName(value = "offsetof(struct sockaddr_in, sin_port)", header = "netinet/in.h")
    private static final int IN_PORT = 2;

    @CName(value = "offsetof(struct sockaddr_in, sin_addr)", header = "netinet/in.h")
    private static final int IN_ADDR = 4;

    @CName(value = "sizeof(struct sockaddr_in)", header = "netinet/in.h")
    private static final int IN_SIZE = 16;

    @CName(value = "offsetof(struct sockaddr_in6, sin6_port)", header = "netinet/in.h")
    private static final int IN6_PORT = 2;

    @CName(value = "offsetof(struct sockaddr_in6, sin6_addr)", header = "netinet/in.h")
    private static final int IN6_ADDR = 8;

    @CName(value = "offsetof(struct sockaddr_in6, sin6_scope_id)", header = "netinet/in.h")
    private static final int IN6_SCOPE = 24;

    @CName(value = "sizeof(struct sockaddr_in6)", header = "netinet/in.h")
    private static final int IN6_SIZE = 28;

    @CName(value = "offsetof(struct sockaddr_ll, sll_protocol)", header = "linux/if_packet.h")
    private static final int LL_PROTOCOL = 2;

    @CName(value = "offsetof(struct sockaddr_ll, sll_ifindex)", header = "linux/if_packet.h")
    private static final int LL_IFINDEX = 4;

    @CName(value = "offsetof(struct sockaddr_ll, sll_halen)", header = "linux/if_packet.h")
    private static final int LL_HALEN = 11;

    @CName(value = "offsetof(struct sockaddr_ll, sll_addr)", header = "linux/if_packet.h")
    private static final int LL_ADDR = 12;

    @CName(value = "sizeof(struct sockaddr_ll)", header = "linux/if_packet.h")
    private static final int LL_SIZE = 20;

    private SocketAddresses() {}

    static byte[] encode(NativeAddress address) {
        return switch (address) {
            case NativeAddress.Netlink(var portId, var groups) ->
                allocate(NL_SIZE, AF_NETLINK)
                        .putInt(NL_PID, portId)
                        .putInt(NL_GROUPS, groups)
                        .array();
            case NativeAddress.Internet internet -> encode(internet);
            case NativeAddress.Packet(var etherType, var interfaceIndex, var hardware) ->
                allocate(LL_SIZE, AF_PACKET)
                        .put(LL_PROTOCOL, bigEndian(etherType))
                        .putInt(LL_IFINDEX, interfaceIndex)
                        .put(LL_HALEN, (byte) MacAddress.LENGTH)
                        .put(LL_ADDR, hardware.toBytes())
                        .array();
        };
    }

    private static byte[] encode(NativeAddress.Internet internet) {
        var bytes = internet.address().toBytes();
        return switch (internet.address().family()) {
            case IPV4 ->
                allocate(IN_SIZE, AF_INET)
                        .put(IN_PORT, bigEndian(internet.port()))
                        .put(IN_ADDR, bytes)
                        .array();
            case IPV6 ->
                allocate(IN6_SIZE, AF_INET6)
                        .put(IN6_PORT, bigEndian(internet.port()))
                        .put(IN6_ADDR, bytes)
                        .putInt(IN6_SCOPE, internet.scope())
                        .array();
        };
    }

    /** Empty when the family is another one, or the bytes are too few for it. */
    static Optional<NativeAddress> decode(byte[] name) {
        if (name.length < Short.BYTES) {
            return Optional.empty();
        }
        var buffer = ByteBuffer.wrap(name).order(ByteOrder.nativeOrder());
        return switch (buffer.getShort(0)) {
            case AF_NETLINK -> name.length < NL_SIZE ? Optional.empty() : Optional.of(netlink(buffer));
            case AF_INET -> name.length < IN_SIZE ? Optional.empty() : Optional.of(internet4(buffer));
            case AF_INET6 -> name.length < IN6_SIZE ? Optional.empty() : Optional.of(internet6(buffer));
            case AF_PACKET -> name.length < LL_ADDR + MacAddress.LENGTH ? Optional.empty() : packet(buffer);
            default -> Optional.empty();
        };
    }

    private static NativeAddress netlink(ByteBuffer name) {
        return new NativeAddress.Netlink(name.getInt(NL_PID), name.getInt(NL_GROUPS));
    }

    private static NativeAddress internet4(ByteBuffer name) {
        var address = IpAddress.read(AddressFamily.IPV4, name.position(IN_ADDR));
        return new NativeAddress.Internet(address, unsignedBigEndian(name, IN_PORT), 0);
    }

    private static NativeAddress internet6(ByteBuffer name) {
        var address = IpAddress.read(AddressFamily.IPV6, name.position(IN6_ADDR));
        return new NativeAddress.Internet(address, unsignedBigEndian(name, IN6_PORT), name.getInt(IN6_SCOPE));
    }

    /** Only Ethernet: a tunnel's hardware address has another length. */
    private static Optional<NativeAddress> packet(ByteBuffer name) {
        if (name.get(LL_HALEN) != MacAddress.LENGTH) {
            return Optional.empty();
        }
        var hardware = new byte[MacAddress.LENGTH];
        name.get(LL_ADDR, hardware);
        return Optional.of(new NativeAddress.Packet(
                unsignedBigEndian(name, LL_PROTOCOL), name.getInt(LL_IFINDEX), MacAddress.of(hardware)));
    }

    private static ByteBuffer allocate(int size, int family) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).putShort(0, (short) family);
    }

    private static byte[] bigEndian(int number) {
        return new byte[] {(byte) (number >>> Byte.SIZE), (byte) number};
    }

    private static int unsignedBigEndian(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset)) << Byte.SIZE | Byte.toUnsignedInt(buffer.get(offset + 1));
    }
}
