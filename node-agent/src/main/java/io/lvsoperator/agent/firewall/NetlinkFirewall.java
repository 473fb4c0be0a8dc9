package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@link Firewall} by nf_tables. Asking makes the kernel load the module where there is one. */
public final class NetlinkFirewall implements Firewall {
    @NotFromC("larger sets are not looked into: they would take more memory than what they tell is worth")
    private static final int LARGEST_SET = 32 * 1024;

    /** Of the calling thread's namespace, not the process's. */
    private static final Path PROC_NET = Path.of("/proc/thread-self/net");

    private final Netlink netlink;
    private final Path procNet;

    /** Over a netfilter netlink socket, which stays the caller's to close. */
    public NetlinkFirewall(Netlink netlink) {
        this(netlink, PROC_NET);
    }

    /**
     * With other legacy tables.
     *
     * @param procNet a directory {@code /proc/net}
     */
    NetlinkFirewall(Netlink netlink, Path procNet) {
        this.netlink = netlink;
        this.procNet = procNet;
    }

    @Override
    public Ruleset ruleset() throws NetlinkException {
        var legacy = legacyTables();
        try {
            var chains = netlink.dump(NfTablesRequests.chains(), NfTablesReplies::chain);
            var rules = netlink.dump(NfTablesRequests.rules(), NfTablesReplies::rule).stream()
                    .flatMap(Optional::stream)
                    .toList();
            return new Ruleset(chains.stream().flatMap(Optional::stream).toList(), rules, sets(rules), legacy);
        } catch (RefusedException e) {
            if (e.is(Errno.EINVAL)) { // nfnetlink.c, for a subsystem that nobody has registered
                return new Ruleset(List.of(), List.of(), Map.of(), legacy);
            }
            throw e;
        }
    }

    private Map<SetName, SetContents> sets(List<Rule> rules) throws NetlinkException {
        var wanted = new HashSet<SetName>();
        rules.forEach(rule -> wanted.addAll(known(rule)));
        var sets = new HashMap<SetName, SetContents>();
        if (wanted.isEmpty()) {
            return sets;
        }
        for (var set : netlink.dump(NfTablesRequests.sets(), SetReplies::set)) {
            if (set.isPresent()
                    && wanted.contains(set.get().name())
                    && set.get().isUnderstood()) {
                elements(set.get()).ifPresent(contents -> sets.put(set.get().name(), contents));
            }
        }
        return sets;
    }

    /** Sets that something is looked up in of which nothing is unknown from the start. */
    private static Set<SetName> known(Rule rule) {
        var names = new HashSet<SetName>();
        for (var expression : rule.expressions()) {
            switch (expression) {
                case Expression.Load(var field, var _)
                when field == Expression.Field.SOMETHING_ELSE -> {
                    return names;
                }
                case Expression.Lookup(var set, var _, var _, var _) -> names.add(rule.setNamed(set));
                default -> {}
            }
        }
        return names;
    }

    /** Empty where it is too large, or gone meanwhile. */
    private Optional<SetContents> elements(SetReplies.FoundSet set) throws NetlinkException {
        var elements = new ArrayList<SetElement>();
        try {
            netlink.dump(NfTablesRequests.elements(set.name()), message -> {
                if (elements.size() <= LARGEST_SET) {
                    elements.addAll(SetReplies.elements(message));
                }
                return true;
            });
        } catch (RefusedException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
        return elements.size() > LARGEST_SET
                ? Optional.empty()
                : Optional.of(new SetContents(set.hasIntervals(), elements));
    }

    /** Tables that iptables-legacy and ip6tables-legacy have made, but for those that drop nothing. */
    private List<String> legacyTables() {
        return Stream.of("ip_tables_names", "ip6_tables_names")
                .flatMap(file -> lines(procNet.resolve(file)))
                .filter(table -> !table.equals("nat"))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException absent) { // a kernel without them has no such file
            return Stream.empty();
        }
    }
}
