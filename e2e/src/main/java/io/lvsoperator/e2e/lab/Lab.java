package io.lvsoperator.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hosts on one segment: a bridge in a namespace of its own, and for each host a namespace with {@code eth0} on that bridge
 * (one IPv4 and one IPv6 address, usable at once) and {@code mgmt0} on the {@link ManagementNetwork}. Needs root. One lab
 * at a time on a machine, others wait; what a lab made is gone after {@link #close()}, and only that.
 *
 * <pre>{@code
 * try (Lab lab = Lab.named("dr").client("client").director("d1").realServer("rs1").realServer("rs2").build()) {
 *     lab.host("d1").exec("ipvsadm", "-A", "-t", lab.segment().ipv4(100) + ":80", "-s", "rr");
 * }
 * }</pre>
 */
public final class Lab implements AutoCloseable {

    /** Where logs go: a directory below it for each lab. */
    private static final String LOGS_VARIABLE = "LVS_LAB_LOGS";

    private final String name;
    private final Segment segment;
    private final Ledger ledger;
    private final Path logs;
    private final Map<String, Host> hosts;
    private final List<Runnable> closeActions = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread atShutdown = new Thread(this::remove, "lab-removal");

    private Lab(String name, Segment segment, Ledger ledger, Path logs, Map<String, Host> hosts) {
        this.name = name;
        this.segment = segment;
        this.ledger = ledger;
        this.logs = logs;
        this.hosts = hosts;
    }

    /** Begins a lab; its namespaces are called {@code name-host}. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    public Segment segment() {
        return segment;
    }

    /** The directory of this lab's log files. */
    public Path logs() {
        return logs;
    }

    /** The host of this name; throws where there is none. */
    public Host host(String hostName) {
        Host host = hosts.get(hostName);
        if (host == null) {
            throw new IllegalArgumentException(
                    "lab %s has no host %s, but %s".formatted(name, hostName, hosts.keySet()));
        }
        return host;
    }

    public List<Host> hosts() {
        return List.copyOf(hosts.values());
    }

    /** Makes a directory on this machine for the time of the lab; with what it holds it is not removed. */
    void createMountPoint(Path directory) {
        ledger.createDirectories(directory);
    }

    /** A directory of this machine that is removed with the lab, with all that is in it. */
    Path stateDirectory(String what) {
        return ledger.createTree(name + "-" + what);
    }

    /** Something to do before the namespaces go, the last added first. */
    void beforeClose(Runnable action) {
        closeActions.add(action);
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs and finds the lab removed.
        }
    }

    private void remove() {
        if (closed.compareAndSet(false, true)) {
            try {
                closeActions.reversed().forEach(Runnable::run);
            } finally {
                ledger.close();
            }
        }
    }

    /** Says which hosts a lab has. */
    public static final class Builder {

        /** Short enough for interface names of 15 characters. */
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,7}");

        private static final Pattern HOST_NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

        private static final int FIRST_CLIENT = 1;
        private static final int FIRST_DIRECTOR = 11;
        private static final int FIRST_REAL_SERVER = 21;

        private final String name;
        private final Map<String, Integer> numbers = new LinkedHashMap<>();
        private Segment segment = Segment.DEFAULT;

        private Builder(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("lab name '%s': must match %s".formatted(name, NAME));
            }
            this.name = name;
        }

        public Builder segment(Segment other) {
            this.segment = other;
            return this;
        }

        /** Adds a client: numbers from 1. */
        public Builder client(String hostName) {
            return host(hostName, next(FIRST_CLIENT));
        }

        /** Adds a director: numbers from 11. */
        public Builder director(String hostName) {
            return host(hostName, next(FIRST_DIRECTOR));
        }

        /** Adds a real server: numbers from 21. */
        public Builder realServer(String hostName) {
            return host(hostName, next(FIRST_REAL_SERVER));
        }

        /** Adds a host with a number of its own on the segment. */
        public Builder host(String hostName, int number) {
            if (!HOST_NAME.matcher(hostName).matches()) {
                throw new IllegalArgumentException("host name '%s': must match %s".formatted(hostName, HOST_NAME));
            }
            if (numbers.containsValue(number)) {
                throw new IllegalArgumentException(
                        "host %s: number %d is taken: %s".formatted(hostName, number, numbers));
            }
            if (numbers.putIfAbsent(hostName, number) != null) {
                throw new IllegalArgumentException("host %s: is there twice".formatted(hostName));
            }
            return this;
        }

        private int next(int first) {
            int number = first;
            while (numbers.containsValue(number)) {
                number++;
            }
            return number;
        }

        /** Builds the lab: all hosts are up and can reach each other when this returns. */
        public Lab build() {
            Path logs = createLogs();
            Ledger ledger = Ledger.open();
            try {
                ManagementNetwork.ensure(ledger);
                Map<String, Host> hosts = new Wiring(name, segment, ledger, logs).build(numbers);
                Lab lab = new Lab(name, segment, ledger, logs, hosts);
                Runtime.getRuntime().addShutdownHook(lab.atShutdown);
                return lab;
            } catch (RuntimeException e) {
                ledger.close();
                throw e;
            }
        }

        private Path createLogs() {
            String parent = System.getenv().getOrDefault(LOGS_VARIABLE, "target/lab-logs");
            try {
                return Files.createDirectories(Path.of(parent, name).toAbsolutePath());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Turns host names and numbers into namespaces and cables. */
    private record Wiring(String lab, Segment segment, Ledger ledger, Path logs) {

        /**
         * The same in every namespace, wherever the machine's own defaults come from. Without duplicate address detection
         * addresses are usable at once, and IPv6 addresses outlive a link that was set down.
         */
        private static final Map<String, String> SETTINGS = settings();

        private static Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("net/ipv4/ip_forward", "0");
            for (String scope : List.of("all", "default")) {
                for (String off : List.of("rp_filter", "arp_ignore", "arp_announce", "accept_local")) {
                    settings.put("net/ipv4/conf/%s/%s".formatted(scope, off), "0");
                }
                settings.put("net/ipv6/conf/%s/disable_ipv6".formatted(scope), "0");
                settings.put("net/ipv6/conf/%s/accept_dad".formatted(scope), "0");
                settings.put("net/ipv6/conf/%s/accept_ra".formatted(scope), "0");
                settings.put("net/ipv6/conf/%s/keep_addr_on_down".formatted(scope), "1");
            }
            return settings;
        }

        Map<String, Host> build(Map<String, Integer> numbers) {
            buildSwitch();
            Map<String, Host> hosts = new LinkedHashMap<>();
            for (var entry : numbers.entrySet()) {
                hosts.put(entry.getKey(), buildHost(entry.getKey(), entry.getValue(), hosts.size()));
            }
            return hosts;
        }

        private String switchNamespace() {
            return lab + "-switch";
        }

        /** The bridge has a namespace to itself: no packet filter of the machine sees the segment's frames. */
        private void buildSwitch() {
            addNamespace(switchNamespace());
            configure(switchNamespace(), Map.of("net/ipv6/conf/default/disable_ipv6", "1"));
            // Multicast goes to every port, as on a plain switch, and ports forward at once.
            ipIn(switchNamespace(), """
                    link add segment type bridge stp_state 0 forward_delay 0 mcast_snooping 0
                    link set segment up
                    """);
        }

        private Host buildHost(String hostName, int number, int index) {
            String namespace = lab + "-" + hostName;
            String port = "p" + number;
            String managementPort = "%s-m%d".formatted(lab, number);
            String ipv4 = segment.ipv4(number);
            String ipv6 = segment.ipv6(number);
            String management = ManagementNetwork.address(index);
            addNamespace(namespace);
            configure(namespace, SETTINGS);
            ledger.note(Ledger.Kind.LINK, managementPort);
            ip("""
                    link add %1$s netns %2$s type veth peer name eth0 address %3$s netns %4$s
                    link add %5$s type veth peer name mgmt0 address %6$s netns %4$s
                    link set %5$s master %7$s up
                    """.formatted(
                            port,
                            switchNamespace(),
                            Segment.macOf(ipv4),
                            namespace,
                            managementPort,
                            Segment.macOf(management),
                            ManagementNetwork.BRIDGE));
            ipIn(switchNamespace(), "link set %s master segment up%n".formatted(port));
            ipIn(namespace, """
                    link set lo up
                    link set eth0 up
                    link set mgmt0 up
                    address add %s/%d dev eth0
                    address add %s/%d dev eth0 nodad
                    address add %s/%d dev mgmt0
                    """.formatted(
                            ipv4,
                            Segment.IPV4_PREFIX_LENGTH,
                            ipv6,
                            Segment.IPV6_PREFIX_LENGTH,
                            management,
                            ManagementNetwork.PREFIX_LENGTH));
            return new Host(
                    hostName, namespace, new Host.SwitchPort(switchNamespace(), port), ipv4, ipv6, management, logs);
        }

        private void addNamespace(String namespace) {
            ledger.note(Ledger.Kind.NETNS, namespace);
            ip("netns add %s%n".formatted(namespace));
        }

        private static void configure(String namespace, Map<String, String> settings) {
            Function<Map.Entry<String, String>, String> line =
                    entry -> "echo %s >/proc/sys/%s".formatted(entry.getValue(), entry.getKey());
            String script = settings.entrySet().stream().map(line).collect(Collectors.joining("\n", "set -e\n", "\n"));
            Command.run(Namespaces.inside(namespace, List.of("sh", "-c", script)))
                    .requireSuccess();
        }

        private static void ip(String batch) {
            Command.run(List.of("ip", "-batch", "-"), batch).requireSuccess();
        }

        private static void ipIn(String namespace, String batch) {
            Command.run(List.of("ip", "-n", namespace, "-batch", "-"), batch).requireSuccess();
        }
    }
}
