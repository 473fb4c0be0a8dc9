package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;

/** The flags of an address that the agent sets or asks about. */
@CHeader("linux/if_addr.h")
public enum AddressFlag implements CConstant {
    /** No duplicate address detection: usable at once. */
    IFA_F_NODAD(0x2),
    /** Duplicate address detection failed: it does not serve. */
    IFA_F_DADFAILED(0x8),
    /** Past its preferred lifetime: not a source of new connections. */
    IFA_F_DEPRECATED(0x20),
    /** Duplicate address detection is under way. */
    IFA_F_TENTATIVE(0x40),
    /** Without a lifetime. */
    IFA_F_PERMANENT(0x80),
    /** Without a route to its prefix. */
    IFA_F_NOPREFIXROUTE(0x200);

    private final int number;

    AddressFlag(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
