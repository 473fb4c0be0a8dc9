package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A label selector with the meaning of the Kubernetes one; an empty selector is refused, as it would select everything. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "(has(self.matchLabels) && size(self.matchLabels) > 0)"
                + " || (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
        message = "a selector needs matchLabels or matchExpressions: an empty one would select everything")
public record LabelSelector(
        @JsonPropertyDescription("Labels that must be there with exactly these values.") @Size(max = 32) @Nullable
        Map<String, @Size(max = 63) String> matchLabels,

        @JsonPropertyDescription("Requirements that must all hold.")
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = 32)
        @Nullable
        List<Requirement> matchExpressions) {

    /** One requirement on one label. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                    + " : !has(self.values) || size(self.values) == 0",
            messageExpression =
                    "self.operator in ['In', 'NotIn'] ? 'operator %s needs values to compare %s with'.format([self.operator,"
                            + " self.key]) : 'operator %s takes no values: remove them, or use In or NotIn'.format([self.operator])")
    public record Requirement(
            @JsonPropertyDescription("The label's key.") @Required @Size(min = 1, max = 317)
            String key,

            @JsonPropertyDescription("How the label relates to the values.") @Required
            SelectorOperator operator,

            @JsonPropertyDescription("Values for In and NotIn.")
            @ListType(ListType.Kind.ATOMIC)
            @Size(max = 64)
            @Nullable
            List<@Size(max = 63) String> values) {}

    /** Whether an object with these labels is selected. */
    public boolean matches(@Nullable Map<String, String> labels) {
        Map<String, String> present = labels == null ? Map.of() : labels;
        boolean allLabels = matchLabels == null || present.entrySet().containsAll(matchLabels.entrySet());
        return allLabels
                && (matchExpressions == null || matchExpressions.stream().allMatch(r -> holds(r, present)));
    }

    private static boolean holds(Requirement requirement, Map<String, String> labels) {
        @Nullable String value = labels.get(requirement.key());
        List<String> values = requirement.values() == null ? List.of() : requirement.values();
        return switch (requirement.operator()) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
        };
    }
}
