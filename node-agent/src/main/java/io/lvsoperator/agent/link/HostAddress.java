package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;

/**
 * A VIP to be held: the address alone, /32 or /128, without a route to a prefix and without duplicate address detection.
 *
 * @param label IPv4 only, at most 15 bytes, usually the interface's name with a suffix: {@code eth0:lvs}
 * @param validSeconds until the kernel takes it away by itself, at least 1; {@link InterfaceAddress#FOREVER} without end
 */
public record HostAddress(int interfaceIndex, IpAddress address, Optional<String> label, long validSeconds) {
    /** One without end. */
    public HostAddress(int interfaceIndex, IpAddress address, Optional<String> label) {
        this(interfaceIndex, address, label, InterfaceAddress.FOREVER);
    }
}
