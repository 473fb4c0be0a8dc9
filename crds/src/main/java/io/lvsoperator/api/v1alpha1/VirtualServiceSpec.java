package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link VirtualService} asks for. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.ports) != has(self.firewallMark)",
        messageExpression =
                "has(self.ports) ? 'both ports and firewallMark %d are given: make them two VirtualServices'.format("
                        + "[self.firewallMark]) : 'neither ports nor firewallMark is given: say which packets are balanced'",
        fieldPath = ".ports",
        reason = "FieldValueInvalid")
@ValidationRule(
        value = "!has(self.ports) || self.ports.all(p, !has(p.targetPort) || p.targetPort == p.port) ||"
                + " (self.forwarding.method == 'NAT' && !self.realServers.exists(r, has(r.forwarding) &&"
                + " r.forwarding.method == 'DR'))",
        messageExpression =
                "'%s: with forwarding.method DR a packet keeps its destination port, so leave targetPort out, or use"
                        + " forwarding.method NAT for every real server'.format([self.ports.filter(p, has(p.targetPort) &&"
                        + " p.targetPort != p.port).map(p, '%s (port %d, targetPort %d)'.format([p.name, p.port,"
                        + " p.targetPort]))])",
        fieldPath = ".ports",
        reason = "FieldValueInvalid")
@ValidationRule(
        value = "!has(self.ports) || has(self.persistence) || self.ports.all(p, p.port != 0)",
        messageExpression =
                "'%s: port 0 stands for all ports, which the kernel balances with persistence only, so add persistence or"
                        + " list the ports'.format([self.ports.filter(p, p.port == 0).map(p, p.name)])",
        fieldPath = ".ports",
        reason = "FieldValueInvalid")
@ValidationRule(
        value = "!self.onePacket || !has(self.ports) || self.ports.all(p, p.protocol == 'UDP')",
        messageExpression =
                "'%s: one-packet scheduling is for UDP, whose packets can stand alone, so remove onePacket or put these ports"
                        + " into a VirtualService of their own'.format([self.ports.filter(p, p.protocol != 'UDP').map(p, '%s"
                        + " (%s)'.format([p.name, p.protocol]))])",
        fieldPath = ".onePacket",
        reason = "FieldValueInvalid")
@ValidationRule(
        value = "!has(self.persistence) || self.persistence.engine != 'sip' || !has(self.ports) || self.ports.all(p,"
                + " p.protocol == 'UDP')",
        messageExpression =
                "'%s: the kernel reads SIP over UDP only, so remove persistence.engine or put these ports into a"
                        + " VirtualService of their own'.format([self.ports.filter(p, p.protocol != 'UDP').map(p, '%s"
                        + " (%s)'.format([p.name, p.protocol]))])",
        fieldPath = ".persistence.engine",
        reason = "FieldValueInvalid")
@ValidationRule(
        value = "size(self.addresses) == 0 || !self.addresses.all(a, isIP(a.value)) || self.realServers.all(r,"
                + " !has(r.address) || !isIP(r.address) || self.addresses.exists(a, ip(a.value).family() =="
                + " ip(r.address).family()))",
        messageExpression =
                "'%s: no VIP in spec.addresses is of that family (IPv4 real servers stand behind an IPv4 VIP, IPv6"
                        + " ones behind an IPv6 VIP), so add one or remove the real server'.format([self.realServers.filter(r,"
                        + " has(r.address) && isIP(r.address) && !self.addresses.exists(a, isIP(a.value) && ip(a.value).family() =="
                        + " ip(r.address).family())).map(r, r.address)])",
        fieldPath = ".realServers",
        reason = "FieldValueInvalid")
