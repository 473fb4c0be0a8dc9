package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The IPv4 header that a raw socket delivers before the message (RFC 791 section 3.1). */
public final class Ipv4Datagram {

    private static final int MIN_HEADER_BYTES = 20;
    private static final int TOTAL_LENGTH_OFFSET = 2;
    private static final int TTL_OFFSET = 8;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;

    private Ipv4Datagram() {}

    /**
     * Splits a datagram into what the VRRP checks need. The length comes from the header, since short frames are padded.
     *
     * @return empty if there is no whole IPv4 header, or less than its total length says
     */
    public static Optional<ReceivedMessage> parse(byte[] datagram) {
        if (datagram.length < MIN_HEADER_BYTES || datagram[0] >>> 4 != 4) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(datagram);
        int headerBytes = (datagram[0] & 0xf) * Integer.BYTES;
        int totalBytes = Short.toUnsignedInt(header.getShort(TOTAL_LENGTH_OFFSET));
        if (headerBytes < MIN_HEADER_BYTES || headerBytes > totalBytes || totalBytes > datagram.length) {
            return Optional.empty();
        }
        byte[] source = new byte[Integer.BYTES];
        byte[] destination = new byte[Integer.BYTES];
        byte[] message = new byte[totalBytes - headerBytes];
        header.get(SOURCE_OFFSET, source).get(DESTINATION_OFFSET, destination).get(headerBytes, message);
        return Optional.of(new ReceivedMessage(
                IpAddress.of(source), IpAddress.of(destination), Byte.toUnsignedInt(datagram[TTL_OFFSET]), message));
    }
}
