package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.util.Optional;

/**
 * An address that an interface holds.
 *
 * @param flags as the kernel has them; ask with {@link #has}
 * @param label IPv4 only, by default the interface's name
 * @param protocol who added it (IFA_PROTO, kernel 5.18 and later); 0 when nobody said
 * @param preferredSeconds until it is deprecated; {@link #FOREVER} without end
 * @param validSeconds until it vanishes; {@link #FOREVER} without end
 */
public record InterfaceAddress(
        int interfaceIndex,
        IpAddress address,
        int prefixLength,
        int flags,
        Optional<String> label,
        int protocol,
        long preferredSeconds,
        long validSeconds) {
    /** Marks the addresses that this agent adds. */
    @NotFromC("IFA_PROTO numbers from 4 up are user space's to choose")
    public static final int OUR_PROTOCOL = 0x90;

    @NotFromC("the value that the kernel treats as no end, INFINITY_LIFE_TIME in its internal net/addrconf.h")
    public static final long FOREVER = 0xffff_ffffL;

    public boolean has(AddressFlag flag) {
        return (flags & flag.number()) != 0;
    }

    /** True when this agent marked it. False proves nothing on a kernel before 5.18. */
    public boolean isMarkedAsOurs() {
        return protocol == OUR_PROTOCOL;
    }

    /** Whether both are the same, though one may have longer to live. */
    boolean isLike(InterfaceAddress other) {
        return interfaceIndex == other.interfaceIndex
                && address.equals(other.address)
                && prefixLength == other.prefixLength
                && flags == other.flags
                && protocol == other.protocol
                && label.equals(other.label);
    }
}
