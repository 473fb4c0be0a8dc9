package io.lvsoperator.e2e.installation;

import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.e2e.chart.OperatorEnvironment;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The operator as a process of its own, with the environment that the chart gives its pod and the token of its service
 * account: it may do what the chart grants, and nothing more.
 */
public final class OperatorProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private OperatorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it; its kubeconfig and its log go to {@code directory}. */
    public static OperatorProcess start(
            ControlPlane controlPlane, OperatorEnvironment environment, Path program, Path directory) {
        try {
            Files.createDirectories(directory);
            Path kubeconfig = directory.resolve("operator.kubeconfig");
            Files.writeString(kubeconfig, kubeconfig(controlPlane, environment));
            Path log = directory.resolve("operator.log");
            ProcessBuilder builder = new ProcessBuilder(program.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Map<String, String> variables = builder.environment();
            variables.keySet().removeIf(name -> name.startsWith("LVS_") || name.startsWith("KUBE"));
            variables.putAll(environment.variables());
            variables.put("KUBECONFIG", kubeconfig.toString());
            // A free port: the pod would have an address of its own.
            variables.put("MANAGEMENT_PORT", "0");
            return new OperatorProcess(builder.start(), log);
        } catch (IOException e) {
            throw new IllegalStateException("the operator cannot be started: " + program, e);
        }
    }

    private static String kubeconfig(ControlPlane controlPlane, OperatorEnvironment environment) {
        String token = controlPlane.serviceAccountToken(environment.namespace(), environment.serviceAccount());
        var admin = controlPlane.config();
        Config config = new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .withCurrentContext("operator")
                .addNewCluster()
                .withName("test")
                .withNewCluster()
                .withServer(admin.getMasterUrl())
                .withCertificateAuthorityData(admin.getCaCertData())
                .withCertificateAuthority(admin.getCaCertFile())
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName("operator")
                .withNewUser()
                .withToken(token)
                .endUser()
                .endUser()
                .addNewContext()
                .withName("operator")
                .withNewContext()
                .withCluster("test")
                .withUser("operator")
                .endContext()
                .endContext()
                .build();
        return Serialization.asYaml(config);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return log;
    }

    /** Waits until it ends by itself; returns its exit status. */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
