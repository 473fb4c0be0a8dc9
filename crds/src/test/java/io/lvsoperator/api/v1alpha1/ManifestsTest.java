package io.lvsoperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path CHECKED_IN = Path.of("manifests");

    @Test
    void theCheckedInManifestsAreWhatTheModelGenerates(@TempDir Path fresh) throws IOException {
        ManifestGenerator.generateInto(fresh);

        assertThat(crdsIn(CHECKED_IN))
                .as("run `make manifests` and commit what it writes")
                .isEqualTo(crdsIn(fresh));
    }

    @Test
    void everyFieldHasADescription() throws IOException {
        List<String> undescribed = new ArrayList<>();
        for (Map.Entry<String, String> crd : crdsIn(CHECKED_IN).entrySet()) {
            JsonNode tree = YAML.readTree(crd.getValue());
            JsonNode schema = tree.at("/spec/versions/0/schema/openAPIV3Schema");
            collectUndescribed(crd.getKey(), schema, undescribed);
        }

        assertThat(undescribed).isEmpty();
    }

    @Test
    void everyListIsBoundedAndTyped() throws IOException {
        List<String> open = new ArrayList<>();
        for (Map.Entry<String, String> crd : crdsIn(CHECKED_IN).entrySet()) {
            collectOpenLists(crd.getKey(), YAML.readTree(crd.getValue()), open);
        }

        assertThat(open).isEmpty();
    }

    private static void collectUndescribed(String path, JsonNode schema, List<String> found) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String at = path + "." + property.getKey();
            if (property.getValue().path("description").asText().isBlank()) {
                found.add(at);
            }
            collectUndescribed(at, property.getValue(), found);
            collectUndescribed(at + "[]", property.getValue().path("items"), found);
        }
    }

    private static void collectOpenLists(String path, JsonNode node, List<String> found) {
        boolean array = node.path("type").asText().equals("array");
        if (array && !(node.has("maxItems") && node.has("x-kubernetes-list-type"))) {
            found.add(path);
        }
        boolean freeText = node.path("type").asText().equals("string") && !node.has("enum");
        if (path.contains("openAPIV3Schema") && freeText && !node.has("maxLength")) {
            found.add(path);
        }
        node.properties().forEach(child -> collectOpenLists(path + "." + child.getKey(), child.getValue(), found));
    }

    private static Map<String, String> crdsIn(Path directory) throws IOException {
        Map<String, String> crds = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith("lvs-operator.io.yaml"))
                    .toList()) {
                crds.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return crds;
    }
}
