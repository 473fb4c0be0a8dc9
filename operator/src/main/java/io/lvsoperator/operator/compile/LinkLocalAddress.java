package io.lvsoperator.operator.compile;

import io.lvsoperator.operator.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The link-local address of a fleet's IPv6 virtual router, which every director must advertise alike (RFC 9568,
 * section 5.2.9): fe80::/64 with an interface identifier that is a hash of the fleet's name and router id, so that it
 * survives the fleet's being deleted and made again.
 */
final class LinkLocalAddress {
    private LinkLocalAddress() {}

    static IpAddress of(String fleet, int virtualRouterId) {
        byte[] hash = sha256(fleet + "/" + virtualRouterId);
        byte[] address = new byte[16];
        address[0] = (byte) 0xfe;
        address[1] = (byte) 0x80;
        System.arraycopy(hash, 0, address, 8, 8);
        // An identifier of zeros is the subnet-router anycast address (RFC 4291, section 2.6.1): never that.
        address[15] |= 1;
        return IpAddress.of(address);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
