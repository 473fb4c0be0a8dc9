package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ConnectionLimits;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Persistence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled service. A director programs one IPVS service per Serving address and port, or one per firewall mark and
 * family of the Serving addresses, with the Serving real servers as destinations of that family; a real-server node holds
 * every listed address for which it is listed. A slice
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

        @JsonPropertyDescription("Ports on each VIP; none with a firewall mark.")
        @Required
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = 16)
        List<SlicePort> ports,

        @JsonPropertyDescription("Firewall mark of the packets that are balanced; left out for a service of ports.")
        @Min(1)
        @Max(4294967295L)
        @Nullable
        Long firewallMark,

        @JsonPropertyDescription("Kernel name of the scheduler.") @Required
        SchedulerName scheduler,

        @JsonPropertyDescription("Flags of the scheduler.") @ListType(ListType.Kind.ATOMIC) @Size(max = 2) @Required
        List<SchedulerFlag> schedulerFlags,

        @JsonPropertyDescription("Whether each packet is scheduled anew.") @Required
        Boolean onePacket,

        @JsonPropertyDescription("Persistence; left out without it.") @Nullable
        Persistence persistence,

        @JsonPropertyDescription("The real servers and where each stands.")
        @Required
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = Api.MAX_REAL_SERVERS)
        List<SliceRealServer> realServers,

        @JsonPropertyDescription("How far the metrics go into detail; left out: RealServer.") @Nullable
        MetricsDetail metrics) {

    /** The same service at other addresses with other real servers. */
    public VirtualServerSliceSpec with(List<SliceAddress> otherAddresses, List<SliceRealServer> otherRealServers) {
        return new VirtualServerSliceSpec(
                fleet,
                virtualServiceGeneration,
                otherAddresses,
                ports,
                firewallMark,
                scheduler,
                schedulerFlags,
                onePacket,
                persistence,
                otherRealServers,
                metrics);
    }

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

            @JsonPropertyDescription("Port on the VIP; 0 for all.") @Required @Min(0) @Max(65535)
            Integer port,

            @JsonPropertyDescription("Port on the real servers; 0 for that of the packet.")
            @Required
            @Min(0)
            @Max(65535)
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

            @JsonPropertyDescription("Weight of the destination.") @Required @Min(0) @Max(Integer.MAX_VALUE)
            Integer weight,

            @JsonPropertyDescription("Connection thresholds of the destination; left out without limits.") @Nullable
            ConnectionLimits connectionLimits,

            @JsonPropertyDescription("Forwarding method of the destination.") @Required
            ForwardingMethod forwarding,

            @JsonPropertyDescription(
                    "Entering: its node holds the VIP, no director sends to it yet. Serving: directors send to it."
                            + " Leaving: directors remove it, its node still holds the VIP.")
            @Required
            Phase phase) {

        /** The same real server in another phase. */
        public SliceRealServer in(Phase other) {
            return new SliceRealServer(address, node, weight, connectionLimits, forwarding, other);
        }

        /** Whether a node of the cluster must hold the VIPs before directors may send to this real server. */
        public boolean mustHoldVips() {
            return node != null && forwarding.needsVipOnRealServer();
        }
    }
}
