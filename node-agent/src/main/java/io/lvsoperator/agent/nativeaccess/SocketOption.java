package io.lvsoperator.agent.nativeaccess;

/** The socket options that the agent sets. */
@CHeader("netinet/in.h")
public enum SocketOption implements CConstant {
    @CName(header = "sys/socket.h")
    SO_RCVBUF(SocketLevel.SOL_SOCKET, 8),
    /** As SO_RCVBUF beyond the host's limit; needs CAP_NET_ADMIN. */
    @CName(header = "sys/socket.h")
    SO_RCVBUFFORCE(SocketLevel.SOL_SOCKET, 33),
    @CName(header = "sys/socket.h")
    SO_SNDBUFFORCE(SocketLevel.SOL_SOCKET, 32),
    @CName(header = "sys/socket.h")
    SO_PRIORITY(SocketLevel.SOL_SOCKET, 12),
    @CName(header = "sys/socket.h")
    SO_BINDTOIFINDEX(SocketLevel.SOL_SOCKET, 62),

    IP_TOS(SocketLevel.IPPROTO_IP, 1),
    IP_TTL(SocketLevel.IPPROTO_IP, 2),
    IP_HDRINCL(SocketLevel.IPPROTO_IP, 3),
    /** Each datagram then carries {@link PacketInfo}. */
    IP_PKTINFO(SocketLevel.IPPROTO_IP, 8),
    IP_FREEBIND(SocketLevel.IPPROTO_IP, 15),
    IP_MULTICAST_IF(SocketLevel.IPPROTO_IP, 32),
    IP_MULTICAST_TTL(SocketLevel.IPPROTO_IP, 33),
    IP_MULTICAST_LOOP(SocketLevel.IPPROTO_IP, 34),
    IP_ADD_MEMBERSHIP(SocketLevel.IPPROTO_IP, 35),
    /** 0 hears only the groups that this very socket joined. */
    IP_MULTICAST_ALL(SocketLevel.IPPROTO_IP, 49),

    IPV6_CHECKSUM(SocketLevel.IPPROTO_IPV6, 7),
    IPV6_UNICAST_HOPS(SocketLevel.IPPROTO_IPV6, 16),
    IPV6_MULTICAST_IF(SocketLevel.IPPROTO_IPV6, 17),
    IPV6_MULTICAST_HOPS(SocketLevel.IPPROTO_IPV6, 18),
    IPV6_MULTICAST_LOOP(SocketLevel.IPPROTO_IPV6, 19),
    IPV6_ADD_MEMBERSHIP(SocketLevel.IPPROTO_IPV6, 20),
    /** 0 hears only the groups that this very socket joined. */
    IPV6_MULTICAST_ALL(SocketLevel.IPPROTO_IPV6, 29),
    /** Each datagram then carries {@link PacketInfo}. */
    IPV6_RECVPKTINFO(SocketLevel.IPPROTO_IPV6, 49),
    /** Sticky source address and interface of what is sent. */
    IPV6_PKTINFO(SocketLevel.IPPROTO_IPV6, 50),
    /** Each datagram then carries its hop limit. */
    IPV6_RECVHOPLIMIT(SocketLevel.IPPROTO_IPV6, 51),
    IPV6_TCLASS(SocketLevel.IPPROTO_IPV6, 67),
    IPV6_FREEBIND(SocketLevel.IPPROTO_IPV6, 78),

    /** 1 hides the frames that this host sends. */
    @CName(header = "linux/if_packet.h")
    PACKET_IGNORE_OUTGOING(SocketLevel.SOL_PACKET, 23),

    @CName(header = "linux/netlink.h")
    NETLINK_ADD_MEMBERSHIP(SocketLevel.SOL_NETLINK, 1),
    @CName(header = "linux/netlink.h")
    NETLINK_CAP_ACK(SocketLevel.SOL_NETLINK, 10),
    @CName(header = "linux/netlink.h")
    NETLINK_EXT_ACK(SocketLevel.SOL_NETLINK, 11),
    @CName(header = "linux/netlink.h")
    NETLINK_GET_STRICT_CHK(SocketLevel.SOL_NETLINK, 12);

    private final SocketLevel level;
    private final int number;

    SocketOption(SocketLevel level, int number) {
        this.level = level;
        this.number = number;
    }

    public SocketLevel level() {
        return level;
    }

    @Override
    public int number() {
        return number;
    }
}
