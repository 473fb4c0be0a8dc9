package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of values in the chart's README is made of the schema's descriptions and the defaults of values.yaml. */
class ReadmeTest {
    private static final Path README = Rendering.CHART.resolve("README.md");
    private static final String BEGIN = "<!-- values: made by ReadmeTest, do not edit -->\n";
    private static final String END = "<!-- end of values -->\n";

    private final JsonNode schema = new ObjectMapper().readTree(read("values.schema.json"));
    private final JsonNode values = new YAMLMapper().readTree(read("values.yaml"));

    ReadmeTest() throws IOException {}

    @Test
    void theTableIsThatOfTheSchema() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);

        Golden.compare(README, readme.substring(0, begin) + table() + readme.substring(end));
    }

    @Test
    void everyValueOfTheSchemaHasADefaultAndADescription() {
        List<String> incomplete = new ArrayList<>();
        leaves("", schema, values).forEach((leaf) -> {
            if (leaf.value().isMissingNode() || leaf.description().isBlank()) {
                incomplete.add(leaf.path());
            }
        });

        assertThat(incomplete).isEmpty();
    }

    private String table() {
        StringBuilder table = new StringBuilder("| Value | Default | Meaning |\n|---|---|---|\n");
        leaves("", schema, values)
                .forEach(leaf -> table.append("| `")
                        .append(leaf.path())
                        .append("` | `")
                        .append(leaf.value())
                        .append("` | ")
                        .append(leaf.description().replace("|", "\\|"))
                        .append(" |\n"));
        return table.toString();
    }

    /** The values that a user sets: those below which the schema names no further ones. */
    private static List<Leaf> leaves(String prefix, JsonNode schema, JsonNode values) {
        List<Leaf> leaves = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String path = prefix + property.getKey();
            if (path.equals("global")) {
                continue;
            }
            JsonNode value = values.path(property.getKey());
            boolean nested =
                    property.getValue().has("properties") && property.getValue().has("required");
            if (nested) {
                leaves.addAll(leaves(path + ".", property.getValue(), value));
            } else {
                leaves.add(new Leaf(
                        path, value, property.getValue().path("description").asText()));
            }
        }
        return leaves;
    }

    private static String read(String file) throws IOException {
        return Files.readString(Rendering.CHART.resolve(file));
    }

    private record Leaf(String path, JsonNode value, String description) {}
}
