package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;

/** The flags of an interface that the agent asks about. */
@CHeader("linux/if.h")
public enum LinkFlag implements CConstant {
    /** Set up by the administrator. */
    IFF_UP(0x1),
    IFF_LOOPBACK(0x8),
    /** Operational. */
    IFF_RUNNING(0x40),
    IFF_NOARP(0x80),
    IFF_MULTICAST(0x1000),
    /** The driver sees a carrier. */
    IFF_LOWER_UP(0x10000);

    private final int number;

    LinkFlag(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
