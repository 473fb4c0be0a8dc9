package io.lvsoperator.agent.nativeaccess;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** An Ethernet address: 48 bits, the first byte on the wire in the highest. */
public record MacAddress(long bits) {
    @NotFromC("IEEE 802.3")
    public static final int LENGTH = 6;

    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("an Ethernet address has 48 bits");
        }
    }

    /** The address that these six bytes spell. */
    public static MacAddress of(byte... bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an Ethernet address has 6 bytes, not " + bytes.length);
        }
        return new MacAddress(ByteBuffer.allocate(Long.BYTES).put(2, bytes).getLong(0));
    }

    public byte[] toBytes() {
        var bytes = new byte[LENGTH];
        ByteBuffer.allocate(Long.BYTES).putLong(0, bits).get(2, bytes);
        return bytes;
    }

    /** {@code 02:00:5e:10:00:01}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
