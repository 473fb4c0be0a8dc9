package io.lvsoperator.operator.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Typed reading of variables; an empty one is as good as none. */
final class Environment {
    static final TypeReference<List<LocalObjectReference>> PULL_SECRETS = new TypeReference<>() {};
    static final TypeReference<List<Toleration>> TOLERATIONS = new TypeReference<>() {};
    static final TypeReference<ResourceRequirements> RESOURCES = new TypeReference<>() {};

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    Optional<String> optional(String variable) {
        return Optional.ofNullable(variables.get(variable)).map(String::strip).filter(value -> !value.isEmpty());
    }

    String text(String variable, String otherwise) {
        return optional(variable).orElse(otherwise);
    }

    String required(String variable, String what) {
        return optional(variable).orElseThrow(() -> new ConfigurationException(variable + " is not set: give " + what));
    }

    String oneOf(String variable, String otherwise, List<String> values) {
        String value = text(variable, otherwise);
        if (!values.contains(value)) {
            throw refused(variable, value, "one of " + String.join(", ", values));
        }
        return value;
    }

    boolean flag(String variable, boolean otherwise) {
        return oneOf(variable, Boolean.toString(otherwise), List.of("true", "false"))
                .equals("true");
    }

    int number(String variable, int otherwise, int min, int max) {
        String value = text(variable, Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ConfigurationException(refusal(variable, value, range(min, max)), e);
        }
        throw refused(variable, value, range(min, max));
    }

    <T> T json(String variable, String otherwise, TypeReference<T> type) {
        String value = text(variable, otherwise);
        try {
            T read = JSON.readValue(value, type);
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    refusal(variable, value, "JSON of the Kubernetes API (" + e.getOriginalMessage() + ")"), e);
        }
        throw refused(variable, value, "JSON of the Kubernetes API");
    }

    private static String range(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    private static ConfigurationException refused(String variable, String value, String expected) {
        return new ConfigurationException(refusal(variable, value, expected));
    }

    private static String refusal(String variable, String value, String expected) {
        return variable + " is '" + value + "': give " + expected;
    }
}
