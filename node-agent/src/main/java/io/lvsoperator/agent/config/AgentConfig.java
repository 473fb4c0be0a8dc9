package io.lvsoperator.agent.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told by environment variables.
 *
 * @param nodeName {@code NODE_NAME}, the name of the Node that it runs on; required
 * @param stateDirectory {@code LVS_STATE_DIRECTORY}, a directory of the node; {@code /var/lib/lvs-operator} by default
 * @param management {@code LVS_MANAGEMENT_HOST} and {@code LVS_MANAGEMENT_PORT}, where health and metrics answer;
 *     127.0.0.1:9470 by default, as the agent shares the node's network
 * @param writableKernelSettings {@code LVS_WRITABLE_KERNEL_SETTINGS}, a writable mount of the node's {@code /proc/sys/net};
 *     empty by default: settings of the kernel are then only read
 * @param fleetSecrets {@code LVS_FLEET_SECRETS}, namespace and name of the Secret with the keys of fleets, such as
 *     {@code lvs-system/lvs-operator-fleet-secrets}; empty by default: directors then send no heartbeat
 */
public record AgentConfig(
        String nodeName,
        Path stateDirectory,
        InetSocketAddress management,
        Optional<Path> writableKernelSettings,
        Optional<ObjectName> fleetSecrets) {
    private static final int DEFAULT_PORT = 9470;
    private static final Path DEFAULT_STATE = Path.of("/var/lib/lvs-operator");

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
        return new AgentConfig(
                nodeName,
                directory(environment, "LVS_STATE_DIRECTORY").orElse(DEFAULT_STATE),
                new InetSocketAddress(
                        environment.getOrDefault("LVS_MANAGEMENT_HOST", "127.0.0.1"),
                        port(environment.get("LVS_MANAGEMENT_PORT"))),
                directory(environment, "LVS_WRITABLE_KERNEL_SETTINGS"),
                Optional.ofNullable(environment.get("LVS_FLEET_SECRETS"))
                        .filter(text -> !text.isBlank())
                        .map(text -> ObjectName.parse("LVS_FLEET_SECRETS", text)));
    }

    private static Optional<Path> directory(Map<String, String> environment, String variable) {
        Optional<Path> directory = Optional.ofNullable(environment.get(variable))
                .filter(text -> !text.isBlank())
                .map(Path::of);
        directory.filter(path -> !path.isAbsolute()).ifPresent(path -> {
            throw new IllegalArgumentException(variable + " is '" + path + "': give an absolute path");
        });
        return directory;
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
