package io.lvsoperator.charts;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the chart renders for some values.
 *
 * @param objects the rendered objects, in Helm's order
 */
record Rendering(List<HasMetadata> objects) {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    static final Path CHART = Path.of("lvs-operator");
    static final String RELEASE = "lvs";
    static final String NAMESPACE = "lvs-system";

    /** A version that the chart supports; without one Helm assumes 1.20. */
    static final String KUBERNETES = "1.36.3";

    /** Renders with values as YAML. */
    static Rendering of(String values) {
        return of(RELEASE, NAMESPACE, values);
    }

    static Rendering of(String release, String namespace, String values) {
        return new Rendering(parse(text(release, namespace, KUBERNETES, values)));
    }

    /** The text that Helm writes, or its refusal as an {@link IllegalStateException}. */
    static String text(String release, String namespace, String kubernetes, String values) {
        try {
            Path file = Files.createTempFile("chart-values", ".yaml");
            try {
                Files.writeString(file, values);
                return new Helm(CHART)
                        .template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(kubernetes)
                        .withValuesFile(file)
                        .call();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<HasMetadata> parse(String rendered) {
        return Arrays.stream(rendered.split("(?m)^---$"))
                .filter(document -> document.contains("kind:"))
                .map(document -> (HasMetadata) SERIALIZATION.unmarshal(document))
                .toList();
    }

    <T extends HasMetadata> Stream<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    /** The one object of a type. */
    <T extends HasMetadata> T only(Class<T> type) {
        List<T> found = all(type).toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "want one " + type.getSimpleName() + " among " + names() + ", have " + found.size());
        }
        return found.getFirst();
    }

    <T extends HasMetadata> T named(Class<T> type, String name) {
        return all(type)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name + " among " + names()));
    }

    List<String> names() {
        return objects.stream()
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
    }
}
