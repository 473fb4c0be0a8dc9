package io.lvsoperator.operator.address;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * An IP address, ordered by family and then by value.
 *
 * @param family IPv4 or IPv6
 * @param text canonical text: dotted decimal, or RFC 5952
 */
public record IpAddress(AddressFamily family, String text) implements Comparable<IpAddress> {
    private static final Comparator<IpAddress> ORDER =
            Comparator.comparing(IpAddress::family).thenComparing(IpAddress::bytes, Arrays::compareUnsigned);

    /** Reads an address literal; empty when the text is none (names are never resolved). */
    public static Optional<IpAddress> parse(String literal) {
        if (literal.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(InetAddress.ofLiteral(literal).getAddress()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Reads an address that the schema has already checked. */
    public static IpAddress of(String literal) {
        return parse(literal).orElseThrow(() -> new IllegalArgumentException("'" + literal + "' is no IP address"));
    }

    /** Makes an address of 4 or 16 bytes in network order. */
    public static IpAddress of(byte[] bytes) {
        return bytes.length == 4
                ? new IpAddress(AddressFamily.IPV4, dottedDecimal(bytes))
                : new IpAddress(AddressFamily.IPV6, rfc5952(bytes));
    }

    /** Text of an address as it was given, in canonical form where it can be read. */
    public static String canonical(String literal) {
        return parse(literal).map(IpAddress::text).orElse(literal);
    }

    @Override
    public int compareTo(IpAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text;
    }

    private byte[] bytes() {
        InetAddress address = InetAddress.ofLiteral(text);
        // A mapped IPv6 literal is read as IPv4; its family was decided when this record was made.
        return address instanceof Inet4Address && family == AddressFamily.IPV6 ? new byte[16] : address.getAddress();
    }

    private static String dottedDecimal(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    /** RFC 5952, section 4: lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    private static String rfc5952(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int[] run = longestZeroRun(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (run[1] >= 2 && i == run[0]) {
                text.append("::");
                i += run[1] - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Start and length of the first longest run of zero groups. */
    private static int[] longestZeroRun(int[] groups) {
        int[] best = {0, 0};
        int start = 0;
        for (int i = 0; i <= groups.length; i++) {
            if (i < groups.length && groups[i] == 0) {
                continue;
            }
            if (i - start > best[1]) {
                best = new int[] {start, i - start};
            }
            start = i + 1;
        }
        return best;
    }
}
