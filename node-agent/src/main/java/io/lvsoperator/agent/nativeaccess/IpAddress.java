package io.lvsoperator.agent.nativeaccess;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, as a value: sixteen bytes in two numbers, IPv4 in the low half of the second.
 *
 * <p>Unlike {@link InetAddress} it never resolves a name and keeps an IPv4-mapped IPv6 address an IPv6 one, as the kernel does.
 */
public record IpAddress(AddressFamily family, long high, long low) implements Comparable<IpAddress> {
    @NotFromC("groups of sixteen bits in an IPv6 address, RFC 4291")
    private static final int GROUPS = 8;

    public IpAddress {
        if (family == AddressFamily.IPV4 && (high != 0 || low >>> Integer.SIZE != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /** The address that these bytes spell in network order: 4 for IPv4, 16 for IPv6. */
    public static IpAddress of(byte... bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> new IpAddress(AddressFamily.IPV4, 0, Integer.toUnsignedLong(buffer.getInt()));
            case 16 -> new IpAddress(AddressFamily.IPV6, buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** Takes the next 4 or 16 bytes of {@code buffer}, in network order whatever the buffer's order is. */
    public static IpAddress read(AddressFamily family, ByteBuffer buffer) {
        var bytes = new byte[family.addressLength()];
        buffer.get(bytes);
        return of(bytes);
    }

    /**
     * Reads the usual notations, {@code 192.0.2.1} and {@code 2001:db8::1}, without zone or brackets.
     *
     * @throws IllegalArgumentException when {@code text} is no such literal; a host name is never looked up
     */
    public static IpAddress parse(String text) {
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is not a plain address: leave out zone and brackets");
        }
        if (text.indexOf(':') < 0) {
            return parseIpv4(text);
        }
        var bytes = InetAddress.ofLiteral(text).getAddress();
        return bytes.length == 4
                ? new IpAddress(
                        AddressFamily.IPV6, 0, 0xffff_0000_0000L | of(bytes).low())
                : of(bytes);
    }

    /** Only four plain decimal numbers: what some read as octal or as a short form is refused rather than guessed. */
    private static IpAddress parseIpv4(String text) {
        var address = of(Inet4Address.ofLiteral(text).getAddress());
        if (!address.toString().equals(text)) {
            throw new IllegalArgumentException("'" + text + "' is not four decimal numbers without leading zeros");
        }
        return address;
    }

    /** The address in network order: 4 or 16 bytes. */
    public byte[] toBytes() {
        return switch (family) {
            case IPV4 -> ByteBuffer.allocate(4).putInt((int) low).array();
            case IPV6 -> ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        };
    }

    /** True for 224.0.0.0/4 and ff00::/8. */
    public boolean isMulticast() {
        return family == AddressFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** True for 169.254.0.0/16 and fe80::/10. */
    public boolean isLinkLocal() {
        return family == AddressFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
    }

    /** True when both addresses are of one family and agree in their first {@code prefixLength} bits. */
    public boolean sharesPrefix(IpAddress other, int prefixLength) {
        if (family != other.family) {
            return false;
        }
        var ignored = family.addressBits() - prefixLength;
        if (ignored >= Long.SIZE) {
            return ((high ^ other.high) & mask(ignored - Long.SIZE)) == 0;
        }
        return high == other.high && ((low ^ other.low) & mask(ignored)) == 0;
    }

    private static long mask(int ignoredBits) {
        return ignoredBits >= Long.SIZE ? 0 : -1L << ignoredBits;
    }

    /** As a record's own, which C1 (the agent's compiler) makes several times slower; every pass over the table hashes thousands. */
    @Override
    public int hashCode() {
        return (family.addressBits() * 31 + Long.hashCode(high)) * 31 + Long.hashCode(low);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress(var otherFamily, var otherHigh, var otherLow)
                && low == otherLow
                && high == otherHigh
                && family == otherFamily;
    }

    /** Orders by family, then by number. */
    @Override
    public int compareTo(IpAddress other) {
        var order = family.compareTo(other.family);
        if (order == 0) {
            order = Long.compareUnsigned(high, other.high);
        }
        return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    /** Dotted decimal, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        return switch (family) {
            case IPV4 -> (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
            case IPV6 -> canonicalIpv6();
        };
    }

    private String canonicalIpv6() {
        var groups = new int[GROUPS];
        for (var i = 0; i < GROUPS; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> ((3 - i % 4) * Short.SIZE)) & 0xffff;
        }
        var gapStart = 0;
        var gapLength = 0;
        for (var start = 0; start < GROUPS; start++) {
            var length = zerosFrom(groups, start);
            if (length > gapLength) {
                gapStart = start;
                gapLength = length;
            }
        }
        if (gapLength < 2) {
            return hexadecimal(groups, 0, GROUPS);
        }
        return hexadecimal(groups, 0, gapStart) + "::" + hexadecimal(groups, gapStart + gapLength, GROUPS);
    }

    private static int zerosFrom(int[] groups, int start) {
        var end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }

    private static String hexadecimal(int[] groups, int from, int to) {
        var text = new StringBuilder();
        for (var i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
