package io.lvsoperator.e2e.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The list of all requirements: {@code conformance/vrrp.yaml}, which tells what its fields mean.
 *
 * @param reasons by key
 * @param requirements in the order of the page
 */
record Requirements(Map<String, Reason> reasons, List<Requirement> requirements) {

    /** Why a requirement is not held. */
    record Reason(String kind, String text) {
        @Override
        public String toString() {
            return kind + ": " + text;
        }
    }

    /** One of them. */
    record Requirement(
            String id,
            String section,
            String level,
            String rule,
            @Nullable String excuse,
            @Nullable String withoutPositive,
            @Nullable String withoutNegative) {

        /** Why a form has no test, if that is said. */
        Optional<String> without(Form form) {
            return Optional.ofNullable(
                    switch (form) {
                        case POSITIVE -> withoutPositive;
                        case NEGATIVE -> withoutNegative;
                    });
        }
    }

    static Requirements load() {
        try (InputStream list = Requirements.class.getResourceAsStream("/conformance/vrrp.yaml")) {
            return new ObjectMapper(new YAMLFactory())
                    .readValue(Objects.requireNonNull(list, "conformance/vrrp.yaml"), Requirements.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why this one is not held, if it is not. */
    Optional<Reason> excuse(Requirement requirement) {
        return Optional.ofNullable(requirement.excuse())
                .map(key ->
                        Objects.requireNonNull(reasons.get(key), requirement.id() + ": no reason is called " + key));
    }
}
