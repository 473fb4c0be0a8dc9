package io.lvsoperator.e2e.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The addresses of the segment that clients, directors and real servers share. A host's number n gives
 * {@code 192.0.2.n/24} and {@code 2001:db8::n/64}, the same digits in both.
 *
 * @param ipv4Prefix the first three octets, as in {@code 192.0.2}
 * @param ipv6Prefix the first 64 bits, as in {@code 2001:db8::}
 */
public record Segment(String ipv4Prefix, String ipv6Prefix) {

    /** The documentation prefixes of RFC 5737 and RFC 3849. */
    public static final Segment DEFAULT = new Segment("192.0.2", "2001:db8::");

    public static final int IPV4_PREFIX_LENGTH = 24;
    public static final int IPV6_PREFIX_LENGTH = 64;

    /** The IPv4 address with this number, also for VIPs. */
    public String ipv4(int number) {
        requireHostNumber(number);
        return ipv4Prefix + "." + number;
    }

    /** The IPv6 address with this number, also for VIPs. */
    public String ipv6(int number) {
        requireHostNumber(number);
        return ipv6Prefix + number;
    }

    /** A locally administered MAC address that holds the IPv4 address, so that captures read well. */
    static String macOf(String ipv4) {
        return Arrays.stream(ipv4.split("\\."))
                .map(octet -> String.format(Locale.ROOT, "%02x", Integer.parseInt(octet)))
                .collect(Collectors.joining(":", "02:00:", ""));
    }

    private static void requireHostNumber(int number) {
        if (number < 1 || number > 254) {
            throw new IllegalArgumentException("host number %d of segment: must be 1 to 254".formatted(number));
        }
    }
}
