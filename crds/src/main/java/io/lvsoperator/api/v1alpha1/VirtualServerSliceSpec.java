package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled service. A director programs one IPVS service per Serving address and port, with the Serving real servers
 * as destinations of the address's family; a real-server node holds every listed address for which it is listed. A slice
 * without addresses is withdrawn: nobody holds anything of it any more.
 *
 * <p>Its lists are atomic, as the operator alone writes them and always whole: server-side apply turns a merged list whose
 * last item is removed into none at all, and would keep the owner of every single item of a thousand.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VirtualServerSliceSpec(
        @JsonPropertyDescription("Name of the fleet that serves it.") @Required @Size(min = 1, max = 63)
        String fleet,

        @JsonPropertyDescription("Generation of the VirtualService that was compiled.") @Required
        Long virtualServiceGeneration,

        @JsonPropertyDescription("The VIPs and where each stands.")
        @Required
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = 8)
        List<SliceAddress> addresses,

        @JsonPropertyDescription("Ports on each VIP.") @Required @ListType(ListType.Kind.ATOMIC) @Size(max = 16)
        List<SlicePort> ports,

        @JsonPropertyDescription("Kernel name of the scheduler.") @Required
        SchedulerName scheduler,

        @JsonPropertyDescription("Flags of the scheduler.") @ListType(ListType.Kind.ATOMIC) @Size(max = 2) @Required
        List<SchedulerFlag> schedulerFlags,

        @JsonPropertyDescription("Forwarding method of every destination.") @Required
        ForwardingMethod forwarding,

        @JsonPropertyDescription("Persistence timeout in seconds; left out without persistence.") @Nullable
        Integer persistenceTimeoutSeconds,

        @JsonPropertyDescription("The real servers and where each stands.")
        @Required
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = Api.MAX_REAL_SERVERS)
        List<SliceRealServer> realServers,

        @JsonPropertyDescription("How far the metrics go into detail; left out: RealServer.") @Nullable
        MetricsDetail metrics) {

    /** A VIP of the slice. */
    public record SliceAddress(
            @JsonPropertyDescription("The VIP.") @Required @Size(max = 45)
            String value,

            @JsonPropertyDescription(
                    "Entering: only real servers hold it yet. Serving: directors serve it. Leaving: directors let go of it,"
                            + " real servers still hold it.")
            @Required
            Phase phase) {}

    /** A port of the slice. */
    public record SlicePort(
            @JsonPropertyDescription("Transport protocol.") @Required
            Protocol protocol,

            @JsonPropertyDescription("Port on the VIP.") @Required @Min(1) @Max(65535)
            Integer port,

            @JsonPropertyDescription("Port on the real servers.") @Required @Min(1) @Max(65535)
            Integer targetPort) {}

    /** A real server of the slice. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SliceRealServer(
            @JsonPropertyDescription("Address that directors send to.") @Required @Size(max = 45)
            String address,

            @JsonPropertyDescription("Node that has this address; left out for a host outside the cluster.")
            @Size(max = 253)
            @Nullable
            String node,

            @JsonPropertyDescription("Weight of the destination.") @Required @Min(0) @Max(65535)
            Integer weight,

            @JsonPropertyDescription(
                    "Entering: its node holds the VIP, no director sends to it yet. Serving: directors send to it."
                            + " Leaving: directors remove it, its node still holds the VIP.")
            @Required
            Phase phase) {}
}
