package io.lvsoperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether {@code objects/invalid} has an object for every constraint of the schema, judged by the message that each
 * expects. That the API server really answers so is tested by CrdIT of the module e2e.
 */
class InvalidObjectsTest {
    private static final Path INVALID = Path.of("src/test/resources/objects/invalid");
    private static final String EXPECT = "# expect: ";

    /** The API server's words for the constraints of a schema, as regular expressions. */
    private static final Map<String, String> WORDS = Map.of(
            "minimum", "should be greater than or equal to %s$",
            "maximum", "should be less than or equal to %s$",
            "minLength", "should be at least %s chars long$",
            "maxLength", "Too long: may not be more than %s bytes$",
            "minItems", "should have at least %s items$",
            "maxItems", "must have at most %s items$",
            "maxProperties", "must have at most %s items$",
            "pattern", "should match '%s'$",
            "enum", "Unsupported value: .*");

    /** A literal of a CEL expression. */
    private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    /** Shorter literals are no wording but names, such as an operator's. */
    private static final int SHORTEST_WORDING = 15;

    private final List<String> expectations = expectations();

    InvalidObjectsTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(strings = {"virtualservices", "directorfleets"})
    void everyBoundOfPeoplesKindsIsHit(String kind) throws IOException {
        List<String> untested = constraints("spec", schema(kind).at("/properties/spec"))
                .filter(constraint -> expectations.stream().noneMatch(constraint.asMatchPredicate()))
                .map(Pattern::pattern)
                .toList();

        assertThat(untested)
                .as("constraints of %s that no object in %s breaks", kind, INVALID)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtualservices", "directorfleets", "virtualserverslices", "lvsnodes"})
    void everyWordingOfEveryRuleIsHit(String kind) throws IOException {
        List<String> unheard = rules(schema(kind))
                .flatMap(InvalidObjectsTest::wordings)
                .filter(wording -> expectations.stream().noneMatch(expected -> expected.contains(wording)))
                .distinct()
                .toList();

        assertThat(unheard)
                .as("wordings of %s that no object in %s provokes", kind, INVALID)
                .isEmpty();
    }

    @Test
    void everyRuleHasAMessage() throws IOException {
        for (String kind : List.of("virtualservices", "directorfleets", "virtualserverslices", "lvsnodes")) {
            assertThat(rules(schema(kind)))
                    .as(kind)
                    .allSatisfy(rule -> assertThat(wordings(rule)).isNotEmpty());
        }
    }

    @Test
    void everyObjectSaysWhatItExpects() throws IOException {
        for (Path file : files()) {
            assertThat(Files.readString(file)).as(file.toString()).startsWith(EXPECT);
        }
    }

    private static Stream<Pattern> constraints(String path, JsonNode schema) {
        Stream<Pattern> own = WORDS.entrySet().stream()
                .filter(word -> schema.has(word.getKey()))
                .map(word -> Pattern.compile(path + ": .*"
                        + word.getValue()
                                .formatted(
                                        Pattern.quote(schema.path(word.getKey()).asText()))));
        Stream<Pattern> required = Stream.of(schema.path("required"))
                .flatMap(names -> names.valueStream().map(JsonNode::asText))
                .map(name -> Pattern.compile(path + "\\." + name + ": Required value"));
        Stream<Pattern> unique = schema.path("x-kubernetes-list-type").asText().matches("set|map")
                ? Stream.of(Pattern.compile(path + "\\[\\d+]: Duplicate value.*"))
                : Stream.of();
        Stream<Pattern> fields = schema.path("properties")
                .propertyStream()
                .flatMap(field -> constraints(below(path, field.getKey()), field.getValue()));
        Stream<Pattern> items = Stream.of(schema.path("items"), schema.path("additionalProperties"))
                .filter(JsonNode::isObject)
                .flatMap(item -> constraints(path + "(\\[\\d+]|\\.\\w+)", item));
        return Stream.of(own, required, unique, fields, items).flatMap(all -> all);
    }

    /** Selectors are one Java type in several places: an object that breaks one of them speaks for all. */
    private static String below(String path, String field) {
        return field.matches("nodeSelector|selector") ? "spec\\..*[sS]elector" : path + "\\." + field;
    }

    private static Stream<JsonNode> rules(JsonNode schema) {
        return Stream.concat(
                schema.path("x-kubernetes-validations").valueStream(),
                schema.valueStream().flatMap(InvalidObjectsTest::rules));
    }

    /** The longest stretch of each literal of a message that no value is put into. */
    private static Stream<String> wordings(JsonNode rule) {
        if (rule.has("message")) {
            return Stream.of(rule.path("message").asText());
        }
        List<String> literals = new ArrayList<>();
        Matcher matcher = LITERAL.matcher(rule.path("messageExpression").asText());
        while (matcher.find()) {
            literals.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return literals.stream()
                .map(literal -> Arrays.stream(literal.split("'?%[sd]'?"))
                        .max(Comparator.comparingInt(String::length))
                        .orElse(""))
                .filter(wording -> wording.length() >= SHORTEST_WORDING);
    }

    private static List<String> expectations() throws IOException {
        List<String> expectations = new ArrayList<>();
        for (Path file : files()) {
            Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(EXPECT))
                    .forEach(line -> expectations.add(line.substring(EXPECT.length())));
        }
        return expectations;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(INVALID)) {
            return files.filter(file -> !file.toString().endsWith(".before.yaml"))
                    .toList();
        }
    }

    private static JsonNode schema(String plural) throws IOException {
        return new YAMLMapper()
                .readTree(Files.readString(Path.of("manifests", plural + ".lvs-operator.io.yaml")))
                .at("/spec/versions/0/schema/openAPIV3Schema");
    }
}
