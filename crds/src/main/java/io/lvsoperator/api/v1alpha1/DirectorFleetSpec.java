package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a {@link DirectorFleet} asks for. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DirectorFleetSpec(
        @JsonPropertyDescription("Which nodes are directors.") @Required
        NodeChoice directors,

        @JsonPropertyDescription("Which nodes may be real servers of this fleet. Left out: none.") @Nullable
        NodeChoice realServerNodes,

        @JsonPropertyDescription("Where the VIPs live.") @Required
        Network network,

        @JsonPropertyDescription("How the directors elect the Active one.") @Default("{}")
        Vrrp vrrp,

        @JsonPropertyDescription("Whose VirtualServices this fleet serves.") @Default("{}")
        AllowedNamespaces allowedNamespaces,

        @JsonPropertyDescription(
                "Settings of the directors' kernels; what is left out stays as it is. They are the node's, whatever the fleet:"
                        + " of two fleets that ask for different values on a node, the older one's stands. All but"
                        + " connectionTimeouts need the chart's agent.writableKernelSettings.")
        @Nullable
        KernelSettings kernelSettings,

        @JsonPropertyDescription(
                "What the directors' packet filters do for the services: rules of the agents' own nftables table, inet lvs-operator.")
        @Default("{}")
        Firewall firewall,

        @JsonPropertyDescription(
                "How the directors tell each other of their connections, so that these survive a failover.")
        @Default("{}")
        ConnectionSync connectionSync) {

    /** A choice of nodes by label. */
    public record NodeChoice(
            @JsonPropertyDescription("Labels of the nodes.") @Required
            LabelSelector nodeSelector) {}

    /** The interface that faces the segment of the VIPs, on every node of the fleet. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "has(self.interface) != has(self.interfaceFor)",
            messageExpression =
                    "has(self.interface) ? 'both interface %s and interfaceFor %s are given: remove one'.format("
                            + "[self.interface, self.interfaceFor]) : 'neither interface nor interfaceFor is given: name the interface, or"
                            + " a prefix that it holds an address of'",
            reason = "FieldValueInvalid")
    public record Network(
            @JsonProperty("interface")
            @JsonPropertyDescription("Name of the interface, the same on every node.")
            @Size(min = 1, max = 15)
            @Pattern("^[^/:\\s]+$")
            @Nullable
            String interfaceName,

            @JsonPropertyDescription(
                    "A prefix such as 192.0.2.0/24: the interface is the one that holds an address of it.")
            @Size(min = 4, max = 49)
            @ValidationRule(
                    value = "isCIDR(self)",
                    messageExpression =
                            "\"'%s' is no prefix: give one such as 192.0.2.0/24 or 2001:db8::/64\".format([self])")
            @ValidationRule(
                    value = "!isCIDR(self) || cidr(self) == cidr(self).masked()",
                    messageExpression =
                            "\"'%s' has bits set behind its length: write %s\".format([self, string(cidr(self).masked())])")
            @Nullable
            String interfaceFor) {}

    /** VRRP between the directors: one virtual router per family, both with the same router id. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "!has(self.version) || self.version != 2 || self.advertisementIntervalMilliseconds < 100"
                    + " || self.advertisementIntervalMilliseconds > 40950"
                    + " || self.advertisementIntervalMilliseconds % 1000 == 0",
            messageExpression =
                    "'version 2 counts in whole seconds, and advertisementIntervalMilliseconds is %d: give a multiple of 1000, or version 3'"
                            + ".format([self.advertisementIntervalMilliseconds])",
            reason = "FieldValueInvalid")
    @ValidationRule(
            value = "!has(self.version) || self.version != 2 || self.checksum != 'KeepalivedLegacy'",
            message =
                    "version 2 has one checksum only, which keepalived sends too: remove checksum KeepalivedLegacy, or give version 3",
            reason = "FieldValueInvalid")
    public record Vrrp(
            @JsonPropertyDescription(
                    "Virtual router id (VRID), unique among all VRRP routers of the segment. Left out: one that no other fleet of"
                            + " the cluster has, kept for good and shown in the status; give it where routers of others, such"
                            + " as keepalived, are on the segment.")
            @Min(1)
            @Max(255)
            @Nullable
            Integer firstVirtualRouterId,

            @JsonPropertyDescription(
                    "Interval of the adverts in milliseconds, a multiple of 10. A failure is noticed after three.")
            @Default("1000")
            @Min(100)
            @Max(40950)
            @ValidationRule(
                    value = "self < 100 || self > 40950 || self % 10 == 0",
                    messageExpression =
                            "'%d is no multiple of 10 milliseconds, and VRRP counts in centiseconds: give %d or %d'.format("
                                    + "[self, self / 10 * 10, self / 10 * 10 + 10])")
            Integer advertisementIntervalMilliseconds,

            @JsonPropertyDescription("Whether a director of higher priority takes the VIPs back.") @Default("{}")
            Preemption preemption,

            @JsonPropertyDescription(
                    "Checksum of the adverts that are sent over IPv4. Both forms are accepted. KeepalivedLegacy is for peers that run keepalived with its default.")
            @Default("RFC9568")
            ChecksumForm checksum,

            @JsonPropertyDescription(
                    "Version of VRRP. 3: RFC 9568. 2: RFC 3768, for peers that speak no other; it has no IPv6, so the virtual"
                            + " router of IPv6 speaks version 3 all the same, and intervals are whole seconds, which all its"
                            + " routers must have alike. A change takes hold on all directors within a moment, in which two"
                            + " may be Active.")
            @Default("3")
            @Min(2)
            @Max(3)
            Integer version,

            @JsonPropertyDescription(
                    "Multicast: adverts go to VRRP's group. Unicast, for segments that carry no multicast: to each director of the"
                            + " fleet, and only theirs are taken; they must be one hop away. The directors' agents report the"
                            + " addresses, nobody else can take part. A change takes hold on all directors within a moment, in"
                            + " which two may be Active.")
            @Default("Multicast")
            Transport transport) {}

    /** Preemption. */
    @ValidationRule(
            value = "!has(self.mode) || self.mode != 'NoPreempt' || self.delaySeconds == 0",
            messageExpression =
                    "'nothing is preempted in mode NoPreempt, and delaySeconds is %d: remove it, or set mode to Preempt'"
                            + ".format([self.delaySeconds])",
            reason = "FieldValueInvalid")
    public record Preemption(
            @JsonPropertyDescription(
                    "Preempt: the director of highest priority becomes Active. NoPreempt: a living Active stays.")
            @Default("Preempt")
            PreemptionMode mode,

            @JsonPropertyDescription(
                    "How long a director obeys an Active of lower priority before it preempts, in seconds, counted from the"
                            + " first advert that it hears of it. An Active that falls silent or leaves is replaced without it.")
            @Default("0")
            @Min(0)
            @Max(1000)
            Integer delaySeconds) {}

    /** Rules in the agents' own table. */
    public record Firewall(
            @JsonPropertyDescription(
                    "What conntrack does with clients' packets of virtual servers all whose real servers are reached by DR."
                            + " Untracked: passes them over, since it sees the clients' half of their connections only and takes the"
                            + " closing packets for invalid. Tracked: no rule is made; for hosts whose firewall accepts them by state new"
                            + " only. Virtual servers that have a NAT real server are tracked in any case.")
            @Default("Untracked")
            ConnectionTracking directRouting) {}

    /** The kernel's own connection synchronization, in both directions between all directors. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "self.enabled || !has(self.syncId)",
            messageExpression =
                    "'syncId %d is given, but enabled is false: remove it, or set enabled to true'.format([self.syncId])",
            reason = "FieldValueInvalid")
    public record ConnectionSync(
            @JsonPropertyDescription(
                    "Whether the directors run the kernel's synchronization daemons: multicast of IPVS on UDP port 8848 of the"
                            + " fleet's interface, to 224.0.0.81, or to ff02::81 where the interface has no IPv4 address. Fleets of"
                            + " one director run none.")
            @Default("true")
            Boolean enabled,

            @JsonPropertyDescription(
                    "Synchronization id, so that directors of other fleets on the segment are not listened to. Left out: that of the"
                            + " oldest fleet that shares directors with this one, in the end its virtual router id. A node has one id,"
                            + " whatever the number of fleets that it directs.")
            @Min(1)
            @Max(255)
            @Nullable
            Integer syncId) {}

    /** The namespaces whose services are accepted. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "(has(self.from) && self.from == 'Selector') == has(self.selector)",
            messageExpression =
                    "has(self.selector) ? 'a selector is given, but from is %s: set from to Selector, or remove the selector'"
                            + ".format([self.from]) : 'from is Selector, but no selector is given: give one, or set from to All'",
            reason = "FieldValueInvalid")
    public record AllowedNamespaces(
            @JsonPropertyDescription("All, or those that the selector matches.") @Default("All")
            NamespacesFrom from,

            @JsonPropertyDescription("Labels of the namespaces.") @Nullable
            LabelSelector selector) {}
}
