package io.lvsoperator.e2e.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The control plane of all test classes of this JVM; its logs outlast it when a test failed. */
final class SharedControlPlane implements AutoCloseable {
    /** System property or environment variable: the kubeconfig of a running control plane to use. */
    static final String KUBECONFIG = "LVS_KUBECONFIG";

    /** JUnit configuration parameters, which system properties and junit-platform.properties set. */
    private static final String BIND = "lvs.control-plane.bind";

    private static final String ALTERNATIVE_ADDRESSES = "lvs.control-plane.sans";

    private final ControlPlane controlPlane;
    private final Optional<Path> directory;
    private volatile boolean failed;

    private SharedControlPlane(ControlPlane controlPlane, Optional<Path> directory) {
        this.controlPlane = controlPlane;
        this.directory = directory;
    }

    static SharedControlPlane attachOrStart(ExtensionContext context) {
        Optional<Path> given = Optional.ofNullable(System.getProperty(KUBECONFIG, System.getenv(KUBECONFIG)))
                .filter(path -> !path.isBlank())
                .map(Path::of);
        if (given.isPresent()) {
            return new SharedControlPlane(ControlPlane.attach(given.get()), Optional.empty());
        }
        Path directory = Path.of(
                        "target",
                        "control-plane",
                        "jvm-" + ProcessHandle.current().pid())
                .toAbsolutePath();
        ControlPlaneOptions options = ControlPlaneOptions.in(directory);
        Optional<InetAddress> bind = context.getConfigurationParameter(BIND).map(InetAddress::ofLiteral);
        if (bind.isPresent()) {
            options = options.withBind(bind.get());
        }
        List<InetAddress> sans = context.getConfigurationParameter(ALTERNATIVE_ADDRESSES).stream()
                .flatMap(list -> Stream.of(list.split(",")))
                .map(address -> InetAddress.ofLiteral(address.strip()))
                .toList();
        return new SharedControlPlane(
                ControlPlane.start(options.withAlternativeAddresses(sans)), Optional.of(directory));
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    /** Keeps the logs, and says where they are. */
    void testFailed(String test) {
        failed = true;
        controlPlane.logs().ifPresent(logs -> System.err.println(test + " failed; the control plane's logs: " + logs));
    }

    @Override
    public void close() {
        controlPlane.close();
        if (!failed) {
            directory.ifPresent(SharedControlPlane::delete);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
