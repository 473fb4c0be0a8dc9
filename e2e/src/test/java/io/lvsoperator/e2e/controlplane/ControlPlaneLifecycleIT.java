package io.lvsoperator.e2e.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a control plane starts and ends; each test has one of its own. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ControlPlaneLifecycleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @AfterEach
    void stopWhatTheShellStarted() {
        shell("stop");
    }

    @Test
    void reportsThatEtcdWasKilled() {
        // Given
        try (ControlPlane controlPlane = ControlPlane.start(ControlPlaneOptions.in(directory))) {

            // When
            etcdIn(directory).destroyForcibly();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                var report = catchThrowableOfType(ControlPlaneException.class, controlPlane::requireAlive);
                assertThat(report)
                        .hasMessageContaining("exit status 1")
                        .hasMessageContaining("etcd died (signal: killed)")
                        .hasMessageContaining(directory.resolve("logs/etcd.log").toString());
            });
        }
    }

    @Test
    void namesTheComponentThatDoesNotStart() {
        // Given
        ControlPlaneOptions options =
                ControlPlaneOptions.in(directory).withArgument(Component.KUBE_SCHEDULER, "--no-such-flag");

        // When
        var failure = catchThrowableOfType(
                ControlPlaneException.class, () -> ControlPlane.start(options).close());

        // Then
        assertThat(failure)
                .hasMessageContaining("kube-scheduler died (exit status 1)")
                .hasMessageContaining("unknown flag: --no-such-flag");
    }

    @Test
    void writesAnAuditLogWhenAsked() {
        // Given
        ControlPlaneOptions options = ControlPlaneOptions.in(directory).withAudit();
        try (ControlPlane controlPlane = ControlPlane.start(options)) {

            // When
            controlPlane.client().configMaps().inNamespace("audited").list();
        }

        // Then
        assertThat(directory.resolve("logs/audit.log")).content().contains("/api/v1/namespaces/audited/configmaps");
    }

    @Test
    void leavesNoProcessBehind() {
        // Given
        ControlPlane controlPlane = ControlPlane.start(ControlPlaneOptions.in(directory));

        // When
        controlPlane.close();

        // Then
        assertThat(processesIn(directory)).isEmpty();
    }

    @Test
    void freesItsPort() {
        // Given
        ControlPlane controlPlane = ControlPlane.start(ControlPlaneOptions.in(directory));
        URI server = URI.create(controlPlane.config().getMasterUrl());

        // When
        controlPlane.close();

        // Then
        var refusal =
                catchThrowableOfType(IOException.class, () -> new Socket(server.getHost(), server.getPort()).close());
        assertThat(refusal).isInstanceOf(ConnectException.class);
    }

    @Test
    void runsInTheBackgroundForTheShell() {
        // Given
        shell("start");

        // When
        String status = shell("status");

        // Then
        assertThat(status).startsWith("ready https://127.0.0.1:");
    }

    @Test
    void stopsForTheShell() {
        // Given
        shell("start");

        // When
        shell("stop");

        // Then
        assertThat(processesIn(directory)).isEmpty();
    }

    @Test
    void servesClientsThatKnowItByAnotherAddress() throws IOException {
        // Given
        shell("start", "--bind", "0.0.0.0", "--san", "127.0.0.2");
        Path kubeconfig = Files.writeString(directory.resolve("elsewhere"), shell("kubeconfig", "--host", "127.0.0.2"));

        // When
        String version;
        try (ControlPlane elsewhere = ControlPlane.attach(kubeconfig)) {
            version = elsewhere.client().getKubernetesVersion().getGitVersion();
        }

        // Then
        assertThat(version).isEqualTo("v1.36.3");
    }

    private static ProcessHandle etcdIn(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> arguments(process).contains("--data-dir=" + directory.resolve("etcd")))
                .findFirst()
                .orElseThrow();
    }

    /** Every component names the directory in its command line. */
    private static List<ProcessHandle> processesIn(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        arguments(process).stream().anyMatch(argument -> argument.contains(directory.toString())))
                .toList();
    }

    private static List<String> arguments(ProcessHandle process) {
        return process.info().arguments().map(List::of).orElse(List.of());
    }

    /** Runs {@code control-plane/control-plane} on our directory. */
    private String shell(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("control-plane/control-plane", command, "--dir=" + directory));
        line.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(line.toString()).isZero();
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(line + " does not run", e);
        }
    }
}
