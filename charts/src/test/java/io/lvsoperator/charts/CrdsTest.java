package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrdsTest {
    private static final Path GENERATED = Path.of("../crds/manifests");
    private static final Path IN_CHART = Rendering.CHART.resolve("files/crds");

    @Test
    void theChartHasTheGeneratedManifests() throws IOException {
        assertThat(contents(IN_CHART))
                .as("run `make manifests`, which writes both directories")
                .isEqualTo(contents(GENERATED));
    }

    @Test
    void theRenderedCrdsAreTheGeneratedOnes() throws IOException {
        Map<String, Object> rendered = Rendering.of("{}")
                .all(CustomResourceDefinition.class)
                .collect(Collectors.toMap(
                        crd -> crd.getMetadata().getName() + ".yaml", CustomResourceDefinition::getSpec));

        Map<String, Object> generated = new TreeMap<>();
        contents(GENERATED)
                .forEach((name, text) -> generated.put(
                        name,
                        Serialization.unmarshal(text, CustomResourceDefinition.class)
                                .getSpec()));

        assertThat(rendered).hasSize(4).containsExactlyInAnyOrderEntriesOf(generated);
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".lvs-operator.io.yaml"))
                    .toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
