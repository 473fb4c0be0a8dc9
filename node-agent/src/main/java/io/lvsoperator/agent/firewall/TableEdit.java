package io.lvsoperator.agent.firewall;

import java.util.Set;

/** A change of a table of our own. */
public sealed interface TableEdit {
    /** Makes the table, in place of one of its name where {@code instead} is set. */
    record Make(OwnTable table, boolean instead) implements TableEdit {}

    /** Removes the table with all that is in it. */
    record Remove(String table) implements TableEdit {}

    /** Puts keys into a set. */
    record Add(String table, String set, Set<String> keys) implements TableEdit {}

    /** Takes keys out of a set. */
    record Delete(String table, String set, Set<String> keys) implements TableEdit {}
}
