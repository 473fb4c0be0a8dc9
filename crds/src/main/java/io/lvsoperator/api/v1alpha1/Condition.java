package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One observation of a controller, as the Kubernetes API conventions shape it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription("What is observed, in CamelCase.") @Required @Size(max = 316)
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        ConditionStatus status,

        @JsonPropertyDescription("Why, as one CamelCase word out of a closed list.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        String reason,

        @JsonPropertyDescription("Why, in words: what is wrong, where, and the way out.") @Required @Size(max = 32768)
        String message,

        @JsonPropertyDescription("metadata.generation that this condition speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When the status last changed, RFC 3339.") @Required @Size(max = 64)
        String lastTransitionTime) {}
