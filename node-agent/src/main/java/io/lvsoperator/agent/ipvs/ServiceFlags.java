package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.CHeader;
import java.util.Collection;

/**
 * The flags of a virtual server that a user can choose.
 *
 * <p>IP_VS_SVC_F_HASHED is the kernel's own and never part of this, so that equal means equal.
 */
@CHeader("linux/ip_vs.h")
public record ServiceFlags(int bits) {
    private static final int IP_VS_SVC_F_PERSISTENT = 0x1;
    private static final int IP_VS_SVC_F_HASHED = 0x2;
    private static final int IP_VS_SVC_F_ONEPACKET = 0x4;

    public static final ServiceFlags NONE = new ServiceFlags(0);
    public static final ServiceFlags PERSISTENT = new ServiceFlags(IP_VS_SVC_F_PERSISTENT);
    public static final ServiceFlags ONE_PACKET = new ServiceFlags(IP_VS_SVC_F_ONEPACKET);

    public ServiceFlags {
        bits &= ~IP_VS_SVC_F_HASHED;
    }

    public static ServiceFlags of(Collection<SchedulerFlag> flags) {
        return new ServiceFlags(flags.stream().mapToInt(SchedulerFlag::number).reduce(0, (some, more) -> some | more));
    }

    public ServiceFlags plus(ServiceFlags others) {
        return new ServiceFlags(bits | others.bits);
    }

    public boolean has(ServiceFlags others) {
        return (bits & others.bits) == others.bits;
    }
}
