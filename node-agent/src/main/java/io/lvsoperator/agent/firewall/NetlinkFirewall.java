package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.Optional;

/** {@link Firewall} by nf_tables. Asking makes the kernel load the module where there is one. */
public final class NetlinkFirewall implements Firewall {
    private final Netlink netlink;

    /** Over a netfilter netlink socket, which stays the caller's to close. */
    public NetlinkFirewall(Netlink netlink) {
        this.netlink = netlink;
    }

    @Override
    public Ruleset ruleset() throws NetlinkException {
        try {
            var chains = netlink.dump(NfTablesRequests.chains(), NfTablesReplies::chain);
            var rules = netlink.dump(NfTablesRequests.rules(), NfTablesReplies::rule);
            return new Ruleset(
                    chains.stream().flatMap(Optional::stream).toList(),
                    rules.stream().flatMap(Optional::stream).toList());
        } catch (RefusedException e) {
            if (e.is(Errno.EINVAL)) { // nfnetlink.c, for a subsystem that nobody has registered
                return Ruleset.EMPTY;
            }
            throw e;
        }
    }
}
