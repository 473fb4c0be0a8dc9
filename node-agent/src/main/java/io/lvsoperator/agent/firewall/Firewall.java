package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.NetlinkException;

/** The packet filter of this network namespace. */
public interface Firewall {
    /**
     * Everything that is there; empty where the kernel has no nf_tables.
     *
     * @throws NetlinkException when it is unknown
     */
    Ruleset ruleset() throws NetlinkException;
}
