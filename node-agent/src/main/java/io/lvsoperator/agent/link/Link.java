package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.MacAddress;
import java.util.Map;
import java.util.Optional;

/**
 * An interface.
 *
 * @param flags as the kernel has them; ask with {@link #has}
 * @param mtu in bytes
 * @param hardware empty for an interface that is not Ethernet
 * @param kind the driver's name for a virtual interface, for example {@code bridge} or {@code veth}
 * @param settings the IPv4 settings in force for this interface alone (the kernel combines some with {@code conf/all})
 */
public record Link(
        int index,
        String name,
        int flags,
        int mtu,
        Optional<MacAddress> hardware,
        Optional<String> kind,
        Map<DeviceSetting, Integer> settings) {
    public Link {
        settings = Map.copyOf(settings);
    }

    public boolean has(LinkFlag flag) {
        return (flags & flag.number()) != 0;
    }

    /** True when it is set up and its cable, or the other end of its veth, is there. */
    public boolean isOperational() {
        return has(LinkFlag.IFF_UP) && has(LinkFlag.IFF_RUNNING) && has(LinkFlag.IFF_LOWER_UP);
    }
}
