package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Finds out which schedulers the kernel has.
 *
 * <p>The kernel has no list of them; it loads a scheduler's module when a service asks for it. So a service is added for a moment,
 * without destinations and for a firewall mark that no packet carries. Firewall marks {@value #FIRST_MARK} to {@value #LAST_MARK}
 * (0x7e000001 to 0x7e00000f) are reserved for that: below 2^31, which ipvsadm prints rightly, and clear of bits 14 and 15, which
 * kube-proxy uses.
 *
 * <p>A live table comes to no harm: the IPVS hooks of a family go in with its first service and out with the last, and a probe
 * is the last one only where there is no other, hence nothing that they serve.
 */
public final class SchedulerProbe {
    @NotFromC("our choice, see above")
    private static final int FIRST_MARK = 0x7e000001;

    @NotFromC("our choice, see above")
    private static final int LAST_MARK = 0x7e00000f;

    private final Ipvs ipvs;

    public SchedulerProbe(Ipvs ipvs) {
        this.ipvs = ipvs;
    }

    /**
     * Tries each of the candidates; takes a few milliseconds, and longer where the kernel looks for modules.
     *
     * @return those that the kernel has
     */
    public Set<Scheduler> supported(Collection<Scheduler> candidates)
            throws NetlinkException, IpvsUnavailableException {
        var supported = EnumSet.noneOf(Scheduler.class);
        for (var candidate : candidates) {
            if (isSupported(candidate, AddressFamily.IPV4)) {
                supported.add(candidate);
            }
        }
        return supported;
    }

    /** Whether IPVS balances IPv6; {@code scheduler} is one that the kernel has. */
    public boolean hasIpv6(Scheduler scheduler) throws NetlinkException, IpvsUnavailableException {
        return isSupported(scheduler, AddressFamily.IPV6);
    }

    private boolean isSupported(Scheduler scheduler, AddressFamily family)
            throws NetlinkException, IpvsUnavailableException {
        for (var mark = FIRST_MARK; mark <= LAST_MARK; mark++) {
            var key = new VirtualServerKey.FirewallMark(family, mark);
            try {
                ipvs.execute(
                        new IpvsCommand.AddService(new VirtualServer(key, VirtualServerConfig.of(scheduler, family))));
            } catch (RefusedException e) {
                if (e.is(Errno.ENOENT) || e.is(Errno.EAFNOSUPPORT)) {
                    return false;
                }
                if (e.is(Errno.EEXIST)) {
                    continue;
                }
                throw e;
            }
            ipvs.execute(new IpvsCommand.DeleteService(key));
            return true;
        }
        throw new IllegalStateException("cannot try scheduler " + scheduler.kernelName()
                + ": another program holds all IPVS services for firewall marks " + FIRST_MARK + " to " + LAST_MARK
                + "; delete them");
    }

    /** True for a service in the reserved range: the rest of a probe that was cut short, if not somebody's mistake. */
    public static boolean isProbe(VirtualServerKey key) {
        return key instanceof VirtualServerKey.FirewallMark(var _, var mark) && mark >= FIRST_MARK && mark <= LAST_MARK;
    }
}
