package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@link OwnTables} by nf_tables. */
public final class NetlinkTables implements OwnTables {
    @NotFromC("less than what a socket sends at once, by the largest single request")
    private static final int DATAGRAM = 64 * 1024;

    private final Netlink netlink;

    /** Over a netfilter netlink socket, which stays the caller's to close. */
    public NetlinkTables(Netlink netlink) {
        this.netlink = netlink;
    }

    @Override
    public OptionalInt generation() throws NetlinkException {
        try {
            return OptionalInt.of(netlink.query(NfTablesRequests.generation(), TableReplies::generation));
        } catch (RefusedException e) {
            if (e.is(Errno.EINVAL)) { // nfnetlink.c, for a subsystem that nobody has registered
                return OptionalInt.empty();
            }
            throw e;
        } catch (NoAnswerException e) {
            if (e.getCause() instanceof NativeException socket && socket.is(Errno.EPROTONOSUPPORT)) {
                return OptionalInt.empty(); // not even nfnetlink
            }
            throw e;
        }
    }

    @Override
    public Optional<FoundTable> read(String name) throws NetlinkException {
        TableReplies.Header header;
        try {
            header = netlink.query(NfTablesRequests.table(name), TableReplies::table);
        } catch (RefusedException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
        var sets = new HashMap<String, OwnTable.SetShape>();
        for (var set : netlink.dump(NfTablesRequests.sets(name), TableReplies::set)) {
            sets.put(set.name(), set.shape());
        }
        var elements = new HashMap<String, Set<String>>();
        for (var set : sets.keySet()) {
            var keys = new HashSet<String>();
            netlink.dump(NfTablesRequests.elements(name, set), TableReplies::keys)
                    .forEach(keys::addAll);
            elements.put(set, keys);
        }
        var shape = new OwnTable.Shape(header.flags(), header.uses(), sets, chains(name));
        return Optional.of(new FoundTable(header.isOurs(), shape, elements));
    }

    private Map<String, OwnTable.ChainShape> chains(String table) throws NetlinkException {
        var rules = new HashMap<String, List<List<WireExpression>>>();
        for (var rule : netlink.dump(NfTablesRequests.rules(table), TableReplies::rule)) {
            rules.computeIfAbsent(rule.chain(), chain -> new ArrayList<>()).add(rule.expressions());
        }
        var chains = new HashMap<String, OwnTable.ChainShape>();
        for (var chain : netlink.dump(NfTablesRequests.chains(TableFamily.NFPROTO_INET), TableReplies::chain)) {
            if (chain.table().equals(table)) {
                chains.put(chain.name(), chain.shape(rules.getOrDefault(chain.name(), List.of())));
            }
        }
        return chains;
    }

    @Override
    public int write(List<TableEdit> edits) throws NetlinkException {
        var batches = batches(edits.stream().flatMap(NfTablesRequests::edit).toList());
        for (var batch : batches) {
            netlink.executeTogether(batch);
        }
        return batches.size();
    }

    /** Enclosed by NFNL_MSG_BATCH_BEGIN and NFNL_MSG_BATCH_END. */
    private static List<List<NetlinkRequest>> batches(List<NetlinkRequest> requests) {
        var batches = new ArrayList<List<NetlinkRequest>>();
        var bytes = DATAGRAM;
        for (var request : requests) {
            bytes += request.length();
            if (bytes > DATAGRAM) {
                batches.add(new ArrayList<>(List.of(NfTablesRequests.batchBegin())));
                bytes = request.length();
            }
            batches.getLast().add(request);
        }
        batches.forEach(batch -> batch.add(NfTablesRequests.batchEnd()));
        return batches;
    }
}
