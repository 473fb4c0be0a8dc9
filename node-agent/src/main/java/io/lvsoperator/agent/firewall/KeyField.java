package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.util.HexFormat;
import java.util.List;

/** What the keys of a set are made of. The kernel only compares bytes; the types are for {@code nft} to show them. */
public enum KeyField {
    IPV4_ADDRESS(7, 4),
    IPV6_ADDRESS(8, 16),
    PROTOCOL(12, 1),
    PORT(13, 2);

    @NotFromC("nft's TYPE_BITS: a concatenation is a number of that many bits for each field")
    private static final int TYPE_BITS = 6;

    @NotFromC("nft's enum datatypes")
    private final int type;

    @NotFromC("bytes of such a field of a packet")
    private final int length;

    /** With the number of the type in nft's {@code enum datatypes}. */
    KeyField(int type, int length) {
        this.type = type;
        this.length = length;
    }

    /** Bytes of the registers that it takes. */
    public int space() {
        return Registers.aligned(length);
    }

    static int typeOf(List<KeyField> fields) {
        return fields.stream().mapToInt(field -> field.type).reduce(0, (all, type) -> all << TYPE_BITS | type);
    }

    /** In a concatenation, each field begins in a register of its own. */
    static int lengthOf(List<KeyField> fields) {
        return fields.size() == 1
                ? fields.getFirst().length
                : fields.stream().mapToInt(KeyField::space).sum();
    }

    /** A key out of the values of its fields, in hexadecimal. */
    public static String key(byte[]... values) {
        if (values.length == 1) {
            return HexFormat.of().formatHex(values[0]);
        }
        var key = new StringBuilder();
        for (var value : values) {
            key.append(HexFormat.of().formatHex(value)).repeat("00", Registers.aligned(value.length) - value.length);
        }
        return key.toString();
    }
}
