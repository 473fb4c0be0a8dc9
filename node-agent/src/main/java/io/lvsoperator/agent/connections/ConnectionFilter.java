package io.lvsoperator.agent.connections;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Which connections are asked for: those that every given condition holds for. */
public final class ConnectionFilter {
    /** The names of the conditions. */
    public static final List<String> NAMES = List.of("client", "vip", "realServer", "state", "protocol");

    private final List<Predicate<Connection>> conditions = new ArrayList<>();

    private ConnectionFilter() {}

    /**
     * Reads the conditions.
     *
     * @param parameters by the names of {@link #NAMES}; others are not looked at
     * @throws IllegalArgumentException naming the parameter, its value and what it should be
     */
    public static ConnectionFilter of(Map<String, String> parameters) {
        ConnectionFilter filter = new ConnectionFilter();
        parameters.forEach(filter::take);
        return filter;
    }

    private void take(String name, String value) {
        switch (name) {
            case "client" -> endpoint(name, value, Connection::client);
            case "vip" -> endpoint(name, value, Connection::virtual);
            case "realServer" -> endpoint(name, value, Connection::realServer);
            case "state" -> conditions.add(c -> c.state().equals(value.toUpperCase(Locale.ROOT)));
            case "protocol" -> conditions.add(c -> c.protocol().equals(value.toUpperCase(Locale.ROOT)));
            default -> {}
        }
    }

    private interface Part {
        Endpoint of(Connection connection);
    }

    private void endpoint(String name, String value, Part part) {
        EndpointPattern pattern;
        try {
            pattern = EndpointPattern.parse(value);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    name + " is '" + value + "' (" + wrong.getMessage()
                            + "): give an address, an address with port, or a prefix, such as 192.0.2.1, 192.0.2.1:80,"
                            + " 192.0.2.0/24, [2001:db8::1]:80",
                    wrong);
        }
        conditions.add(c -> pattern.matches(part.of(c)));
    }

    /** Whether the connection is asked for. */
    public boolean matches(Connection connection) {
        return conditions.stream().allMatch(condition -> condition.test(connection));
    }
}
