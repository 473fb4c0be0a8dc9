package io.lvsoperator.agent.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lvsoperator.agent.connections.ConnectionTable;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz}, {@code /metrics} and, for the node itself, {@code /connections}. */
public final class ManagementServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Starts to answer.
     *
     * @param live why the agent has to be restarted, empty when it need not
     * @param ready why the agent does not serve yet, empty when it does
     */
    public ManagementServer(
            InetSocketAddress address,
            Supplier<Optional<String>> live,
            Supplier<Optional<String>> ready,
            PrometheusMeterRegistry metrics,
            ConnectionTable connections)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(executor);
        server.createContext("/livez", exchange -> answer(exchange, live.get()));
        server.createContext("/readyz", exchange -> answer(exchange, ready.get()));
        server.createContext("/metrics", exchange -> answer(exchange, OK, metrics.scrape()));
        server.createContext(ConnectionsEndpoint.PATH, new ConnectionsEndpoint(connections));
        server.start();
    }

    private static void answer(HttpExchange exchange, Optional<String> fault) throws IOException {
        answer(exchange, fault.isEmpty() ? OK : UNAVAILABLE, fault.orElse("ok") + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** Where it answers; the port is the system's choice where none was asked for. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdown();
    }
}
