package io.lvsoperator.agent.firewall;

import java.util.List;

/** The chains and rules of this network namespace, the rules of a chain in their order. */
public record Ruleset(List<Chain> chains, List<Rule> rules) {
    public static final Ruleset EMPTY = new Ruleset(List.of(), List.of());

    public Ruleset {
        chains = List.copyOf(chains);
        rules = List.copyOf(rules);
    }

    /** Whether there is a table with a chain. */
    public boolean hasTable(TableFamily family, String table) {
        return chains.stream()
                .map(Chain::name)
                .anyMatch(name -> name.family() == family && name.table().equals(table));
    }
}
