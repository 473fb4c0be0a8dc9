package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The requests of nf_tables. */
final class NfTablesRequests {
    @NotFromC("an attribute holds 64 KiB, and an element takes 44 bytes at most")
    private static final int ELEMENTS_AT_ONCE = 1000;

    /** What the tables of the agent have as their comment, in the form in which libnftnl keeps it. */
    static final String MARK = mark("made by the node agent of lvs-operator, which puts it right when it is changed");

    private NfTablesRequests() {}

    private static String mark(String comment) {
        var text = (comment + "\0").getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(2 + text.length)
                .put(NfTables.UDATA_TABLE_COMMENT)
                .put((byte) text.length)
                .put(text);
        return HexFormat.of().formatHex(bytes.array());
    }

    static NetlinkRequest chains() {
        return list("list the chains of the firewall", NfTables.NFT_MSG_GETCHAIN, all -> {});
    }

    static NetlinkRequest rules() {
        return list("list the rules of the firewall", NfTables.NFT_MSG_GETRULE, all -> {});
    }

    static NetlinkRequest sets() {
        return list("list the sets of the firewall", NfTables.NFT_MSG_GETSET, all -> {});
    }

    static NetlinkRequest elements(SetName set) {
        return request(
                "list " + set,
                NfTables.NFT_MSG_GETSETELEM,
                0,
                set.family().number(),
                attributes -> attributes
                        .string(NfTables.NFTA_SET_ELEM_LIST_TABLE, set.table())
                        .string(NfTables.NFTA_SET_ELEM_LIST_SET, set.set()));
    }

    static NetlinkRequest generation() {
        return list("look whether the firewall changed", NfTables.NFT_MSG_GETGEN, all -> {});
    }

    static NetlinkRequest table(String name) {
        return inet(
                "look at " + OwnTable.text(name),
                NfTables.NFT_MSG_GETTABLE,
                attributes -> attributes.string(NfTables.NFTA_TABLE_NAME, name));
    }

    static NetlinkRequest sets(String table) {
        return inet(
                "list the sets of " + OwnTable.text(table),
                NfTables.NFT_MSG_GETSET,
                attributes -> attributes.string(NfTables.NFTA_SET_TABLE, table));
    }

    static NetlinkRequest elements(String table, String set) {
        return elements(new SetName(TableFamily.NFPROTO_INET, table, set));
    }

    static NetlinkRequest rules(String table) {
        return inet(
                "list the rules of " + OwnTable.text(table),
                NfTables.NFT_MSG_GETRULE,
                attributes -> attributes.string(NfTables.NFTA_RULE_TABLE, table));
    }

    /** The kernel lists those of all tables of a family. */
    static NetlinkRequest chains(TableFamily family) {
        return request("list the chains of family " + family, NfTables.NFT_MSG_GETCHAIN, 0, family.number(), all -> {});
    }

    static Stream<NetlinkRequest> edit(TableEdit edit) {
        return switch (edit) {
            case TableEdit.Make(var table, var instead) ->
                Stream.concat(instead ? Stream.of(remove(table.name())) : Stream.of(), make(table));
            case TableEdit.Remove(var table) -> Stream.of(remove(table));
            case TableEdit.Add(var table, var set, var keys) ->
                elements(NfTables.NFT_MSG_NEWSETELEM, NetlinkRequest.NLM_F_CREATE, table, set, keys);
            case TableEdit.Delete(var table, var set, var keys) ->
                elements(NfTables.NFT_MSG_DELSETELEM, 0, table, set, keys);
        };
    }

    private static NetlinkRequest remove(String table) {
        return inet(
                "remove " + OwnTable.text(table),
                NfTables.NFT_MSG_DELTABLE,
                attributes -> attributes.string(NfTables.NFTA_TABLE_NAME, table));
    }

    private static Stream<NetlinkRequest> make(OwnTable table) {
        var requests = new ArrayList<NetlinkRequest>();
        requests.add(create(
                "make " + table,
                NfTables.NFT_MSG_NEWTABLE,
                attributes -> attributes
                        .string(NfTables.NFTA_TABLE_NAME, table.name())
                        .bytes(NfTables.NFTA_TABLE_USERDATA, HexFormat.of().parseHex(MARK))));
        for (var id = 0; id < table.sets().size(); id++) {
            requests.add(set(table.name(), id + 1, table.sets().get(id)));
        }
        for (var chain : table.chains()) {
            requests.add(chain(table.name(), chain));
            chain.rules().forEach(rule -> requests.add(rule(table.name(), chain.name(), rule)));
        }
        return Stream.concat(
                requests.stream(),
                table.sets().stream()
                        .flatMap(set -> elements(
                                NfTables.NFT_MSG_NEWSETELEM,
                                NetlinkRequest.NLM_F_CREATE,
                                table.name(),
                                set.name(),
                                set.elements())));
    }

