package io.lvsoperator.agent.firewall;

import java.util.List;

/**
 * A rule.
 *
 * @param chain that it stands in
 * @param expressions in the order in which the kernel executes them; one that does not hold ends the rule
 */
public record Rule(ChainName chain, List<Expression> expressions) {
    public Rule {
        expressions = List.copyOf(expressions);
    }

    /** What it calls so: a set of its table. */
    public SetName setNamed(String set) {
        return new SetName(chain.family(), chain.table(), set);
    }
}
