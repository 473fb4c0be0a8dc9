package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;

/** The netlink families that the agent speaks. */
@CHeader("linux/netlink.h")
public enum NetlinkProtocol implements CConstant {
    /** Interfaces, addresses, routes. */
    NETLINK_ROUTE(0),
    /** Firewall rules. */
    NETLINK_NETFILTER(12),
    /** Families that are known by name: see {@link GenericFamily}. */
    NETLINK_GENERIC(16);

    private final int number;

    NetlinkProtocol(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
