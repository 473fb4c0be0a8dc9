package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is observed of a {@link VirtualService}; written by the operator. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VirtualServiceStatus(
        @JsonPropertyDescription("metadata.generation that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted, ResolvedRefs, Programmed, Ready, Degraded, and Reconciling or Stalled while they apply.")
        @ListType(value = ListType.Kind.MAP, keys = "type")
        @Size(max = 16)
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("The VIPs that the directors serve now.")
        @ListType(ListType.Kind.SET)
        @Size(max = 2)
        @Nullable
        List<@Size(max = 45) String> addresses,

        @JsonPropertyDescription("Nodes whose director is Active for one of the VIPs.")
        @ListType(ListType.Kind.SET)
        @Size(max = 16)
        @Nullable
        List<@Size(max = 253) String> activeDirectors,

        @JsonPropertyDescription("How many directors there are and how many have applied this generation.") @Nullable
        DirectorCounts directors,

        @JsonPropertyDescription("How many real servers the service has.") @Nullable
        RealServerCounts realServers) {

    /** Directors of the service's fleet. */
    public record DirectorCounts(
            @JsonPropertyDescription("Directors of the fleet whose agent is ready.") @Required
            Integer desired,

            @JsonPropertyDescription("Those that have applied this generation.") @Required
            Integer programmed) {}

    /** Real servers of the service. */
    public record RealServerCounts(
            @JsonPropertyDescription("Real servers that the sources give.") @Required
            Integer total,

            @JsonPropertyDescription("Those that directors send new connections to.") @Required
            Integer serving) {}
}
