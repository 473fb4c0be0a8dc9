package io.lvsoperator.e2e.vrrp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
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

/** A host of the lab that runs our virtual routers. */
final class Director implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Host host;
    private final Path file;
    private final Background process;
    private int sequence;

    private Director(Host host, Path file, Background process) {
        this.host = host;
        this.file = file;
        this.process = process;
    }

    static Director start(Host host, Path directory, Router... routers) {
        Path file = directory.resolve(host.name() + ".json");
        write(file, new Settings(0, List.of(routers)));
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
        return new Director(host, file, process);
    }

    Host host() {
        return host;
    }

    /** Changes the settings; they are taken in when {@link #appliedSequence} has reached what this returns. */
    int configure(Router... routers) {
        sequence++;
        write(file, new Settings(sequence, List.of(routers)));
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
