package io.lvsoperator.e2e.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A release of the chart, by Helm itself. It stays until {@link #uninstall}. */
public final class ChartInstallation {
    public static final String RELEASE = "lvs";

    private static final long TOKEN_SECONDS = 14_400;

    private final Path chart;
    private final Path kubeconfig;
    private final String namespace;
    private final String release;

    ChartInstallation(Path chart, Path kubeconfig, String namespace, String release) {
        this.chart = chart;
        this.kubeconfig = kubeconfig;
        this.namespace = namespace;
        this.release = release;
    }

    /**
     * Installs the chart of this clone as release {@value #RELEASE}, and creates the namespace unless it is there.
     *
     * @param values values as YAML, {@code {}} for the defaults
     * @throws IllegalStateException with Helm's words when it refuses
     */
    public static ChartInstallation install(Path kubeconfig, String namespace, String values) {
        ChartInstallation installation = new ChartInstallation(chart(), kubeconfig, namespace, RELEASE);
        installation.install(values);
        return installation;
    }

    Release install(String values) {
        return withValuesFile(
                values,
                file -> new Helm(chart)
                        .install()
                        .withName(release)
                        .withNamespace(namespace)
                        .createNamespace()
                        .withKubeConfig(kubeconfig)
                        .withValuesFile(file)
                        .call());
    }

    /** Upgrades to the chart of this clone with these values in place of the former ones. */
    public Release upgrade(String values) {
        return withValuesFile(
                values,
                file -> new Helm(chart())
                        .upgrade()
                        .withName(release)
                        .withNamespace(namespace)
                        .resetValues()
                        .withKubeConfig(kubeconfig)
                        .withValuesFile(file)
                        .call());
    }

    /** Uninstalls the release; returns what Helm says, such as which objects it kept. */
    public String uninstall() {
        return Helm.uninstall(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .call();
    }

    /** What the installed Deployment gives its pods, read from the API server. */
    public OperatorEnvironment operatorEnvironment() {
        Deployment deployment = operatorDeployment();
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        String podName = deployment.getMetadata().getName() + "-0";
        Map<String, String> variables = pod.getContainers().getFirst().getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, variable -> value(variable, podName)));
        return new OperatorEnvironment(namespace, pod.getServiceAccountName(), variables);
    }

    /**
     * A kubeconfig with nothing but a token of a service account of the release, as a pod would have it; lasts for
     * {@value #TOKEN_SECONDS} seconds.
     */
    public String kubeconfigOf(String serviceAccount) {
        try (KubernetesClient client = client()) {
            String token = client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(serviceAccount)
                    .tokenRequest(new TokenRequestBuilder()
                            .withNewSpec()
                            .withExpirationSeconds(TOKEN_SECONDS)
                            .endSpec()
                            .build())
                    .getStatus()
                    .getToken();
            return Serialization.asYaml(new ConfigBuilder()
                    .addNewCluster()
                    .withName(RELEASE)
                    .withNewCluster()
                    .withServer(client.getConfiguration().getMasterUrl())
                    .withCertificateAuthorityData(client.getConfiguration().getCaCertData())
                    .endCluster()
                    .endCluster()
                    .addNewUser()
                    .withName(serviceAccount)
                    .withNewUser()
                    .withToken(token)
                    .endUser()
                    .endUser()
                    .addNewContext()
                    .withName(RELEASE)
                    .withNewContext()
                    .withCluster(RELEASE)
                    .withUser(serviceAccount)
                    .withNamespace(namespace)
                    .endContext()
                    .endContext()
                    .withCurrentContext(RELEASE)
                    .build());
        }
    }

    private KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    private Deployment operatorDeployment() {
        try (KubernetesClient client = client()) {
            List<Deployment> deployments = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withLabel("app.kubernetes.io/instance", release)
                    .withLabel("app.kubernetes.io/component", "operator")
                    .list()
                    .getItems();
            if (deployments.size() != 1) {
                throw new IllegalStateException("release " + release + " has " + deployments.size()
                        + " Deployments of the operator in namespace " + namespace + ", want 1");
            }
            return deployments.getFirst();
        }
    }

    private String value(EnvVar variable, String podName) {
        if (variable.getValueFrom() == null) {
            return variable.getValue() == null ? "" : variable.getValue();
        }
        String field = variable.getValueFrom().getFieldRef().getFieldPath();
        return switch (field) {
            case "metadata.namespace" -> namespace;
            case "metadata.name" -> podName;
            default ->
                throw new IllegalStateException(variable.getName() + " comes from field " + field
                        + " of the pod, which this class cannot resolve yet: add it here");
        };
    }

    /** The chart of the clone that the working directory lies in. */
    static Path chart() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, directory -> directory != null, Path::getParent)
                .map(directory -> directory.resolve("charts/lvs-operator"))
                .filter(directory -> Files.exists(directory.resolve("Chart.yaml")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no charts/lvs-operator in " + here + " or above it: run inside a clone"));
    }

    private static <T> T withValuesFile(String values, Function<Path, T> action) {
        try {
            Path file = Files.createTempFile("lvs-chart-values", ".yaml");
            try {
                Files.writeString(file, values);
                return action.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
