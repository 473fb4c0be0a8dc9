package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.e2e.lab.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The kernel's module ip_vs, unloaded until {@link #load}: no look at it makes the kernel load it meanwhile. */
public final class IpvsModule {
    private static final Path LOADER = Path.of("/proc/sys/kernel/modprobe");
    private static final Path LOADED = Path.of("/sys/module/ip_vs");

    /**
     * Services and synchronization daemons keep it, and agents put theirs back: those of the hosts are held for that moment.
     */
    private static final String UNLOAD = """
            for attempt in $(seq 1 20); do
                for host in "$@"; do
                    case $host in /run/netns/*) kill -STOP $(ip netns pids "${host##*/}") ;; esac
                done
                for host in "$@"; do
                    nsenter --net="$host" sh -c 'ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup'
                done
                rmmod $(ls /sys/module/ip_vs/holders) ip_vs && unloaded=yes
                for host in "$@"; do
                    case $host in /run/netns/*) kill -CONT $(ip netns pids "${host##*/}") ;; esac
                done
                [ -z "${unloaded-}" ] || exit 0
            done 2>&1
            exit 1
            """;

    private final String loader;

    private IpvsModule(String loader) {
        this.loader = loader;
    }

    /** Empties the tables of these hosts, and of namespaces that threads of earlier tests left. */
    public static IpvsModule unload(List<Host> hosts) throws Exception {
        IpvsModule module = new IpvsModule(Files.readString(LOADER).strip());
        Files.writeString(LOADER, "/bin/true");
        try {
            List<String> command = new ArrayList<>(List.of("sh", "-c", UNLOAD, "sh"));
            command.addAll(leftByEarlierTests());
            hosts.forEach(host -> command.add("/run/netns/" + host.namespace()));
            run(command);
            assertThat(LOADED).doesNotExist();
            return module;
        } catch (Exception | Error e) {
            module.load();
            throw e;
        }
    }

    /** A pool's thread stays where it was started: the process reapers of the JDK, for example. */
    private static List<String> leftByEarlierTests() throws IOException {
        Path machines = Files.readSymbolicLink(Path.of("/proc/1/ns/net"));
        Map<Path, String> namespaces = new LinkedHashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                Path namespace = thread.resolve("ns/net");
                namespaces.put(
                        Files.readSymbolicLink(namespace),
                        "/proc/%d/task/%s/ns/net"
                                .formatted(ProcessHandle.current().pid(), thread.getFileName()));
            }
        }
        namespaces.remove(machines);
        return List.copyOf(namespaces.values());
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(words).isZero();
    }

    /** Loads it, and lets the kernel load modules again. */
    public void load() throws IOException, InterruptedException {
        Files.writeString(LOADER, loader);
        run(List.of("modprobe", "ip_vs"));
    }
}
