package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.SecretKeyReference;
import io.lvsoperator.operator.compile.FleetPassword;
import io.lvsoperator.operator.compile.FleetPassword.NotFound;
import io.lvsoperator.operator.config.OperatorConfig;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the Secrets that users put passwords in. They are asked for one by one, so that the operator needs no right to list all
 * of its namespace, and not oftener than once in {@link #FRESH}.
 */
final class FleetPasswords {
    /** How long an answer counts: so late is a change noticed. */
    static final Duration FRESH = Duration.ofSeconds(20);

    private record Read(FleetPassword password, Instant at) {}

    private final KubernetesClient client;
    private final OperatorConfig config;
    private final Clock clock;
    private final Map<SecretKeyReference, Read> latest = new ConcurrentHashMap<>();

    FleetPasswords(KubernetesClient client, OperatorConfig config, Clock clock) {
        this.client = client;
        this.config = config;
        this.clock = clock;
    }

    FleetPassword get(SecretKeyReference reference) {
        Instant now = clock.instant();
        return Objects.requireNonNull(latest.compute(
                        reference,
                        (key, before) ->
                                before != null && before.at().plus(FRESH).isAfter(now)
                                        ? before
                                        : new Read(read(reference), now)))
                .password();
    }

    private FleetPassword read(SecretKeyReference reference) {
        String where = FleetPassword.where(reference, config.namespace());
        try {
            Secret secret = client.secrets()
                    .inNamespace(config.namespace())
                    .withName(reference.name())
                    .get();
            return secret == null
                    ? new NotFound(where + " does not exist: create it")
                    : FleetPassword.of(
                            reference, config.namespace(), Objects.requireNonNullElse(secret.getData(), Map.of()));
        } catch (KubernetesClientException e) {
            return new NotFound(
                    e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                            ? where + " may not be read: add '" + reference.name()
                                    + "' to the value vrrp.passwordSecrets of the chart"
                            : where + " cannot be read: " + e.getMessage());
        }
    }
}
