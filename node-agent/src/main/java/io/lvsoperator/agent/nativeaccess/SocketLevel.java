package io.lvsoperator.agent.nativeaccess;

/** Whose options {@code setsockopt(2)} sets. */
@CHeader("netinet/in.h")
public enum SocketLevel implements CConstant {
    @CName(header = "sys/socket.h")
    SOL_SOCKET(1),
    @CName(header = "sys/socket.h")
    SOL_PACKET(263),
    @CName(header = "sys/socket.h")
    SOL_NETLINK(270),
    IPPROTO_IP(0),
    IPPROTO_IPV6(41);

    private final int number;

    SocketLevel(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
