package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is observed of a {@link DirectorFleet}; written by the operator. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DirectorFleetStatus(
        @JsonPropertyDescription("metadata.generation that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Accepted, Programmed, Ready, Degraded, and Reconciling or Stalled while they apply.")
        @ListType(value = ListType.Kind.MAP, keys = "type")
        @Size(max = 16)
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("How many directors there are and how many are ready.") @Nullable
        DirectorCounts directors,

        @JsonPropertyDescription("Which node is Active, per address family.")
        @ListType(
                value = ListType.Kind.MAP,
                keys = {"family", "node"})
        @Size(max = 32)
        @Nullable
        List<ActiveDirector> activeDirectors,

        @JsonPropertyDescription("Virtual router id of the directors: the one of the spec, or the one allocated.")
        @Min(1)
        @Max(255)
        @Nullable
        Integer firstVirtualRouterId) {

    /** Directors of the fleet. */
    public record DirectorCounts(
            @JsonPropertyDescription("Nodes that the fleet chooses as directors.") @Required
            Integer desired,

            @JsonPropertyDescription("Those whose agent is ready and reports no failure for this fleet.") @Required
            Integer ready) {}

    /** The Active director of one family. */
    public record ActiveDirector(
            @JsonPropertyDescription("Family of the VIPs.") @Required
            AddressFamily family,

            @JsonPropertyDescription("Node of the director.") @Required @Size(max = 253)
            String node) {}
}
