package io.lvsoperator.e2e.vrrp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Beat;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Router;
import io.lvsoperator.e2e.vrrp.VrrpProcess.RouterLine;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Settings;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A host of the lab that runs our virtual routers. */
final class Director implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Host host;
    private final Path file;
    private final @Nullable Beat heartbeat;
    private final Background process;
    private int sequence;

    private Director(Host host, Path file, @Nullable Beat heartbeat, Background process) {
        this.host = host;
        this.file = file;
        this.heartbeat = heartbeat;
        this.process = process;
    }

    static Director start(Host host, Path directory, Router... routers) {
        return start(host, directory, null, routers);
    }

    /** One that exchanges heartbeats. */
    static Director start(Host host, Path directory, @Nullable Beat heartbeat, Router... routers) {
        Path file = directory.resolve(host.name() + ".json");
        write(file, new Settings(0, List.of(routers), heartbeat));
        Background process = host.start(
                "vrrp",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "-cp",
                System.getProperty("java.class.path"),
                VrrpProcess.class.getName(),
                file.toString());
        return new Director(host, file, heartbeat, process);
    }

    Host host() {
        return host;
    }

    /** Changes the settings; they are taken in when {@link #appliedSequence} has reached what this returns. */
    int configure(Router... routers) {
        sequence++;
        write(file, new Settings(sequence, List.of(routers), heartbeat));
        return sequence;
    }

    private static void write(Path file, Settings settings) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, JSON.writeValueAsString(settings));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Status> status() {
        return process.out()
                .lines()
                .filter(line -> line.startsWith(VrrpProcess.STATUS) && line.endsWith("}"))
                .reduce((earlier, later) -> later)
                .map(Director::parse);
    }

    private static Status parse(String line) {
        try {
            return JSON.readValue(line.substring(VrrpProcess.STATUS.length()), Status.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    int appliedSequence() {
        return status().map(Status::sequence).orElse(-1);
    }

    Optional<RouterLine> router(AddressFamily family) {
        return status().stream()
                .flatMap(status -> status.routers().stream())
                .filter(router -> router.family() == family)
                .findFirst();
    }

    VirtualRouterState state(AddressFamily family) {
        return router(family).map(RouterLine::state).orElse(VirtualRouterState.INITIALIZE);
    }

    long transitions(AddressFamily family) {
        return router(family).map(RouterLine::transitions).orElse(0L);
    }

    /** Names of the other directors that it knows to live. */
    List<String> living() {
        return status().map(Status::living).orElse(List.of());
    }

    /** Reasons of what it finds wrong with the others. */
    List<String> complaints() {
        return status().map(Status::complaints).orElse(List.of());
    }

    /** SIGSTOP: it stands still until {@link #goOn}. */
    void stopInItsTracks() {
        signal("STOP");
    }

    /** SIGCONT. */
    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        host.exec("kill", "-" + name, Long.toString(process.pid()));
    }

    /** SIGTERM, as a kubelet ends an agent; returns when it has ended. */
    void stop() {
        process.stop(GRACE);
    }

    /** SIGKILL. */
    void kill() {
        process.kill();
        process.awaitEnd(GRACE);
    }

    @Override
    public void close() {
        process.kill();
    }
}
