package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An expression of a rule as it goes over the wire, so that what the kernel gives back can be compared with what it was given.
 *
 * @param attributes values by number, in hexadecimal
 */
public record WireExpression(String name, Map<Integer, String> attributes) {
    public WireExpression {
        attributes = Map.copyOf(attributes);
    }

    /** Loads the family of the packet into register 1 and goes on if it is this one. */
    public static List<WireExpression> familyIs(TableFamily family) {
        return List.of(
                load("meta", NfTables.NFTA_META_DREG, 0, NfTables.NFTA_META_KEY, NfTables.NFT_META_NFPROTO),
                of(
                        "cmp",
                        attributes -> attributes
                                .be32(NfTables.NFTA_CMP_SREG, NfTables.NFT_REG_1)
                                .be32(NfTables.NFTA_CMP_OP, NfTables.NFT_CMP_EQ)
                                .nested(
                                        NfTables.NFTA_CMP_DATA,
                                        data -> data.bytes(NfTables.NFTA_DATA_VALUE, (byte) family.number()))));
    }

    /** Loads what the key of a set begins or goes on with, {@code offset} bytes into the registers. */
    public static WireExpression load(KeyField field, int offset) {
        return switch (field) {
            case IPV4_ADDRESS ->
                payload(offset, NfTables.NFT_PAYLOAD_NETWORK_HEADER, NfTables.IPV4_DADDR, Integer.BYTES);
            case IPV6_ADDRESS ->
                payload(offset, NfTables.NFT_PAYLOAD_NETWORK_HEADER, NfTables.IPV6_DADDR, 2 * Long.BYTES);
            case PORT -> payload(offset, NfTables.NFT_PAYLOAD_TRANSPORT_HEADER, NfTables.TCP_DEST, Short.BYTES);
            case PROTOCOL ->
                load("meta", NfTables.NFTA_META_DREG, offset, NfTables.NFTA_META_KEY, NfTables.NFT_META_L4PROTO);
        };
    }

    /** Goes on if the set has the key that begins in register 1. */
    public static WireExpression isIn(String set) {
        return of(
                "lookup",
                attributes -> attributes
                        .string(NfTables.NFTA_LOOKUP_SET, set)
                        .be32(NfTables.NFTA_LOOKUP_SREG, NfTables.NFT_REG_1)
                        .be32(NfTables.NFTA_LOOKUP_FLAGS, 0));
    }

    /** Has conntrack pass the packet over. */
    public static WireExpression noTrack() {
        return new WireExpression("notrack", Map.of());
    }

    private static WireExpression load(String name, int destination, int offset, int key, int value) {
        return of(
                name,
                attributes ->
                        attributes.be32(destination, Registers.number(offset)).be32(key, value));
    }

    private static WireExpression payload(int offset, int base, int from, int length) {
        return of(
                "payload",
                attributes -> attributes
                        .be32(NfTables.NFTA_PAYLOAD_DREG, Registers.number(offset))
                        .be32(NfTables.NFTA_PAYLOAD_BASE, base)
                        .be32(NfTables.NFTA_PAYLOAD_OFFSET, from)
                        .be32(NfTables.NFTA_PAYLOAD_LEN, length));
    }

    private static WireExpression of(String name, Consumer<MessageWriter> attributes) {
        var writer = new MessageWriter();
        attributes.accept(writer);
        try {
            return new WireExpression(name, values(new AttributeReader(writer.finish())));
        } catch (MalformedMessageException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The attributes of one NFTA_LIST_ELEM. */
    static WireExpression decode(AttributeReader attributes) throws MalformedMessageException {
        var name = "";
        Map<Integer, String> values = Map.of();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_EXPR_NAME -> name = attributes.string();
                case NfTables.NFTA_EXPR_DATA -> values = values(attributes.nested());
                default -> {}
            }
        }
        return new WireExpression(name, values);
    }

    void encode(MessageWriter element) {
        element.string(NfTables.NFTA_EXPR_NAME, name);
        if (!attributes.isEmpty()) {
            element.nested(
                    NfTables.NFTA_EXPR_DATA,
                    data -> new TreeMap<>(attributes)
                            .forEach((type, value) ->
                                    data.bytes(type, HexFormat.of().parseHex(value))));
        }
    }

    private static Map<Integer, String> values(AttributeReader attributes) throws MalformedMessageException {
        var values = new TreeMap<Integer, String>();
        while (attributes.next()) {
            values.put(attributes.type(), hex(attributes.bytes()));
        }
        return values;
    }

    static String hex(ByteBuffer value) {
        var bytes = new byte[value.limit()];
        value.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
