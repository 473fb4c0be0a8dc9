package io.lvsoperator.agent.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Bytes as the kernel of a little-endian machine writes them: hexadecimal, with a comment after each {@code #}. */
public final class HexDump {
    private HexDump() {}

    public static ByteBuffer buffer(String commented) {
        var digits = commented
                .lines()
                .map(line -> line.replaceFirst("#.*", ""))
                .collect(Collectors.joining())
                .replaceAll("\\s", "");
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits)).order(ByteOrder.nativeOrder());
    }

    /** The remaining bytes in the form that {@link #buffer} takes, four to a line, to be compared in a readable way. */
    public static String of(ByteBuffer bytes) {
        var rest = bytes.duplicate();
        var text = new StringBuilder();
        while (rest.hasRemaining()) {
            text.append("%02x".formatted(rest.get()));
            text.append((rest.position() - bytes.position()) % 4 == 0 ? "\n" : " ");
        }
        return text.toString();
    }

    /** A message of one's own making. */
    public static NetlinkMessage message(int type, ByteBuffer payload) {
        return new NetlinkMessage(type, 0, 0, 0, payload.slice().order(ByteOrder.nativeOrder()));
    }
}
