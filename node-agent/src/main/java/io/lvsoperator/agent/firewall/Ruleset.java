package io.lvsoperator.agent.firewall;

import java.util.List;
import java.util.Map;

/**
 * The packet filter of this network namespace.
 *
 * @param rules those of a chain in their order
 * @param sets those that rules look up something in that the agent knows
 * @param legacyTables names of tables of iptables-legacy, whose rules are not read
 */
public record Ruleset(List<Chain> chains, List<Rule> rules, Map<SetName, SetContents> sets, List<String> legacyTables) {
    public static final Ruleset EMPTY = new Ruleset(List.of(), List.of(), Map.of(), List.of());

    public Ruleset {
        chains = List.copyOf(chains);
        rules = List.copyOf(rules);
        sets = Map.copyOf(sets);
        legacyTables = List.copyOf(legacyTables);
    }

    /** Whether there is a table with a chain. */
    public boolean hasTable(TableFamily family, String table) {
        return chains.stream()
                .map(Chain::name)
                .anyMatch(name -> name.family() == family && name.table().equals(table));
    }
}
