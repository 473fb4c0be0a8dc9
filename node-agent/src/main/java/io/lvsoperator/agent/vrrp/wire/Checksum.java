package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;

/** The internet checksum (RFC 1071) and the pseudo-headers that go before it. */
final class Checksum {

    static final int IPPROTO_VRRP = 112;
    static final int IPPROTO_ICMPV6 = 58;

    private static final int VALID = 0xffff;

    private Checksum() {}

    /** The checksum field for these bytes, whose own checksum field is zero. */
    static int of(ByteBuffer... parts) {
        return ~foldedSum(parts) & 0xffff;
    }

    /** Whether these bytes, checksum field included, are whole. */
    static boolean verifies(ByteBuffer... parts) {
        return foldedSum(parts) == VALID;
    }

    /** The 40 bytes of RFC 8200 section 8.1. */
    static ByteBuffer ipv6PseudoHeader(IpAddress source, IpAddress destination, int length, int nextHeader) {
        return ByteBuffer.allocate(40)
                .put(source.toBytes())
                .put(destination.toBytes())
                .putInt(length)
                .putInt(nextHeader)
                .flip();
    }

    /** The 12 bytes that keepalived puts before an IPv4 advertisement; no part of RFC 9568. */
    static ByteBuffer legacyIpv4PseudoHeader(IpAddress source, IpAddress destination, int length) {
        return ByteBuffer.allocate(12)
                .put(source.toBytes())
                .put(destination.toBytes())
                .put((byte) 0)
                .put((byte) IPPROTO_VRRP)
                .putShort((short) length)
                .flip();
    }

    /** The ones' complement sum. Every part but the last has an even number of bytes. */
    private static int foldedSum(ByteBuffer... parts) {
        long sum = 0;
        for (ByteBuffer part : parts) {
            ByteBuffer bytes = part.duplicate();
            while (bytes.remaining() >= Short.BYTES) {
                sum += Short.toUnsignedInt(bytes.getShort());
            }
            if (bytes.hasRemaining()) {
                sum += Byte.toUnsignedInt(bytes.get()) << Byte.SIZE;
            }
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }
}
