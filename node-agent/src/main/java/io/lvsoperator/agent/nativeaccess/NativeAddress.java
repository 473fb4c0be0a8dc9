package io.lvsoperator.agent.nativeaccess;

/** What the sockets API calls an address: where a datagram goes, or where it came from. */
public sealed interface NativeAddress {
    /**
     * {@code sockaddr_nl}.
     *
     * @param portId the netlink socket; 0 is the kernel, and on bind lets the kernel choose
     * @param groups the legacy bit mask of multicast groups 1 to 32
     */
    record Netlink(int portId, int groups) implements NativeAddress {
        /** The kernel itself. */
        public static final Netlink KERNEL = new Netlink(0, 0);
    }

    /**
     * {@code sockaddr_in} or {@code sockaddr_in6}.
     *
     * @param port 0 to 65535; raw sockets want 0
     * @param scope interface index of a link-local IPv6 address, otherwise 0
     */
    record Internet(IpAddress address, int port, int scope) implements NativeAddress {
        public Internet {
            if (port < 0 || port > 0xffff) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
        }
    }

    /**
     * {@code sockaddr_ll} for Ethernet.
     *
     * @param etherType in host order, for example 0x0806
     * @param interfaceIndex 0 means every interface on bind
     * @param hardware destination on sending, source on receiving; ignored by bind
     */
    record Packet(int etherType, int interfaceIndex, MacAddress hardware) implements NativeAddress {}
}