    private static NetlinkRequest set(String table, int id, OwnTable.OwnSet set) {
        return create(
                "make set " + set.name(),
                NfTables.NFT_MSG_NEWSET,
                attributes -> attributes
                        .string(NfTables.NFTA_SET_TABLE, table)
                        .string(NfTables.NFTA_SET_NAME, set.name())
                        .be32(NfTables.NFTA_SET_KEY_TYPE, set.shape().keyType())
                        .be32(NfTables.NFTA_SET_KEY_LEN, set.shape().keyLength())
                        .be32(NfTables.NFTA_SET_ID, id));
    }

    private static NetlinkRequest chain(String table, OwnTable.OwnChain chain) {
        return create(
                "make chain " + chain.name(),
                NfTables.NFT_MSG_NEWCHAIN,
                attributes -> attributes
                        .string(NfTables.NFTA_CHAIN_TABLE, table)
                        .string(NfTables.NFTA_CHAIN_NAME, chain.name())
                        .nested(
                                NfTables.NFTA_CHAIN_HOOK,
                                hook -> hook.be32(
                                                NfTables.NFTA_HOOK_HOOKNUM,
                                                chain.hook().number())
                                        .be32(NfTables.NFTA_HOOK_PRIORITY, chain.priority()))
                        .be32(NfTables.NFTA_CHAIN_POLICY, NfTables.NF_ACCEPT)
                        .string(NfTables.NFTA_CHAIN_TYPE, OwnTable.FILTER));
    }

    private static NetlinkRequest rule(String table, String chain, List<WireExpression> rule) {
        return request(
                "make a rule of chain " + chain,
                NfTables.NFT_MSG_NEWRULE,
                NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_APPEND,
                TableFamily.NFPROTO_INET.number(),
                attributes -> attributes
                        .string(NfTables.NFTA_RULE_TABLE, table)
                        .string(NfTables.NFTA_RULE_CHAIN, chain)
                        .nested(
                                NfTables.NFTA_RULE_EXPRESSIONS,
                                list -> rule.forEach(
                                        expression -> list.nested(NfTables.NFTA_LIST_ELEM, expression::encode))));
    }

    private static Stream<NetlinkRequest> elements(int message, int flags, String table, String set, Set<String> keys) {
        var all = List.copyOf(keys);
        var requests = new ArrayList<NetlinkRequest>();
        for (var from = 0; from < all.size(); from += ELEMENTS_AT_ONCE) {
            var some = all.subList(from, Math.min(from + ELEMENTS_AT_ONCE, all.size()));
            requests.add(request(
                    "change set " + set,
                    message,
                    flags,
                    TableFamily.NFPROTO_INET.number(),
                    attributes -> attributes
                            .string(NfTables.NFTA_SET_ELEM_LIST_TABLE, table)
                            .string(NfTables.NFTA_SET_ELEM_LIST_SET, set)
                            .nested(
                                    NfTables.NFTA_SET_ELEM_LIST_ELEMENTS,
                                    list -> some.forEach(key ->
                                            list.nested(NfTables.NFTA_LIST_ELEM, element -> element(element, key))))));
        }
        return requests.stream();
    }

    private static void element(MessageWriter element, String key) {
        element.nested(
                NfTables.NFTA_SET_ELEM_KEY,
                data -> data.bytes(NfTables.NFTA_DATA_VALUE, HexFormat.of().parseHex(key)));
    }

    static NetlinkRequest batchBegin() {
        return batch("begin a change of the firewall", NfTables.NFNL_MSG_BATCH_BEGIN);
    }

    static NetlinkRequest batchEnd() {
        return batch("end a change of the firewall", NfTables.NFNL_MSG_BATCH_END);
    }

    private static NetlinkRequest batch(String operation, int message) {
        var payload = new MessageWriter()
                .header(
                        NfTables.NFGENMSG_SIZE,
                        header -> header.order(ByteOrder.BIG_ENDIAN)
                                .putShort(NfTables.NFGEN_RES_ID, (short) NfTables.NFNL_SUBSYS_NFTABLES));
        return new NetlinkRequest(operation, message, 0, payload.finish());
    }

    private static NetlinkRequest create(String operation, int message, Consumer<MessageWriter> attributes) {
        return request(operation, message, NetlinkRequest.NLM_F_CREATE, TableFamily.NFPROTO_INET.number(), attributes);
    }

    private static NetlinkRequest inet(String operation, int message, Consumer<MessageWriter> attributes) {
        return request(operation, message, 0, TableFamily.NFPROTO_INET.number(), attributes);
    }

    /** Family 0 (NFPROTO_UNSPEC) is every family. */
    private static NetlinkRequest list(String operation, int message, Consumer<MessageWriter> attributes) {
        return request(operation, message, 0, 0, attributes);
    }

    private static NetlinkRequest request(
            String operation, int message, int flags, int family, Consumer<MessageWriter> attributes) {
        var writer = new MessageWriter()
                .header(NfTables.NFGENMSG_SIZE, header -> header.put(NfTables.NFGEN_FAMILY, (byte) family));
        attributes.accept(writer);
        return new NetlinkRequest(
                operation, NfTables.NFNL_SUBSYS_NFTABLES << Byte.SIZE | message, flags, writer.finish());
    }
}
