package io.lvsoperator.agent.connections;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A part of the connections that are asked for.
 *
 * @param next where the following page begins: the number of entries of the table before it; empty on the last page
 */
public record ConnectionPage(List<Connection> connections, OptionalLong next) {

    /**
     * Reads a page.
     *
     * @param from number of entries of the table to pass over
     * @param limit most connections of the page
     */
    public static ConnectionPage read(ConnectionTable table, ConnectionFilter filter, long from, int limit)
            throws IOException {
        Reading reading = new Reading(filter, from, limit);
        table.read(reading::take);
        return new ConnectionPage(List.copyOf(reading.found), reading.next);
    }

    private static final class Reading {
        private final ConnectionFilter filter;
        private final long from;
        private final int limit;
        private final List<Connection> found = new ArrayList<>();
        private OptionalLong next = OptionalLong.empty();
        private long position;

        Reading(ConnectionFilter filter, long from, int limit) {
            this.filter = filter;
            this.from = from;
            this.limit = limit;
        }

        /** Reads one further than the page is long, so as to know whether there is a next one. */
        boolean take(Connection connection) {
            if (position >= from && filter.matches(connection)) {
                if (found.size() == limit) {
                    next = OptionalLong.of(position);
                    return false;
                }
                found.add(connection);
            }
            position++;
            return true;
        }
    }
}
