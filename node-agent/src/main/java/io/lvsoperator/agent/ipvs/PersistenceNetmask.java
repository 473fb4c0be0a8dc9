package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;

/**
 * How much of a client's address persistence looks at.
 *
 * @param value as the kernel keeps it: for IPv4 the mask itself, which need not be a prefix; for IPv6 the prefix length
 */
public record PersistenceNetmask(AddressFamily family, int value) {
    /** The whole address; also what a virtual server without persistence has. */
    public static PersistenceNetmask whole(AddressFamily family) {
        return ofPrefix(family, family.addressBits());
    }

    /** The first {@code length} bits of an address: 1 to 32 for IPv4, 1 to 128 for IPv6. */
    public static PersistenceNetmask ofPrefix(AddressFamily family, int length) {
        if (length < 1 || length > family.addressBits()) {
            throw new IllegalArgumentException(
                    "a persistence prefix is 1 to " + family.addressBits() + " bits long, not " + length);
        }
        return new PersistenceNetmask(family, family == AddressFamily.IPV6 ? length : -1 << (Integer.SIZE - length));
    }
}
