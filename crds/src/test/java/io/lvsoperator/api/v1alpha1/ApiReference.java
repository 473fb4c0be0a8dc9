package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Writes {@code docs/reference/api.md} from the CRD manifests. */
final class ApiReference {
    /** People's kinds first. */
    private static final List<String> FILES = List.of(
            "virtualservices.lvs-operator.io.yaml",
            "directorfleets.lvs-operator.io.yaml",
            "virtualserverslices.lvs-operator.io.yaml",
            "lvsnodes.lvs-operator.io.yaml");

    private final StringBuilder text = new StringBuilder();

    private ApiReference() {}

    /** The reference of the manifests in a directory, as Markdown. */
    static String of(Path manifests) throws IOException {
        ApiReference reference = new ApiReference();
        reference.line("# API reference: lvs-operator.io/v1alpha1");
        reference.line("");
        reference.line(
                "Generated from `crds/manifests` by `make manifests`; edit the Java model in `crds`, not this file.");
        reference.line("");
        reference.line(
                "VirtualService and DirectorFleet are written by people, VirtualServerSlice and LvsNode by the operator and"
                        + " the node agents. Fields in bold are required. A *rule* is an expression in CEL that must hold, with `self`"
                        + " for the field and `oldSelf` for what it was.");
        for (String file : FILES) {
            reference.kind(new YAMLMapper().readTree(Files.readString(manifests.resolve(file))));
        }
        return reference.text.toString();
    }

    private void kind(JsonNode crd) {
        JsonNode names = crd.at("/spec/names");
        JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        line("");
        line("## " + names.path("kind").asText());
        line("");
        line(schema.path("description").asText());
        line("");
        line("`kubectl get " + names.path("plural").asText() + "`, short `"
                + names.at("/shortNames/0").asText() + "`; "
                + (crd.at("/spec/scope").asText().equals("Cluster") ? "cluster-scoped." : "namespaced."));
        for (String rule : rules(schema)) {
            line("");
            line("Rule: " + rule);
        }
        part("spec", schema);
        if (schema.at("/properties/status/properties").isObject()) {
            part("status", schema);
        }
    }

    private void part(String name, JsonNode schema) {
        JsonNode part = schema.path("properties").path(name);
        line("");
        line("### " + name);
        for (String rule : rules(part)) {
            line("");
            line("Rule: " + rule);
        }
        line("");
        line("| Field | Type | Default | Constraints | Description |");
        line("|---|---|---|---|---|");
        fields("", part);
    }

    private void fields(String prefix, JsonNode schema) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String path = prefix + property.getKey();
            JsonNode field = property.getValue();
            boolean required = contains(schema.path("required"), property.getKey());
            line("| " + cell(required ? "**`" + path + "`**" : "`" + path + "`")
                    + " | " + cell(type(field))
                    + " | " + cell(field.has("default") ? "`" + field.path("default") + "`" : "")
                    + " | " + cell(String.join("; ", constraints(field)))
                    + " | " + cell(field.path("description").asText()) + " |");
            fields(path + ".", field);
            fields(path + "[].", field.path("items"));
        }
    }

    private static String type(JsonNode field) {
        return switch (field.path("type").asText()) {
            case "array" -> "list of " + type(field.path("items"));
            case "object" -> field.has("additionalProperties") ? "map of strings" : "object";
            case "integer" -> field.path("format").asText("integer");
            case String other -> other;
        };
    }

    private static List<String> constraints(JsonNode field) {
        List<String> constraints = new ArrayList<>(bounds(field));
        if (field.path("type").asText().equals("array")) {
            bounds(field.path("items")).forEach(bound -> constraints.add("each " + bound));
            rules(field.path("items")).forEach(rule -> constraints.add("each: rule " + rule));
        }
        JsonNode values = field.path("additionalProperties");
        if (values.has("maxLength")) {
            constraints.add("values of at most " + values.path("maxLength") + " characters");
        }
        rules(field).forEach(rule -> constraints.add("rule " + rule));
        return constraints;
    }

    private static List<String> bounds(JsonNode field) {
        List<String> bounds = new ArrayList<>();
        if (field.has("enum")) {
            bounds.add("one of "
                    + String.join(
                            ", ",
                            elements(field.path("enum"))
                                    .map(value -> "`" + value + "`")
                                    .toList()));
        }
        range(field, "minimum", "maximum", "", bounds);
        range(field, "minLength", "maxLength", " characters", bounds);
        range(field, "minItems", "maxItems", " items", bounds);
        range(field, "minProperties", "maxProperties", " entries", bounds);
        if (field.has("pattern")) {
            bounds.add("matches `" + field.path("pattern").asText() + "`");
        }
        switch (field.path("x-kubernetes-list-type").asText()) {
            case "set" -> bounds.add("no item twice");
            case "map" ->
                bounds.add("no two items with the same "
                        + String.join(
                                " and ",
                                elements(field.path("x-kubernetes-list-map-keys"))
                                        .toList()));
            default -> {}
        }
        return bounds;
    }

    private static void range(JsonNode field, String low, String high, String unit, List<String> bounds) {
        if (field.has(low) && field.has(high)) {
            bounds.add(field.path(low) + " to " + field.path(high) + unit);
        } else if (field.has(low)) {
            bounds.add("at least " + field.path(low) + unit);
        } else if (field.has(high)) {
            bounds.add("at most " + field.path(high) + unit);
        }
    }

    private static List<String> rules(JsonNode schema) {
        return StreamSupport.stream(schema.path("x-kubernetes-validations").spliterator(), false)
                .map(rule -> "`" + rule.path("rule").asText() + "`")
                .toList();
    }

    private static Stream<String> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText);
    }

    private static boolean contains(JsonNode array, String value) {
        return elements(array).anyMatch(value::equals);
    }

    /** A bar would end the cell, even in code. */
    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
