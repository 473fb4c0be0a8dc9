package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Firewall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The roles of a node; written by the operator alone and always whole, so its lists are atomic and an empty one is written:
 * server-side apply would turn a spec whose last field is removed into none.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LvsNodeSpec(
        @JsonPropertyDescription("Fleets that this node directs.")
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = 16)
        @Nullable
        List<DirectorRole> directs,

        @JsonPropertyDescription("Fleets that this node may be a real server of.")
        @ListType(ListType.Kind.ATOMIC)
        @Size(max = 64)
        @Nullable
        List<RealServerRole> realServerFor) {

    /** The roles as director, empty when there are none. */
    public List<DirectorRole> directorRoles() {
        return directs == null ? List.of() : directs;
    }

    /** The roles as real server, empty when there are none. */
    public List<RealServerRole> realServerRoles() {
        return realServerFor == null ? List.of() : realServerFor;
    }

    /** This node directs a fleet. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record DirectorRole(
            @JsonPropertyDescription("Name of the fleet.") @Required @Size(min = 1, max = 63)
            String fleet,

            @JsonPropertyDescription("Where the VIPs live.") @Required
            DirectorFleetSpec.Network network,

            @JsonPropertyDescription("The virtual routers of the fleet, one per family.")
            @Required
            @ListType(ListType.Kind.ATOMIC)
            @Size(max = 2)
            List<VirtualRouter> virtualRouters,

            @JsonPropertyDescription("Settings of the kernel that the fleet asks for.") @Nullable
            KernelSettings kernelSettings,

            @JsonPropertyDescription("Rules that the fleet asks for; left out: none.") @Nullable
            Firewall firewall,

            @JsonPropertyDescription("Connection synchronization; left out: none.") @Nullable
            ConnectionSync connectionSync,

            @JsonPropertyDescription(
                    "The datagram that the directors of the fleet send each other; left out where a director has no address"
                            + " for it, and of an older operator.")
            @Nullable
            Heartbeat heartbeat) {}

    /** Connection synchronization with the other directors of the fleet, on the fleet's interface. */
    public record ConnectionSync(
            @JsonPropertyDescription("Synchronization id.") @Required @Min(1) @Max(255)
            Integer syncId) {}

    /** How this node and the other directors of the fleet tell each other that they live. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Heartbeat(
            @JsonPropertyDescription("Address of this node that it sends from and listens at.")
            @Required
            @Size(min = 2, max = 45)
            String address,

            @JsonPropertyDescription("UDP port, the same on all nodes.") @Required @Min(1) @Max(65535)
            Integer port,

            @JsonPropertyDescription("The other directors of the fleet.")
            @ListType(ListType.Kind.ATOMIC)
            @Size(max = 64)
            @Nullable
            List<HeartbeatPeer> peers) {

        /** The other directors, none when the node is alone. */
        public List<HeartbeatPeer> others() {
            return peers == null ? List.of() : peers;
        }
    }

    /** Another director of the fleet. */
    public record HeartbeatPeer(
            @JsonPropertyDescription("Name of the node.") @Required @Size(min = 1, max = 253)
            String node,

            @JsonPropertyDescription("Its address.") @Required @Size(min = 2, max = 45)
            String address) {}

    /** One virtual router as this node runs it. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record VirtualRouter(
            @JsonPropertyDescription("Family of its VIPs.") @Required
            AddressFamily family,

            @JsonPropertyDescription("Virtual router id.") @Required @Min(1) @Max(255)
            Integer virtualRouterId,

            @JsonPropertyDescription("Priority of this node, 1 to 254.") @Required @Min(1) @Max(254)
            Integer priority,

            @JsonPropertyDescription("Interval of the adverts in milliseconds.") @Required @Min(100) @Max(40950)
            Integer advertisementIntervalMilliseconds,

            @JsonPropertyDescription("Whether it takes over from a living Active of lower priority.") @Required
            PreemptionMode preemption,

            @JsonPropertyDescription("Checksum of the adverts sent over IPv4.") @Required
            ChecksumForm checksum,

            @JsonPropertyDescription(
                    "Link-local address of the virtual router, the first that it advertises; IPv6 only.")
            @Size(max = 45)
            @Nullable
            String linkLocalAddress,

            @JsonPropertyDescription("The other directors of the fleet, by node name.")
            @ListType(ListType.Kind.ATOMIC)
            @Size(max = 64)
            @Nullable
            List<@Size(max = 253) String> peers,

            @JsonPropertyDescription("Version of VRRP that it speaks. Left out: 3.") @Min(2) @Max(3) @Nullable
            Integer version,

            @JsonPropertyDescription("How long it obeys an Active of lower priority before it preempts. Left out: 0.")
            @Min(0)
            @Max(1000)
            @Nullable
            Integer preemptionDelaySeconds,

            @JsonPropertyDescription("How its adverts travel. Left out: Multicast.") @Nullable
            Transport transport,

            @JsonPropertyDescription(
                    "With Unicast: the address of this node that its peers were told. It takes no part while it sends from another one.")
            @Size(max = 45)
            @Nullable
            String sourceAddress,

            @JsonPropertyDescription("With Unicast: the addresses of the peers, as far as they have reported them.")
            @ListType(ListType.Kind.ATOMIC)
            @Size(max = 64)
            @Nullable
            List<@Size(max = 45) String> peerAddresses,

            @JsonPropertyDescription(
                    "Authentication of its adverts; the password is in the Secret that the agents read. Left out: None.")
            @Nullable
            AuthenticationType authentication) {}

    /** This node may be a real server of a fleet; which VIPs it holds is said by the fleet's slices. */
    public record RealServerRole(
            @JsonPropertyDescription("Name of the fleet.") @Required @Size(min = 1, max = 63)
            String fleet,

            @JsonPropertyDescription("The interface that faces the directors.") @Required
            DirectorFleetSpec.Network network) {}
}
