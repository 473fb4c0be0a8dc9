package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of one pod as directories of this machine: hostPath below the node's own root (kernel file systems are the
 * machine's), emptyDir, configMap, secret, downwardAPI, projected. Tokens come from the TokenRequest API, bound to the pod.
 */
final class Volumes {

    /** hostPath volumes at or below these are the kernel's, not a disk's. */
    private static final Set<String> KERNEL_PATHS = Set.of("/proc", "/sys", "/dev", "/lib/modules");

    /** A kubelet asks for a new token when 80% of the old one's life is over. */
    private static final double RENEW_AFTER = 0.8;

    private static final long DEFAULT_TOKEN_SECONDS = 3600;

    private final Pod pod;
    private final NodeFacts node;
    private final KubernetesClient client;
    private final Path nodeRoot;
    private final Path podDirectory;
    private final Clock clock;

    /** When the first token needs renewal. */
    private Instant renewal = Instant.MAX;

    Volumes(Pod pod, NodeFacts node, KubernetesClient client, Path nodeRoot, Path podDirectory, Clock clock) {
        this.pod = pod;
        this.node = node;
        this.client = client;
        this.nodeRoot = nodeRoot;
        this.podDirectory = podDirectory;
        this.clock = clock;
    }

    /** A volume that cannot be made: for good, or until something it needs is there. */
    static final class VolumeException extends Exception {
        private final boolean forGood;

        VolumeException(String message, boolean forGood) {
            super(message);
            this.forGood = forGood;
        }

        boolean isForGood() {
            return forGood;
        }
    }

    /** Makes all volumes; where they are by name. */
    Map<String, Path> prepare() throws VolumeException {
        renewal = Instant.MAX;
        Map<String, Path> places = new LinkedHashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            places.put(volume.getName(), prepare(volume));
        }
        return places;
    }

    /** When {@link #prepare} must be called again to have valid tokens. */
    Instant renewal() {
        return renewal;
    }

    private Path prepare(Volume volume) throws VolumeException {
        Path directory = podDirectory.resolve(volume.getName());
        if (volume.getHostPath() != null) {
            return hostPath(volume.getHostPath().getPath());
        } else if (volume.getEmptyDir() != null) {
            return made(directory);
        }
        Map<String, byte[]> files;
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            files = configMap(source.getName(), source.getItems(), Boolean.TRUE.equals(source.getOptional()));
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            files = secret(source.getSecretName(), source.getItems(), Boolean.TRUE.equals(source.getOptional()));
        } else if (volume.getDownwardAPI() != null) {
            files = downward(volume.getDownwardAPI().getItems());
        } else if (volume.getProjected() != null) {
            files = new LinkedHashMap<>();
            for (VolumeProjection source : volume.getProjected().getSources()) {
                files.putAll(projected(volume.getName(), source));
            }
        } else {
            throw new VolumeException("volume %s: its type is not carried out".formatted(volume.getName()), true);
        }
        write(made(directory), files);
        return directory;
    }

    private Path hostPath(String path) {
        Path absolute = Path.of(path).normalize();
        if (KERNEL_PATHS.stream().anyMatch(absolute::startsWith)) {
            return absolute;
        }
        return made(nodeRoot.resolve("." + absolute).normalize());
    }

    private Map<String, byte[]> projected(String volume, VolumeProjection source) throws VolumeException {
        if (source.getServiceAccountToken() != null) {
            var token = source.getServiceAccountToken();
            return Map.of(
                    token.getPath(),
                    token(token.getAudience(), token.getExpirationSeconds()).getBytes(StandardCharsets.UTF_8));
        } else if (source.getConfigMap() != null) {
            var map = source.getConfigMap();
            return configMap(map.getName(), map.getItems(), Boolean.TRUE.equals(map.getOptional()));
        } else if (source.getSecret() != null) {
            var secret = source.getSecret();
            return secret(secret.getName(), secret.getItems(), Boolean.TRUE.equals(secret.getOptional()));
        } else if (source.getDownwardAPI() != null) {
            return downward(source.getDownwardAPI().getItems());
        }
        throw new VolumeException("volume %s: a projected source is not carried out".formatted(volume), true);
    }

    private String token(@Nullable String audience, @Nullable Long expirationSeconds) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience == null ? List.of() : List.of(audience))
                .withExpirationSeconds(Objects.requireNonNullElse(expirationSeconds, DEFAULT_TOKEN_SECONDS))
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        var answer = client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request);
        Instant now = clock.instant();
        Duration life = Duration.between(now, Instant.parse(answer.getStatus().getExpirationTimestamp()));
        Instant due = now.plusMillis((long) (life.toMillis() * RENEW_AFTER));
        renewal = due.isBefore(renewal) ? due : renewal;
        return answer.getStatus().getToken();
    }

    private Map<String, byte[]> configMap(String name, List<KeyToPath> items, boolean optional) throws VolumeException {
        var map = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (map == null) {
            return missing("configmap", name, optional);
        }
        Map<String, byte[]> content = new HashMap<>();
        Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
                .forEach((key, value) -> content.put(key, value.getBytes(StandardCharsets.UTF_8)));
        Objects.requireNonNullElse(map.getBinaryData(), Map.<String, String>of())
                .forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        return selected("configmap " + name, content, items, optional);
    }

    private Map<String, byte[]> secret(String name, List<KeyToPath> items, boolean optional) throws VolumeException {
        var secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (secret == null) {
            return missing("secret", name, optional);
        }
        Map<String, byte[]> content = new HashMap<>();
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        return selected("secret " + name, content, items, optional);
    }

    private Map<String, byte[]> downward(List<DownwardAPIVolumeFile> items) throws VolumeException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (DownwardAPIVolumeFile item : items) {
            Optional<String> value = Optional.ofNullable(item.getFieldRef())
                    .flatMap(field -> Fields.value(pod, node, field.getFieldPath()));
            files.put(
                    item.getPath(),
                    value.orElseThrow(() -> new VolumeException(
                                    "downwardAPI item %s: not carried out".formatted(item.getPath()), true))
                            .getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    private static Map<String, byte[]> missing(String kind, String name, boolean optional) throws VolumeException {
        if (optional) {
            return Map.of();
        }
        throw new VolumeException("%s \"%s\" not found".formatted(kind, name), false);
    }

    private static Map<String, byte[]> selected(
            String from, Map<String, byte[]> content, List<KeyToPath> items, boolean optional) throws VolumeException {
        if (items.isEmpty()) {
            return content;
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (KeyToPath item : items) {
            byte[] value = content.get(item.getKey());
            if (value != null) {
                files.put(item.getPath(), value);
            } else if (!optional) {
                throw new VolumeException("%s has no key %s".formatted(from, item.getKey()), false);
            }
        }
        return files;
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each file takes its place at once: a reader sees the old content or the new one. */
    private static void write(Path directory, Map<String, byte[]> files) {
        try {
            for (var file : files.entrySet()) {
                Path place = directory.resolve(file.getKey());
                Path parent = Objects.requireNonNull(place.getParent());
                Files.createDirectories(parent);
                Path fresh = parent.resolve("." + place.getFileName() + ".new");
                Files.write(fresh, file.getValue());
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
