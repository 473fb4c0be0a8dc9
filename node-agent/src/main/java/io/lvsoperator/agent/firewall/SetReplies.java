package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What nf_tables says of sets and their elements. */
final class SetReplies {
    private SetReplies() {}

    /** A set of any table, without its elements. */
    record FoundSet(SetName name, int flags) {
        boolean hasIntervals() {
            return (flags & NfTables.NFT_SET_INTERVAL) != 0;
        }

        /** Intervals of several fields at once have their ends elsewhere. */
        boolean isUnderstood() {
            return !hasIntervals() || (flags & NfTables.NFT_SET_CONCAT) == 0;
        }
    }

    static Optional<FoundSet> set(NetlinkMessage message) throws MalformedMessageException {
        var family = NfTablesReplies.family(message);
        var table = "";
        var name = "";
        var flags = 0;
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_SET_TABLE -> table = attributes.string();
                case NfTables.NFTA_SET_NAME -> name = attributes.string();
                case NfTables.NFTA_SET_FLAGS -> flags = attributes.be32();
                default -> {}
            }
        }
        return family.isEmpty()
                ? Optional.empty()
                : Optional.of(new FoundSet(new SetName(family.get(), table, name), flags));
    }

    /** The elements that one message tells. */
    static List<SetElement> elements(NetlinkMessage message) throws MalformedMessageException {
        var elements = new ArrayList<SetElement>();
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            if (attributes.type() == NfTables.NFTA_SET_ELEM_LIST_ELEMENTS) {
                var list = attributes.nested();
                while (list.next()) {
                    elements.add(element(list.nested()));
                }
            }
        }
        return elements;
    }

    private static SetElement element(AttributeReader attributes) throws MalformedMessageException {
        var key = "";
        var flags = 0;
        var verdict = Optional.<Expression>empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_SET_ELEM_KEY -> key = value(attributes.nested());
                case NfTables.NFTA_SET_ELEM_FLAGS -> flags = attributes.be32();
                case NfTables.NFTA_SET_ELEM_DATA -> verdict = ExpressionCodec.verdict(attributes.nested());
                default -> {}
            }
        }
        return new SetElement(
                key,
                (flags & NfTables.NFT_SET_ELEM_INTERVAL_END) != 0,
                (flags & NfTables.NFT_SET_ELEM_CATCHALL) != 0,
                verdict);
    }

    private static String value(AttributeReader data) throws MalformedMessageException {
        while (data.next()) {
            if (data.type() == NfTables.NFTA_DATA_VALUE) {
                return WireExpression.hex(data.bytes());
            }
        }
        return "";
    }
}
