package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The messages of nf_tables. Empty where one is of a family that IP packets do not pass. */
final class NfTablesReplies {
    private NfTablesReplies() {}

    static Optional<Chain> chain(NetlinkMessage message) throws MalformedMessageException {
        var family = family(message);
        var table = "";
        var name = "";
        var hook = OptionalInt.empty();
        var attributes = attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_CHAIN_TABLE -> table = attributes.string();
                case NfTables.NFTA_CHAIN_NAME -> name = attributes.string();
                case NfTables.NFTA_CHAIN_HOOK -> hook = hook(attributes.nested());
                default -> {}
            }
        }
        if (family.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Chain(new ChainName(family.get(), table, name), hook));
    }

    private static OptionalInt hook(AttributeReader attributes) throws MalformedMessageException {
        var number = OptionalInt.empty();
        while (attributes.next()) {
            if (attributes.type() == NfTables.NFTA_HOOK_HOOKNUM) {
                number = OptionalInt.of(attributes.be32());
            }
        }
        return number;
    }

    static Optional<Rule> rule(NetlinkMessage message) throws MalformedMessageException {
        var family = family(message);
        var table = "";
        var chain = "";
        List<Expression> expressions = List.of();
        var attributes = attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_RULE_TABLE -> table = attributes.string();
                case NfTables.NFTA_RULE_CHAIN -> chain = attributes.string();
                case NfTables.NFTA_RULE_EXPRESSIONS -> expressions = expressions(attributes.nested());
                default -> {}
            }
        }
        if (family.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rule(new ChainName(family.get(), table, chain), expressions));
    }

    /** A list of NFTA_LIST_ELEM. */
    private static List<Expression> expressions(AttributeReader list) throws MalformedMessageException {
        var expressions = new ArrayList<Expression>();
        while (list.next()) {
            expressions.add(ExpressionCodec.decode(list.nested()));
        }
        return expressions;
    }

    static Optional<TableFamily> family(NetlinkMessage message) throws MalformedMessageException {
        var payload = message.payload();
        if (payload.limit() < NfTables.NFGENMSG_SIZE) {
            throw new MalformedMessageException(payload.limit() + " bytes are too few for an nfnetlink header");
        }
        var number = payload.get(NfTables.NFGEN_FAMILY);
        for (var family : TableFamily.values()) {
            if (family.number() == number) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    static AttributeReader attributes(NetlinkMessage message) {
        var payload = message.payload();
        return new AttributeReader(payload.slice(NfTables.NFGENMSG_SIZE, payload.limit() - NfTables.NFGENMSG_SIZE));
    }
}
