package io.lvsoperator.agent.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.lvsoperator.agent.connections.Connection;
import io.lvsoperator.agent.connections.ConnectionFilter;
import io.lvsoperator.agent.connections.ConnectionPage;
import io.lvsoperator.agent.connections.ConnectionSummary;
import io.lvsoperator.agent.connections.ConnectionTable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connections} and {@code /connections/summary}: the connection table as JSON, for programs on the node itself.
 * Whoever else asks is refused, wherever the port is open to; who is on the node may read the kernel's own table anyway.
 */
final class ConnectionsEndpoint implements HttpHandler {
    static final String PATH = "/connections";

    private static final String SUMMARY = PATH + "/summary";
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1000;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final ConnectionTable table;
    private final ObjectMapper json = JsonMapper.builder().build();

    /** A large table takes the kernel seconds to list, so one reads at a time. */
    private final Semaphore reading = new Semaphore(1);

    ConnectionsEndpoint(ConnectionTable table) {
        this.table = table;
    }

    private record Answer(int status, String type, String body) {
        static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text + "\n");
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            return Answer.text(FORBIDDEN, "connections are shown on the node's loopback only");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return Answer.text(NOT_ALLOWED, "use GET");
        }
        if (!reading.tryAcquire()) {
            return Answer.text(UNAVAILABLE, "another request is reading the table: try again");
        }
        try {
            Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
            return switch (exchange.getRequestURI().getPath()) {
                case PATH -> json(page(parameters));
                case SUMMARY -> json(summary(parameters));
                default -> Answer.text(NOT_FOUND, "there are " + PATH + " and " + SUMMARY);
            };
        } catch (IllegalArgumentException wrong) {
            return Answer.text(BAD_REQUEST, String.valueOf(wrong.getMessage()));
        } catch (IOException unreadable) {
            return Answer.text(FAILED, "the connection table could not be read: " + unreadable.getMessage());
        } finally {
            reading.release();
        }
    }

    private static Answer json(ObjectNode node) {
        return new Answer(OK, "application/json", node + "\n");
    }

    private ObjectNode page(Map<String, String> parameters) throws IOException {
        int limit = (int) number("limit", parameters.get("limit"), DEFAULT_LIMIT, 1, LARGEST_LIMIT);
        long from = number("continue", parameters.get("continue"), 0, 0, Long.MAX_VALUE);
        ConnectionPage page = ConnectionPage.read(table, ConnectionFilter.of(parameters), from, limit);
        ObjectNode answer = json.createObjectNode();
        var items = answer.putArray("items");
        page.connections().forEach(connection -> items.add(item(connection)));
        page.next().ifPresent(next -> answer.put("continue", Long.toString(next)));
        return answer;
    }

    private ObjectNode item(Connection connection) {
        ObjectNode item = json.createObjectNode()
                .put("protocol", connection.protocol())
                .put("client", connection.client().toString())
                .put("vip", connection.virtual().toString())
                .put("realServer", connection.realServer().toString())
                .put("state", connection.state())
                .put("expiresSeconds", connection.expiresSeconds());
        connection.engine().ifPresent(engine -> item.put("persistenceEngine", engine));
        return item;
    }

    private ObjectNode summary(Map<String, String> parameters) throws IOException {
        for (String paged : new String[] {"limit", "continue"}) {
            if (parameters.containsKey(paged)) {
                throw new IllegalArgumentException(paged + " belongs to " + PATH + ": a summary has no pages");
            }
        }
        ConnectionSummary summary = ConnectionSummary.read(table, ConnectionFilter.of(parameters));
        ObjectNode answer = json.createObjectNode().put("total", summary.total());
        ObjectNode byState = answer.putObject("byState");
        summary.byState().forEach(byState::put);
        return answer;
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            boolean known = ConnectionFilter.NAMES.contains(name) || name.equals("limit") || name.equals("continue");
            if (!known || equals < 0) {
                throw new IllegalArgumentException("'" + pair + "' is no parameter: give limit, continue, "
                        + String.join(", ", ConnectionFilter.NAMES) + ", each with =VALUE");
            }
            if (parameters.put(name, decoded(pair.substring(equals + 1))) != null) {
                throw new IllegalArgumentException(name + " is given twice: give it once");
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static long number(String name, @Nullable String text, long otherwise, long least, long most) {
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, like a number out of range
        }
        throw new IllegalArgumentException(name + " is '" + text + "': give a number from " + least + " to " + most);
    }
}
