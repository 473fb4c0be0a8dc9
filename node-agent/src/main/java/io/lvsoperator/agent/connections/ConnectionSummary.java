package io.lvsoperator.agent.connections;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many of the connections that are asked for are in which state. */
public record ConnectionSummary(long total, SortedMap<String, Long> byState) {

    /** Reads the whole table. */
    public static ConnectionSummary read(ConnectionTable table, ConnectionFilter filter) throws IOException {
        SortedMap<String, Long> byState = new TreeMap<>();
        table.read(connection -> {
            if (filter.matches(connection)) {
                byState.merge(connection.state(), 1L, Long::sum);
            }
            return true;
        });
        return new ConnectionSummary(total(byState), byState);
    }

    private static long total(Map<String, Long> byState) {
        return byState.values().stream().mapToLong(Long::longValue).sum();
    }
}
