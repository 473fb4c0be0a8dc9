package io.lvsoperator.agent.firewall;

/** What tells one set or map from another. */
public record SetName(TableFamily family, String table, String set) {
    /** {@code set blocked of table inet fw}. */
    @Override
    public String toString() {
        return "set " + set + " of table " + family + " " + table;
    }
}
