package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;

/**
 * One VRRP advertisement (RFC 9568 section 5.2, RFC 3768 section 5.3), valid by construction.
 *
 * @param version 2 for IPv4 only
 * @param virtualRouterId 1 to 255
 * @param priority 0 (leaving) to 255 (owner of the addresses)
 * @param intervalCentiseconds Max Advertise Interval, 1 to 4095 hundredths of a second; in version 2 whole seconds, 1 to 255
 * @param addresses 1 to 255 virtual addresses of one family; for IPv6 the first is link-local
 */
public record Advertisement(
        Version version, int virtualRouterId, int priority, int intervalCentiseconds, List<IpAddress> addresses) {

    public static final int LEAVING = 0;
    public static final int MAX_ADDRESSES = 255;
    public static final int MAX_INTERVAL_CENTISECONDS = 0xfff;

    /** Bytes before the address list. */
    static final int HEADER_BYTES = 8;

    /** An Ethernet header. Subtracted from the MTU because keepalived does, and both sides must list the same addresses. */
    private static final int ETHERNET_HEADER_BYTES = 14;

    private static final int CENTISECONDS_PER_SECOND = 100;
    private static final int MAX_SECONDS = 255;

    static final int TYPE_ADVERTISEMENT = 1;

    /**
     * Checks every field.
     *
     * @throws IllegalArgumentException naming the field that is out of range
     */
    public Advertisement {
        addresses = List.copyOf(addresses);
        requireRange("virtual router id", virtualRouterId, 1, 255);
        requireRange("priority", priority, 0, 255);
        requireInterval(version, intervalCentiseconds);
        requireRange("number of addresses", addresses.size(), 1, MAX_ADDRESSES);
        requireOneFamily(addresses);
        if (!version.carries(addresses.getFirst().family())) {
            throw new IllegalArgumentException("advertisement: " + version + " has no address like "
                    + addresses.getFirst() + ": use version 3 for IPv6");
        }
    }

    public AddressFamily family() {
        return addresses.getFirst().family();
    }

    /**
     * How many addresses one unfragmented advertisement can list.
     *
     * @param mtu of the interface, in bytes
     * @return 0 to 255
     */
    public static int maxAddresses(Version version, AddressFamily family, int mtu) {
        int ipHeaderBytes = switch (family) {
            case IPV4 -> 20;
            case IPV6 -> 40;
        };
        int trailerBytes = MessageFormat.of(version).trailerBytes();
        int room = mtu - ETHERNET_HEADER_BYTES - ipHeaderBytes - HEADER_BYTES - trailerBytes;
        return Math.clamp(room / family.addressLength(), 0, MAX_ADDRESSES);
    }

    private static void requireInterval(Version version, int centiseconds) {
        switch (version) {
            case VERSION_3 -> requireRange("interval in centiseconds", centiseconds, 1, MAX_INTERVAL_CENTISECONDS);
            case VERSION_2 -> {
                requireRange("interval in seconds", centiseconds / CENTISECONDS_PER_SECOND, 1, MAX_SECONDS);
                if (centiseconds % CENTISECONDS_PER_SECOND != 0) {
                    throw new IllegalArgumentException("advertisement: interval is " + centiseconds
                            + " centiseconds, version 2 has whole seconds: make it a multiple of 100");
                }
            }
        }
    }

    private static void requireRange(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "advertisement: " + field + " is " + value + ", it must be between " + min + " and " + max);
        }
    }

    private static void requireOneFamily(List<IpAddress> addresses) {
        AddressFamily family = addresses.getFirst().family();
        for (IpAddress address : addresses) {
            if (address.family() != family) {
                throw new IllegalArgumentException("advertisement: address " + address + " is not of the family "
                        + family + " of the first one: use one virtual router per family");
            }
        }
        if (family == AddressFamily.IPV6 && !addresses.getFirst().isLinkLocal()) {
            throw new IllegalArgumentException("advertisement: the first address " + addresses.getFirst()
                    + " is not link-local, RFC 9568 section 5.2.9 wants one");
        }
    }
}
