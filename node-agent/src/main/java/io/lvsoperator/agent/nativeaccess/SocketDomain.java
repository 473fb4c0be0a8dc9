package io.lvsoperator.agent.nativeaccess;

/** First argument of {@code socket(2)}. */
@CHeader("sys/socket.h")
public enum SocketDomain implements CConstant {
    AF_INET(2),
    AF_INET6(10),
    AF_NETLINK(16),
    AF_PACKET(17);

    private final int number;

    SocketDomain(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    public static SocketDomain of(AddressFamily family) {
        return switch (family) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
        };
    }
}
