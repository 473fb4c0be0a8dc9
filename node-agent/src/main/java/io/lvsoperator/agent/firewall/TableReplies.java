package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;

/** What nf_tables says of a table of our own. */
final class TableReplies {
    /** Of a chain that is none of a hook. */
    @NotFromC("no hook, no policy")
    private static final int NO_HOOK = -1;

    private TableReplies() {}

    record Header(int flags, int uses, String mark) {
        boolean isOurs() {
            return mark.equals(NfTablesRequests.MARK);
        }
    }

    record NamedSet(String name, OwnTable.SetShape shape) {}

    record PlacedRule(String chain, List<WireExpression> expressions) {}

    record BareChain(String table, String name, int hook, int priority, String type, int policy) {
        OwnTable.ChainShape shape(List<List<WireExpression>> rules) {
            return new OwnTable.ChainShape(hook, priority, type, policy, rules);
        }
    }

    static int generation(NetlinkMessage message) throws MalformedMessageException {
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            if (attributes.type() == NfTables.NFTA_GEN_ID) {
                return attributes.be32();
            }
        }
        throw new MalformedMessageException("a generation of the ruleset without its number");
    }

    static Header table(NetlinkMessage message) throws MalformedMessageException {
        var flags = 0;
        var uses = 0;
        var mark = "";
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_TABLE_FLAGS -> flags = attributes.be32();
                case NfTables.NFTA_TABLE_USE -> uses = attributes.be32();
                case NfTables.NFTA_TABLE_USERDATA -> mark = WireExpression.hex(attributes.bytes());
                default -> {}
            }
        }
        return new Header(flags, uses, mark);
    }

    static NamedSet set(NetlinkMessage message) throws MalformedMessageException {
        var name = "";
        var type = 0;
        var length = 0;
        var flags = 0;
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_SET_NAME -> name = attributes.string();
                case NfTables.NFTA_SET_KEY_TYPE -> type = attributes.be32();
                case NfTables.NFTA_SET_KEY_LEN -> length = attributes.be32();
                case NfTables.NFTA_SET_FLAGS -> flags = attributes.be32();
                default -> {}
            }
        }
        return new NamedSet(name, new OwnTable.SetShape(type, length, flags));
    }

    static BareChain chain(NetlinkMessage message) throws MalformedMessageException {
        var table = "";
        var name = "";
        var hook = NO_HOOK;
        var priority = 0;
        var type = "";
        var policy = NO_HOOK;
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_CHAIN_TABLE -> table = attributes.string();
                case NfTables.NFTA_CHAIN_NAME -> name = attributes.string();
                case NfTables.NFTA_CHAIN_TYPE -> type = attributes.string();
                case NfTables.NFTA_CHAIN_POLICY -> policy = attributes.be32();
                case NfTables.NFTA_CHAIN_HOOK -> {
                    var place = attributes.nested();
                    while (place.next()) {
                        switch (place.type()) {
                            case NfTables.NFTA_HOOK_HOOKNUM -> hook = place.be32();
                            case NfTables.NFTA_HOOK_PRIORITY -> priority = place.be32();
                            default -> {}
                        }
                    }
                }
                default -> {}
            }
        }
        return new BareChain(table, name, hook, priority, type, policy);
    }

    static PlacedRule rule(NetlinkMessage message) throws MalformedMessageException {
        var chain = "";
        var expressions = new ArrayList<WireExpression>();
        var attributes = NfTablesReplies.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NfTables.NFTA_RULE_CHAIN -> chain = attributes.string();
                case NfTables.NFTA_RULE_EXPRESSIONS -> {
                    var list = attributes.nested();
                    while (list.next()) {
                        expressions.add(WireExpression.decode(list.nested()));
                    }
                }
                default -> {}
            }
        }
        return new PlacedRule(chain, expressions);
    }

    /** The keys of the elements that one message tells. */
    static List<String> keys(NetlinkMessage message) throws MalformedMessageException {
        var keys = new ArrayList<String>();
        for (var element : SetReplies.elements(message)) {
            keys.add(element.key());
        }
        return keys;
    }
}
