package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.firewall.Expression.Field;
import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Expressions of nf_tables; whatever is not understood becomes {@link Expression.Unknown}. */
final class ExpressionCodec {
    private static final Expression NEUTRAL = new Expression.Neutral();
    private static final Map<Integer, Field> META =
            Map.of(NfTables.NFT_META_NFPROTO, Field.FAMILY, NfTables.NFT_META_L4PROTO, Field.PROTOCOL);
    private static final Map<Integer, Field> NETWORK_HEADER =
            Map.of(NfTables.IPV4_DADDR, Field.IPV4_DESTINATION, NfTables.IPV6_DADDR, Field.IPV6_DESTINATION);

    private ExpressionCodec() {}

    /** The attributes of one NFTA_LIST_ELEM: name and data. */
    static Expression decode(AttributeReader attributes) throws MalformedMessageException {
        var name = "";
        var data = Optional.<ByteBuffer>empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_EXPR_NAME -> name = attributes.string();
                case NfTables.NFTA_EXPR_DATA -> data = Optional.of(attributes.bytes());
                default -> {}
            }
        }
        var values = Values.of(data.map(AttributeReader::new));
        return decode(name, values).orElse(new Expression.Unknown(name));
    }

    private static Optional<Expression> decode(String name, Values values) throws MalformedMessageException {
        return switch (name) {
            case "counter", "log", "last" -> Optional.of(NEUTRAL);
            case "ct" -> load(values, NfTables.NFTA_CT_DREG, conntrackField(values));
            case "meta" -> meta(values);
            case "payload" -> load(values, NfTables.NFTA_PAYLOAD_DREG, payloadField(values));
            case "bitwise" -> mask(values);
            case "cmp" -> compare(values);
            case "lookup" -> lookup(values);
            case "immediate" -> immediate(values);
            case "reject" -> Optional.of(new Expression.Drop());
            case "notrack" -> Optional.of(new Expression.NoTrack());
            case "match" -> match(values);
            case "target" -> target(values);
            default -> Optional.empty();
        };
    }

    private static Optional<Expression> load(Values values, int register, Field field)
            throws MalformedMessageException {
        var destination = values.be32(register);
        return destination.isEmpty()
                ? Optional.empty()
                : Optional.of(new Expression.Load(field, destination.getAsInt()));
    }

    private static Field conntrackField(Values values) throws MalformedMessageException {
        var key = values.be32(NfTables.NFTA_CT_KEY);
        return key.isPresent() && key.getAsInt() == NfTables.NFT_CT_STATE
                ? Field.CONNTRACK_STATE
                : Field.SOMETHING_ELSE;
    }

    private static Field payloadField(Values values) throws MalformedMessageException {
        var base = values.be32(NfTables.NFTA_PAYLOAD_BASE);
        var offset = values.be32(NfTables.NFTA_PAYLOAD_OFFSET);
        if (base.isEmpty() || offset.isEmpty()) {
            return Field.SOMETHING_ELSE;
        }
        return switch (base.getAsInt()) {
            case NfTables.NFT_PAYLOAD_NETWORK_HEADER ->
                NETWORK_HEADER.getOrDefault(offset.getAsInt(), Field.SOMETHING_ELSE);
            case NfTables.NFT_PAYLOAD_TRANSPORT_HEADER ->
                offset.getAsInt() == NfTables.TCP_DEST
                                && values.be32(NfTables.NFTA_PAYLOAD_LEN).equals(OptionalInt.of(Short.BYTES))
                        ? Field.DESTINATION_PORT
                        : Field.SOMETHING_ELSE;
            default -> Field.SOMETHING_ELSE;
        };
    }

    /** In a set or a verdict map; other maps put something into a register. */
    private static Optional<Expression> lookup(Values values) throws MalformedMessageException {
        var register = values.be32(NfTables.NFTA_LOOKUP_SREG);
        var destination = values.be32(NfTables.NFTA_LOOKUP_DREG);
        if (register.isEmpty() || (destination.isPresent() && destination.getAsInt() != NfTables.NFT_REG_VERDICT)) {
            return Optional.empty();
        }
        var inverted = (values.be32(NfTables.NFTA_LOOKUP_FLAGS).orElse(0) & NfTables.NFT_LOOKUP_F_INV) != 0;
        return Optional.of(new Expression.Lookup(
                values.text(NfTables.NFTA_LOOKUP_SET), register.getAsInt(), inverted, destination.isPresent()));
    }

    /** Sets something of the packet where it has a source register. */
    private static Optional<Expression> meta(Values values) throws MalformedMessageException {
        if (values.be32(NfTables.NFTA_META_SREG).isPresent()) {
            return Optional.of(NEUTRAL);
        }
        var key = values.be32(NfTables.NFTA_META_KEY);
        var field = key.isPresent() ? META.getOrDefault(key.getAsInt(), Field.SOMETHING_ELSE) : Field.SOMETHING_ELSE;
        return load(values, NfTables.NFTA_META_DREG, field);
    }

    private static Optional<Expression> mask(Values values) throws MalformedMessageException {
        var source = values.be32(NfTables.NFTA_BITWISE_SREG);
        var destination = values.be32(NfTables.NFTA_BITWISE_DREG);
        var mask = values.data(NfTables.NFTA_BITWISE_MASK);
        var xor = values.data(NfTables.NFTA_BITWISE_XOR);
        return source.isPresent()
                        && destination.isPresent()
                        && mask.isPresent()
                        && xor.filter(bits -> bits.chars().allMatch(digit -> digit == '0'))
                                .isPresent()
                ? Optional.of(new Expression.Mask(source.getAsInt(), destination.getAsInt(), mask.get()))
                : Optional.empty();
    }

    private static Optional<Expression> compare(Values values) throws MalformedMessageException {
        var register = values.be32(NfTables.NFTA_CMP_SREG);
        var operation = values.be32(NfTables.NFTA_CMP_OP);
        var value = values.data(NfTables.NFTA_CMP_DATA);
        if (register.isEmpty() || operation.isEmpty() || value.isEmpty()) {
            return Optional.empty();
        }
        return switch (operation.getAsInt()) {
            case NfTables.NFT_CMP_EQ -> Optional.of(new Expression.Compare(register.getAsInt(), true, value.get()));
            case NfTables.NFT_CMP_NEQ -> Optional.of(new Expression.Compare(register.getAsInt(), false, value.get()));
            default -> Optional.empty();
        };
    }

    /** A verdict, or a value for a later expression: then that one is not known to hold. */
    private static Optional<Expression> immediate(Values values) throws MalformedMessageException {
        var register = values.be32(NfTables.NFTA_IMMEDIATE_DREG);
        if (register.isPresent() && register.getAsInt() != NfTables.NFT_REG_VERDICT) {
            return Optional.of(new Expression.Load(Field.SOMETHING_ELSE, register.getAsInt()));
        }
        return verdict(values.nested(NfTables.NFTA_IMMEDIATE_DATA));
    }

    /** The verdict in the data of an element. */
    static Optional<Expression> verdict(AttributeReader data) throws MalformedMessageException {
        return verdict(Values.of(Optional.of(data)));
    }

    private static Optional<Expression> verdict(Values data) throws MalformedMessageException {
        var verdict = data.nested(NfTables.NFTA_DATA_VERDICT);
        var code = verdict.be32(NfTables.NFTA_VERDICT_CODE);
        var chain = verdict.text(NfTables.NFTA_VERDICT_CHAIN);
        if (code.isEmpty()) {
            return Optional.empty();
        }
        return switch (code.getAsInt()) {
            case NfTables.NF_DROP -> Optional.of(new Expression.Drop());
            case NfTables.NF_ACCEPT -> Optional.of(new Expression.Accept());
            case NfTables.NFT_RETURN -> Optional.of(new Expression.Return());
            case NfTables.NFT_JUMP -> Optional.of(new Expression.Jump(chain));
            case NfTables.NFT_GOTO -> Optional.of(new Expression.Goto(chain));
            default -> Optional.empty();
        };
    }

    /** A match of xtables. */
    private static Optional<Expression> match(Values values) throws MalformedMessageException {
        return switch (values.text(NfTables.NFTA_MATCH_NAME)) {
            case "comment", "nfacct" -> Optional.of(NEUTRAL);
            case "conntrack" -> conntrackMatch(values);
            default -> Optional.empty();
        };
    }

    /** {@code -m state} arrives as this too, marked as an alias. */
    private static Optional<Expression> conntrackMatch(Values values) {
        var info = values.bytes(NfTables.NFTA_MATCH_INFO);
        if (info.isEmpty() || info.get().limit() < NfTables.MTINFO_SIZE) { // revisions 1 and 2 are shorter
            return Optional.empty();
        }
        var flags = Short.toUnsignedInt(info.get().getShort(NfTables.MTINFO_MATCH_FLAGS))
                & ~NfTables.XT_CONNTRACK_STATE_ALIAS;
        var inverted = Short.toUnsignedInt(info.get().getShort(NfTables.MTINFO_INVERT_FLAGS));
        return flags == NfTables.XT_CONNTRACK_STATE && inverted == 0
                ? Optional.of(new Expression.ConntrackState(
                        Short.toUnsignedInt(info.get().getShort(NfTables.MTINFO_STATE_MASK))))
                : Optional.empty();
    }

    private static Optional<Expression> target(Values values) {
        return switch (values.text(NfTables.NFTA_TARGET_NAME)) {
            case "LOG", "NFLOG" -> Optional.of(NEUTRAL);
            case "REJECT" -> Optional.of(new Expression.Drop());
            case "CT" ->
                values.bytes(NfTables.NFTA_TARGET_INFO)
                        .filter(info -> info.limit() > NfTables.CT_TARGET_FLAGS + 1
                                && (info.getShort(NfTables.CT_TARGET_FLAGS) & NfTables.XT_CT_NOTRACK) != 0)
                        .map(info -> new Expression.NoTrack());
            default -> Optional.empty();
        };
    }

    /** Attributes by number. */
    private record Values(Map<Integer, ByteBuffer> values) {
        static Values of(Optional<AttributeReader> attributes) throws MalformedMessageException {
            var values = new HashMap<Integer, ByteBuffer>();
            while (attributes.isPresent() && attributes.get().next()) {
                values.put(attributes.get().type(), attributes.get().bytes());
            }
            return new Values(values);
        }

        Optional<ByteBuffer> bytes(int type) {
            return Optional.ofNullable(values.get(type));
        }

        /** A number in network order. */
        OptionalInt be32(int type) throws MalformedMessageException {
            var value = values.get(type);
            if (value == null) {
                return OptionalInt.empty();
            }
            if (value.limit() != Integer.BYTES) {
                throw new MalformedMessageException(
                        "attribute " + type + " has " + value.limit() + " bytes where 4 belong");
            }
            return OptionalInt.of(value.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0));
        }

        Values nested(int type) throws MalformedMessageException {
            return of(bytes(type).map(AttributeReader::new));
        }

        /** Up to the first NUL. */
        String text(int type) {
            var value = values.get(type);
            if (value == null) {
                return "";
            }
            var bytes = new byte[value.limit()];
            value.get(0, bytes);
            var text = new String(bytes, StandardCharsets.UTF_8);
            var end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }

        /** The NFTA_DATA_VALUE within an attribute. */
        Optional<String> data(int type) throws MalformedMessageException {
            return nested(type).bytes(NfTables.NFTA_DATA_VALUE).map(value -> {
                var bytes = new byte[value.limit()];
                value.get(0, bytes);
                return HexFormat.of().formatHex(bytes);
            });
        }
    }
}
