package io.lvsoperator.agent.firewall;

/** What tells one chain from another. */
public record ChainName(TableFamily family, String table, String chain) {
    /** {@code chain INPUT of table ip filter}. */
    @Override
    public String toString() {
        return "chain " + chain + " of table " + family + " " + table;
    }
}
