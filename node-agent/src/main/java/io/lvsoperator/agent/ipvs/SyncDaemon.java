package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;

/**
 * A connection synchronization daemon of the kernel.
 *
 * @param interfaceName that it sends from and listens on
 * @param syncId 0 to 255; a backup of another id does not listen, one of id 0 listens to all
 * @param group that it sends to and listens to
 */
public record SyncDaemon(SyncRole role, String interfaceName, int syncId, IpAddress group) {
    /** The kernel's own choice (ip_vs_ctl.c). */
    private static final IpAddress IPV4_GROUP = IpAddress.parse("224.0.0.81");

    /** The same number on one link over IPv6, for which the kernel has no choice of its own. */
    private static final IpAddress IPV6_GROUP = IpAddress.parse("ff02::81");

    /** The group for daemons that speak over this family. */
    public static IpAddress group(AddressFamily family) {
        return switch (family) {
            case IPV4 -> IPV4_GROUP;
            case IPV6 -> IPV6_GROUP;
        };
    }

    @Override
    public String toString() {
        return "%s connection sync daemon on %s with sync id %d and group %s"
                .formatted(role, interfaceName, syncId, group);
    }
}
