package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.NetlinkException;

/** What is set for IPVS as a whole. Throws as {@link Ipvs} does. */
public interface IpvsConfig {
    IpvsTimeouts timeouts() throws NetlinkException, IpvsUnavailableException;

    /** Sets those that are not {@link IpvsTimeouts#UNCHANGED}; EINVAL for one that is negative or too large for the kernel's clock. */
    void set(IpvsTimeouts timeouts) throws NetlinkException, IpvsUnavailableException;
}
