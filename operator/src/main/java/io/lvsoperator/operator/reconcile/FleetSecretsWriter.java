package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.operator.compile.FleetPassword;
import io.lvsoperator.operator.compile.FleetRoles;
import io.lvsoperator.operator.compile.FleetSecrets;
import io.lvsoperator.operator.compile.FleetView;
import io.lvsoperator.operator.config.OperatorConfig;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the one Secret that the agents read. What is in it is never logged, and never part of another object. */
final class FleetSecretsWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSecretsWriter.class);

    private final KubernetesClient client;
    private final Cluster cluster;
    private final OperatorConfig config;
    private final FleetPasswords passwords;
    private final SecureRandom random = new SecureRandom();

    FleetSecretsWriter(KubernetesClient client, Cluster cluster, OperatorConfig config, FleetPasswords passwords) {
        this.passwords = passwords;
        this.client = client;
        this.cluster = cluster;
        this.config = config;
    }

    /**
     * Writes the Secret where it is not as the fleets need it.
     *
     * @param roles as they were compiled last
     * @param ended a fleet that has left all nodes and goes now
     * @return why it could not be written, in words; empty when it is as it must be
     */
    synchronized Optional<String> ensure(Map<String, FleetRoles> roles, Optional<String> ended) {
        List<FleetView> views = cluster.fleetViews().stream()
                .filter(fleet -> !ended.equals(Optional.of(fleet.name())))
                .toList();
        Set<String> fleets = views.stream().map(FleetView::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> directed = fleets.stream()
                .filter(name -> roles.containsKey(name)
                        && !Objects.requireNonNull(roles.get(name)).directors().isEmpty())
                .collect(Collectors.toSet());
        Map<String, String> present = cluster.secrets
                .get(config.namespace(), config.fleetSecrets())
                .map(Secret::getData)
                .orElse(Map.of());
        Map<String, String> wanted = FleetSecrets.of(present, fleets, directed, passwords(views), this::newKey);
        return FleetSecrets.differ(present, wanted) ? write(wanted) : Optional.empty();
    }

    private Map<String, Optional<String>> passwords(List<FleetView> fleets) {
        Map<String, Optional<String>> found = new HashMap<>();
        fleets.forEach(fleet -> FleetPassword.reference(fleet.spec())
                .ifPresent(reference -> found.put(
                        fleet.name(),
                        switch (passwords.get(reference)) {
                            case FleetPassword.Found(String base64) -> Optional.of(base64);
                            case FleetPassword.NotFound ignored -> Optional.empty();
                        })));
        return found;
    }

    private byte[] newKey() {
        byte[] key = new byte[FleetSecrets.HEARTBEAT_KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    private Optional<String> write(Map<String, String> entries) {
        try {
            List<OwnerReference> owners =
                    OperatorDeployment.asOwner(client, config).map(List::of).orElse(List.of());
            Secret secret = new SecretBuilder()
                    .withNewMetadata()
                    .withName(config.fleetSecrets())
                    .withNamespace(config.namespace())
                    .withOwnerReferences(owners)
                    .endMetadata()
                    .withType("Opaque")
                    .withData(entries)
                    .build();
            cluster.secrets.wrote(client.resource(secret).patch(Writes.apply(), secret));
            LOG.info("Secret '{}' has the entries {}", config.fleetSecrets(), entries.keySet());
            return Optional.empty();
        } catch (KubernetesClientException | IllegalStateException e) {
            String why = e instanceof KubernetesClientException refusal && refusal.getStatus() != null
                    ? refusal.getStatus().getMessage()
                    : e.getMessage();
            return Optional.of("the Secret '" + config.fleetSecrets() + "' in namespace '" + config.namespace()
                    + "' cannot be written: " + why);
        }
    }
}
