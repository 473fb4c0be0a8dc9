package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.IpAddress;

/** Port numbers beside addresses. */
final class Ports {
    private Ports() {}

    static void check(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    static String join(IpAddress address, int port) {
        return switch (address.family()) {
            case IPV4 -> address + ":" + port;
            case IPV6 -> "[" + address + "]:" + port;
        };
    }
}
