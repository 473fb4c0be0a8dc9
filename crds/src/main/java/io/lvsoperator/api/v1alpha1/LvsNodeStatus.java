package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent of a node reports: how far it is, and exceptions only. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LvsNodeStatus(
        @JsonPropertyDescription("metadata.generation of the roles that were applied last.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Version of the agent.") @Size(max = 63) @Nullable
        String agentVersion,

        @JsonPropertyDescription("What the node's kernel offers.") @Nullable
        Capabilities capabilities,

        @JsonPropertyDescription(
                "How far the node is with each fleet that it has a role in, or still has to clean up after.")
        @ListType(value = ListType.Kind.MAP, keys = "fleet")
        @Size(max = 80)
        @Nullable
        List<FleetProgress> fleets,

        @JsonPropertyDescription("State of the virtual routers.")
        @ListType(
                value = ListType.Kind.MAP,
                keys = {"fleet", "family"})
        @Size(max = 32)
        @Nullable
        List<VirtualRouterStatus> virtualRouters,

        @JsonPropertyDescription("Settings of the kernel that fleets ask for.")
        @ListType(value = ListType.Kind.MAP, keys = "name")
        @Size(max = 32)
        @Nullable
        List<KernelSettingStatus> kernelSettings,

        @JsonPropertyDescription(
                "Ready: the agent can program the node. KernelSettings: they are as fleets ask; there while one asks. Firewall: so is the agent's own nftables table. ConnectionSync: the daemons run as a fleet asks. Undisturbed: neither kube-proxy nor the firewall works against the services; there while the node is a director. Peers: nothing is wrong between it and the other directors; there while it has some.")
        @ListType(value = ListType.Kind.MAP, keys = "type")
        @Size(max = 8)
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Number of real servers that connections pile up at because they do not answer.")
        @Nullable
        Integer notAnsweringCount,

        @JsonPropertyDescription("The first of them.")
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = Api.MAX_NOT_ANSWERING)
        @Nullable
        List<NotAnswering> notAnswering,

        @JsonPropertyDescription(
                "Virtual servers whose packets conntrack passes over, as fleets ask; left out when none does.")
        @Nullable
        UntrackedStatus untracked) {

    /** What the kernel offers. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Capabilities(
            @JsonPropertyDescription("Version of IPVS in the kernel, such as 1.2.1; left out when there is none.")
            @Size(max = 16)
            @Nullable
            String ipvsVersion,

            @JsonPropertyDescription("Schedulers that the kernel has.")
            @ListType(ListType.Kind.SET)
            @Size(max = 14)
            @Required
            List<SchedulerName> schedulers,

            @JsonPropertyDescription("Release of the kernel, as uname -r prints it.") @Size(max = 64) @Nullable
            String kernelVersion,

            @JsonPropertyDescription("Address families that it balances.")
            @ListType(ListType.Kind.SET)
            @Size(max = 2)
            @Nullable
            List<AddressFamily> addressFamilies,

            @JsonPropertyDescription(
                    "What it can do beyond that. AddressProtocol: notes who added an address. ConnectionSync: tells another director of its connections. ConnectionTracking: lets netfilter track them. PacketFilter: has nf_tables.")
            @ListType(ListType.Kind.SET)
            @Size(max = 16)
            @Nullable
            List<KernelFeature> features) {}

    /** A setting of the kernel. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KernelSettingStatus(
            @JsonPropertyDescription("Name of the sysctl, or ipvs.timeout.tcp, ipvs.timeout.tcpfin, ipvs.timeout.udp.")
            @Required
            @Size(max = 63)
            String name,

            @JsonPropertyDescription("What a fleet asks for.") @Required
            Integer wanted,

            @JsonPropertyDescription("What it was read back as; left out when the kernel has no such setting.")
            @Nullable
            Integer value) {}

    /** Entries in the sets of the agent's own nftables table. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UntrackedStatus(
            @JsonPropertyDescription("Number that fleets ask for: virtual servers, and VIPs of firewall marks.")
            @Required
            Integer wanted,

            @JsonPropertyDescription("Number of them that were read back; left out when the kernel has no nf_tables.")
            @Nullable
            Integer value) {}

    /** How far the node is with one fleet. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FleetProgress(
            @JsonPropertyDescription("Name of the fleet.") @Required @Size(min = 1, max = 63)
            String fleet,

            @JsonPropertyDescription(
                    "resourceVersion that the node's watch of the fleet's slices had reached before it took what it has now applied whole.")
            @Size(max = 64)
            @Nullable
            String appliedResourceVersion,

            @JsonPropertyDescription(
                    "Digest of what the tables of the mh scheduler are made of on this director: equal on all directors of a fleet"
                            + " that have applied the same. Left out without such services, and while they are being changed.")
            @Size(max = 16)
            @Nullable
            String hashDigest,

            @JsonPropertyDescription("A failure of the role as a whole, such as a missing interface.") @Nullable
            Failure failure,

            @JsonPropertyDescription("Number of slices that could not be applied.") @Required
            Integer failedSliceCount,

            @JsonPropertyDescription("The first of them.")
            @ListType(
                    value = ListType.Kind.MAP,
                    keys = {"namespace", "name"})
            @Size(max = Api.MAX_FAILED_SLICES)
            @Nullable
            List<FailedSlice> failedSlices) {}

    /** A real server that does not answer. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NotAnswering(
            @JsonPropertyDescription("Namespace of the slice.") @Required @Size(max = 63)
            String namespace,

            @JsonPropertyDescription("Name of the slice.") @Required @Size(max = 253)
            String name,

            @JsonPropertyDescription("Virtual server that sends to it, such as TCP 192.0.2.100:80.")
            @Required
            @Size(max = 64)
            String virtualServer,

            @JsonPropertyDescription("Address of the real server.") @Required @Size(max = 45)
            String address,

            @JsonPropertyDescription("Port of the real server; 0 for all.") @Required @Min(0) @Max(65535)
            Integer port,

            @JsonPropertyDescription("At least so many connections were seen to wait for it at once (SYN_RECV).")
            @Required
            Long waiting,

            @JsonPropertyDescription("All: no new connection gets through to it. Some: a part does.") @Required
            StuckExtent extent,

            @JsonPropertyDescription(
                    "Whether clients repeat their first packet, as they do when nothing comes back; they do not when they are"
                            + " refused. Left out when the kernel's counters cannot tell.")
            @Nullable
            Boolean clientsRepeat) {}

    /** Why something could not be applied. */
    public record Failure(
            @JsonPropertyDescription("One CamelCase word out of a closed list.") @Required @Size(max = 64)
            String reason,

            @JsonPropertyDescription("What is wrong and the way out.") @Required @Size(max = 1024)
            String message) {}

    /** A slice that could not be applied. */
    public record FailedSlice(
            @JsonPropertyDescription("Namespace of the slice.") @Required @Size(max = 63)
            String namespace,

            @JsonPropertyDescription("Name of the slice.") @Required @Size(max = 253)
            String name,

            @JsonPropertyDescription("One CamelCase word out of a closed list.") @Required @Size(max = 64)
            String reason,

            @JsonPropertyDescription("What is wrong and the way out.") @Required @Size(max = 1024)
            String message) {}

    /** State of one virtual router on this node. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VirtualRouterStatus(
            @JsonPropertyDescription("Name of the fleet.") @Required @Size(min = 1, max = 63)
            String fleet,

            @JsonPropertyDescription("Family of its VIPs.") @Required
            AddressFamily family,

            @JsonPropertyDescription("Initialize, Backup or Active.") @Required
            VirtualRouterState state,

            @JsonPropertyDescription("When it entered this state, RFC 3339.") @Required @Size(max = 64)
            String since,

            @JsonPropertyDescription("Why it is not taking part, when it is not.") @Nullable
            Failure failure,

            @JsonPropertyDescription("Address that it sends from; left out while it has none.")
            @Size(max = 45)
            @Nullable
            String sourceAddress) {}
}
