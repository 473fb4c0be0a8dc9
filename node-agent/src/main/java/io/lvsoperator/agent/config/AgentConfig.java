package io.lvsoperator.agent.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told by environment variables.
 *
 * @param nodeName {@code NODE_NAME}, the name of the Node that it runs on; required
 * @param stateDirectory {@code LVS_STATE_DIRECTORY}, a directory of the node; {@code /var/lib/lvs-operator} by default
 * @param management {@code LVS_MANAGEMENT_HOST} and {@code LVS_MANAGEMENT_PORT}, where health and metrics answer;
 *     127.0.0.1:9470 by default, as the agent shares the node's network
 */
public record AgentConfig(String nodeName, Path stateDirectory, InetSocketAddress management) {
    private static final int DEFAULT_PORT = 9470;

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming the variable, its value and what it should be
     */
    public static AgentConfig from(Map<String, String> environment) {
        @Nullable String nodeName = environment.get("NODE_NAME");
        if (nodeName == null || nodeName.isBlank()) {
            throw new IllegalArgumentException(
                    "NODE_NAME is not set: give the agent its node's name (fieldRef spec.nodeName)");
        }
        Path directory = Path.of(environment.getOrDefault("LVS_STATE_DIRECTORY", "/var/lib/lvs-operator"));
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("LVS_STATE_DIRECTORY is '" + directory + "': give an absolute path");
        }
        return new AgentConfig(
                nodeName,
                directory,
                new InetSocketAddress(
                        environment.getOrDefault("LVS_MANAGEMENT_HOST", "127.0.0.1"),
                        port(environment.get("LVS_MANAGEMENT_PORT"))));
    }

    private static int port(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below, like a number out of range
        }
        throw new IllegalArgumentException("LVS_MANAGEMENT_PORT is '" + text + "': give a port from 1 to 65535");
    }
}
