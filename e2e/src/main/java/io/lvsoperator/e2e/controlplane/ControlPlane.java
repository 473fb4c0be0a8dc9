package io.lvsoperator.e2e.controlplane;

import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes control plane: etcd, API server with RBAC, controller manager and scheduler. Either one that this
 * JVM started and stops, or one that runs elsewhere (a guest's tests use the one of the host).
 */
public final class ControlPlane implements AutoCloseable {
    /** Long enough for any test, and at least the ten minutes that the API server asks for. */
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(4);

    private final @Nullable ControlPlaneProcess process;
    private final Path kubeconfig;
    private final Config config;
    private final KubernetesClient client;

    private ControlPlane(@Nullable ControlPlaneProcess process, Path kubeconfig) {
        this.process = process;
        this.kubeconfig = kubeconfig;
        this.config = Config.fromKubeconfig(kubeconfig.toFile());
        this.client = clientWith(config);
    }

    /**
     * Builds the binary unless that was done before, and starts a control plane with an empty etcd.
     *
     * @throws ControlPlaneException when it cannot be built or does not become ready
     */
    public static ControlPlane start(ControlPlaneOptions options) {
        ControlPlaneProcess process = ControlPlaneProcess.start(ControlPlaneBinary.build(), options);
        return new ControlPlane(process, process.kubeconfig());
    }

    /**
     * Uses a control plane that runs already; {@link #close} leaves it running.
     *
     * @throws ControlPlaneException when there is no such file
     */
    public static ControlPlane attach(Path kubeconfig) {
        if (!Files.isReadable(kubeconfig)) {
            throw new ControlPlaneException("no kubeconfig to attach to at " + kubeconfig + " (from LVS_KUBECONFIG?)");
        }
        return new ControlPlane(null, kubeconfig);
    }

    /** The administrator's kubeconfig. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The administrator's configuration. */
    public Config config() {
        return config;
    }

    /** A client of the administrator (group system:masters), closed with the control plane. */
    public KubernetesClient client() {
        return client;
    }

    /** Where the components' logs are; empty for a control plane that somebody else started. */
    public Optional<Path> logs() {
        return Optional.ofNullable(process).map(ControlPlaneProcess::logs);
    }

    /** A client that acts as a user in these groups, by impersonation. The caller closes it. */
    public KubernetesClient clientAs(String user, String... groups) {
        return clientWith(new ConfigBuilder(config)
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build());
    }

    /** A client that has nothing but a service account's token, as a pod would. The caller closes it. */
    public KubernetesClient clientAsServiceAccount(String namespace, String name) {
        return clientWith(new ConfigBuilder(Config.empty())
                .withMasterUrl(config.getMasterUrl())
                .withCaCertData(config.getCaCertData())
                .withOauthToken(serviceAccountToken(namespace, name))
                .withNamespace(namespace)
                .build());
    }

    /** A token of a service account, by the TokenRequest API, bound to nothing. */
    public String serviceAccountToken(String namespace, String name) {
        TokenRequest wanted = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFETIME.toSeconds())
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(name)
                .tokenRequest(wanted)
                .getStatus()
                .getToken();
    }

    /**
     * Does nothing while the control plane runs as far as we know.
     *
     * @throws ControlPlaneException when it ended by itself: which component died, and its last lines
     */
    public void requireAlive() {
        Optional.ofNullable(process).flatMap(ControlPlaneProcess::lastWords).ifPresent(words -> {
            throw new ControlPlaneException("the control plane has died: " + words);
        });
    }

    @Override
    public void close() {
        client.close();
        if (process != null) {
            process.close();
        }
    }

    private static KubernetesClient clientWith(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