public record VirtualServiceSpec(
        @JsonPropertyDescription("The DirectorFleet that serves this service. Cannot be changed.") @Required
        FleetReference fleetRef,

        @JsonPropertyDescription("The virtual IP addresses (VIPs): at most one of each family.")
        @Required
        @ListType(value = ListType.Kind.MAP, keys = "value")
        @Size(min = 1, max = 2)
        @ValidationRule(
                value = "self.filter(a, isIP(a.value) && ip(a.value).family() == 4).size() <= 1"
                        + " && self.filter(a, isIP(a.value) && ip(a.value).family() == 6).size() <= 1",
                messageExpression =
                        "'%s: at most one address per family, so put the second one into a VirtualService of its own'"
                                + ".format([self.map(a, a.value)])",
                reason = "FieldValueInvalid")
        List<VirtualAddress> addresses,

        @JsonPropertyDescription(
                "The ports that are balanced, each with the same real servers. Exactly one of ports and firewallMark.")
        @ListType(value = ListType.Kind.MAP, keys = "name")
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(p, self.exists_one(q, q.protocol == p.protocol && q.port == p.port))",
                messageExpression =
                        "'%s: each protocol and port may be listed once, so remove all but one'.format([self.filter(p,"
                                + " !self.exists_one(q, q.protocol == p.protocol && q.port == p.port)).map(p,"
                                + " '%s (%s %d)'.format([p.name, p.protocol, p.port]))])",
                reason = "FieldValueInvalid")
        @Nullable
        List<ServicePort> ports,

        @JsonPropertyDescription(
                "Balances the packets that carry this firewall mark, whatever their protocol and port, in each family that"
                        + " addresses has. Rules of your own on every director set it (nftables: meta mark set), on packets to"
                        + " the addresses, in prerouting or before priority 99 of input. The kernel compares the whole mark,"
                        + " and kube-proxy acts on the bits 0x4000 and 0x8000, so leave these clear.")
        @Min(1)
        @Max(4294967295L)
        @ValidationRule(
                value = "self < 2113929216 || self > 2130706431",
                messageExpression =
                        "'%d is one of the marks 2113929216 to 2130706431 (0x7e......), which the agents need for themselves:"
                                + " choose another'.format([self])")
        @Nullable
        Long firewallMark,

        @JsonPropertyDescription("How a director chooses the real server of a new connection.") @Default("{}")
        Scheduler scheduler,

        @JsonPropertyDescription(
                "One-packet scheduling: each UDP packet is scheduled anew and leaves no connection entry. Made for DR: with"
                        + " NAT the replies of real servers are not translated. For UDP ports and firewall marks.")
        @Default("false")
        Boolean onePacket,

        @JsonPropertyDescription("How a director hands packets to the real servers.") @Required
        Forwarding forwarding,

        @JsonPropertyDescription(
                "Keeps a client at the real server of its first connection. Left out: each connection is scheduled anew.")
        @Nullable
        Persistence persistence,

        @JsonPropertyDescription("Where the real servers come from: each item is exactly one of address and nodes.")
        @Required
        @ListType(ListType.Kind.ATOMIC)
        @Size(min = 1, max = 64)
        @ValidationRule(
                value = "self.all(r, !has(r.address) || self.exists_one(o, has(o.address) && o.address == r.address))",
                messageExpression =
                        "'%s: each real server address may be listed once, so remove all but one; a weight gives it a larger"
                                + " share'.format([self.filter(r, has(r.address) && !self.exists_one(o, has(o.address) && o.address =="
                                + " r.address)).map(r, r.address)])",
                reason = "FieldValueInvalid")
        List<RealServerSource> realServers,

        @JsonPropertyDescription("Which metrics the directors' agents give of the service. Left out: all.") @Nullable
        Metrics metrics) {

    /** The ports; none for a service of a firewall mark. */
    public List<ServicePort> servicePorts() {
        return ports == null ? List.of() : ports;
    }

    /** Names the fleet of a service. */
    @ValidationRule(
            value = "self == oldSelf",
            messageExpression =
                    "'a VirtualService cannot move from fleet %s to %s: create a second one there with another address,"
                            + " then delete this one'.format([oldSelf.name, self.name])",
            reason = "FieldValueForbidden")
    public record FleetReference(
            @JsonPropertyDescription("Name of the DirectorFleet (cluster-scoped).")
            @Required
            @Size(min = 1, max = 63)
            @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            String name) {}

    /** One VIP. */
    public record VirtualAddress(
            @JsonPropertyDescription(
                    "An IPv4 or IPv6 unicast address in canonical form, without prefix length, of the directors' segment or routed to it.")
            @Required
            @Size(min = 2, max = 45)
            @ValidationRule(
                    value = "isIP(self)",
                    messageExpression =
                            "\"'%s' is no IP address: give one IPv4 or IPv6 address without prefix length\".format([self])")
            @ValidationRule(
                    value = "!isIP(self) || ip.isCanonical(self)",
                    messageExpression = "\"'%s' is not in canonical form: write %s\".format([self, string(ip(self))])")
            @ValidationRule(
                    value = "!isIP(self) || ip(self).isGlobalUnicast()",
                    messageExpression = "\"'%s' cannot be a VIP: give a unicast address, not an unspecified,"
                            + " loopback, link-local, multicast or broadcast one\".format([self])")
            String value) {}

    /** One port of the service. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "self.port != 0 || !has(self.targetPort)",
            messageExpression =
                    "'port 0 stands for all ports, and each of them stays as it is, so remove targetPort %d'.format("
                            + "[self.targetPort])",
            fieldPath = ".targetPort",
            reason = "FieldValueInvalid")
    public record ServicePort(
            @JsonPropertyDescription("Name of the port, unique in the service.")
            @Required
            @Size(min = 1, max = 63)
            @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            String name,

            @JsonPropertyDescription("Transport protocol.") @Default("TCP")
            Protocol protocol,

            @JsonPropertyDescription(
                    "Port on the VIP, 1 to 65535. 0: all ports that no other service of the VIP has; with persistence only.")
            @Required
            @Min(0)
            @Max(65535)
            Integer port,

            @JsonPropertyDescription(
                    "Port on the real servers; with forwarding method NAT only. Left out: the same as port.")
            @Min(1)
            @Max(65535)
            @Nullable
            Integer targetPort) {

        /** The port on the real server. */
        public int realServerPort() {
            return targetPort == null ? port : targetPort;
        }
    }

    /** Scheduler and its flags. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "!has(self.flags) || self.flags.all(f, f.startsWith(self.name + '-'))",
            messageExpression =
                    "'%s cannot go with scheduler %s: sh-fallback and sh-port belong to sh, mh-fallback and mh-port to mh,"
                            + " so remove the flag or change the scheduler'.format([self.flags.filter(f, !f.startsWith(self.name + '-')),"
                            + " self.name])",
            reason = "FieldValueInvalid")
    public record Scheduler(
            @JsonPropertyDescription("The kernel's name of the scheduler.") @Default("wlc")
            SchedulerName name,

            @JsonPropertyDescription("Flags of the scheduler: sh-fallback, sh-port, mh-fallback, mh-port.")
            @ListType(ListType.Kind.SET)
            @Size(max = 2)
            @Nullable
            List<SchedulerFlag> flags) {}

    /** The forwarding method. */
    public record Forwarding(
            @JsonPropertyDescription(
                    "NAT: addresses are translated and replies must pass the director. DR (direct routing): real servers"
                            + " hold the VIP themselves and answer clients directly. Cannot be changed.")
            @Required
            @ValidationRule(
                    value = "self == oldSelf",
                    messageExpression =
                            "'the forwarding method of a living service cannot change from %s to %s, as its connections would"
                                    + " break: create a second VirtualService with another address, then delete this one'"
                                    + ".format([oldSelf, self])",
                    reason = "FieldValueForbidden")
            ForwardingMethod method) {}

    /** Persistence by client. */
    public record Persistence(
            @JsonPropertyDescription("Seconds after the last connection of a client until it is scheduled anew.")
            @Default("360")
            @Min(1)
            @Max(2678400)
            Integer timeoutSeconds,

            @JsonPropertyDescription(
                    "How many leading bits of an IPv4 client's address make a client; 32 is the address.")
            @Default("32")
            @Min(1)
            @Max(32)
            Integer ipv4PrefixLength,

            @JsonPropertyDescription(
                    "How many leading bits of an IPv6 client's address make a client; 128 is the address.")
            @Default("128")
            @Min(1)
            @Max(128)
            Integer ipv6PrefixLength,

            @JsonPropertyDescription(
                    "none: the address alone. sip: SIP calls over UDP stay together by their Call-ID, from wherever they come.")
            @Default("none")
            PersistenceEngine engine) {}

    /** Real servers by address or by nodes. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "has(self.address) != has(self.nodes)",
            messageExpression =
                    "has(self.address) ? 'both address %s and nodes are given: make them two items'.format([self.address])"
                            + " : 'neither address nor nodes is given: say where the real servers come from'",
            reason = "FieldValueInvalid")
    public record RealServerSource(
            @JsonPropertyDescription(
                    "Address of a host outside the cluster; with DR the host must hold the VIP silently itself (see the docs).")
            @Size(min = 2, max = 45)
            @ValidationRule(
                    value = "isIP(self)",
                    messageExpression =
                            "\"'%s' is no IP address: give the IPv4 or IPv6 address of the real server\".format([self])")
            @ValidationRule(
                    value = "!isIP(self) || ip.isCanonical(self)",
                    messageExpression = "\"'%s' is not in canonical form: write %s\".format([self, string(ip(self))])")
            @ValidationRule(
                    value = "!isIP(self) || ip(self).isGlobalUnicast()",
                    messageExpression = "\"'%s' cannot be a real server: give a unicast address, not an unspecified,"
                            + " loopback, link-local, multicast or broadcast one\".format([self])")
            @Nullable
            String address,

            @JsonPropertyDescription(
                    "Nodes of this cluster, out of the fleet's realServerNodes, by their InternalIP addresses; the agent sets them up.")
            @Nullable
            NodeSource nodes,

            @JsonPropertyDescription("Share of new connections relative to the other real servers; 0 takes none.")
            @Default("1")
            @Min(0)
            @Max(Integer.MAX_VALUE)
            Integer weight,

            @JsonPropertyDescription("How many connections each of them gets. Left out: any number.") @Nullable
            ConnectionLimits connectionLimits,

            @JsonPropertyDescription(
                    "How packets reach these real servers, where it is not as spec.forwarding says. With DR no port may have a"
                            + " targetPort of its own.")
            @Nullable
            RealServerForwarding forwarding) {}

    /** Connection thresholds of a real server, counted per port of the service and director. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "!has(self.lower) || self.lower <= self.upper",
            messageExpression =
                    "'lower %d is above upper %d: a real server is used again when its connections fall below lower, so give at"
                            + " most upper'.format([self.lower, self.upper])",
            fieldPath = ".lower",
            reason = "FieldValueInvalid")
    public record ConnectionLimits(
            @JsonPropertyDescription("Above this many connections it gets no new ones.")
            @Required
            @Min(1)
            @Max(Integer.MAX_VALUE)
            Integer upper,

            @JsonPropertyDescription(
                    "Below this many it gets new ones again, at most upper. Left out: three quarters of upper.")
            @Min(1)
            @Max(Integer.MAX_VALUE)
            @Nullable
            Integer lower) {}

    /** The forwarding method of single real servers. */
    public record RealServerForwarding(
            @JsonPropertyDescription(
                    "NAT or DR. A change lets the connections of these real servers go on as they began.")
            @Required
            ForwardingMethod method) {}

    /** Metrics of the service. */
    public record Metrics(
            @JsonPropertyDescription(
                    "None: no series. Service: those of each VIP and port. RealServer: those of each real server too.")
            @Required
            MetricsDetail detail) {}

    /** Nodes as real servers. */
    public record NodeSource(
            @JsonPropertyDescription("Which of the fleet's realServerNodes serve.") @Required
            LabelSelector selector) {}
}
