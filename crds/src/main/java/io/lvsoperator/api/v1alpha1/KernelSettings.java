package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the directors' kernels. What is left out stays as it is: since Linux 5.9 the kernel's own values suit a
 * director, which docs/reference/kernel-settings.md explains one by one.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record KernelSettings(
        @JsonPropertyDescription("How long IPVS remembers connections without packets.") @Nullable
        ConnectionTimeouts connectionTimeouts,

        @JsonPropertyDescription(
                "net.ipv4.vs.conn_reuse_mode, bits: 1 schedules a client's reused port anew when the old TCP connection is in"
                        + " TIME_WAIT, 2 also when it is in FIN_WAIT, the last state that a director sees with DR. The kernel's"
                        + " is 1.")
        @Min(0)
        @Max(3)
        @Nullable
        Integer connReuseMode,

        @JsonPropertyDescription(
                "net.ipv4.vs.conntrack: whether balanced connections have conntrack entries. True where the host's firewall"
                        + " drops invalid packets in FORWARD and real servers are behind NAT; false for DR.")
        @Nullable
        Boolean conntrack,

        @JsonPropertyDescription(
                "net.ipv4.vs.expire_nodest_conn: whether connections end with the next packet once their real server is"
                        + " removed. False lets them go on when it comes back.")
        @Nullable
        Boolean expireNodestConn,

        @JsonPropertyDescription(
                "net.ipv4.vs.expire_quiescent_template: whether persistence ends for a real server of weight 0.")
        @Nullable
        Boolean expireQuiescentTemplate,

        @JsonPropertyDescription(
                "net.ipv4.vs.sloppy_tcp: whether any TCP packet may begin a connection, not only a SYN. With scheduler mh a"
                        + " director then goes on with connections that another one began.")
        @Nullable
        Boolean sloppyTcp,

        @JsonPropertyDescription("net.ipv4.vs.sloppy_sctp: the same for SCTP.") @Nullable
        Boolean sloppySctp,

        @JsonPropertyDescription(
                "net.ipv4.vs.nat_icmp_send: whether a client is told when its NAT connection is unknown.")
        @Nullable
        Boolean natIcmpSend,

        @JsonPropertyDescription("net.ipv4.vs.schedule_icmp: whether ICMP errors may begin a connection.") @Nullable
        Boolean scheduleIcmp,

        @JsonPropertyDescription(
                "net.ipv4.vs.drop_entry, the defence that drops connections: 0 off, 1 on while memory is short, 3 always on;"
                        + " the kernel itself switches between 1 and 2, so that these count as the same.")
        @Min(0)
        @Max(3)
        @Nullable
        Integer dropEntry,

        @JsonPropertyDescription("net.ipv4.vs.drop_packet, the defence that drops packets; values as in dropEntry.")
        @Min(0)
        @Max(3)
        @Nullable
        Integer dropPacket,

        @JsonPropertyDescription("net.ipv4.vs.secure_tcp, the defence by shorter TCP states; values as in dropEntry.")
        @Min(0)
        @Max(3)
        @Nullable
        Integer secureTcp,

        @JsonPropertyDescription(
                "net.ipv6.conf.all.forwarding: whether the node forwards IPv6, which NAT over IPv6 needs. A node that forwards"
                        + " ignores router advertisements on interfaces whose accept_ra is not 2.")
        @Nullable
        Boolean ipv6Forwarding,

        @JsonPropertyDescription(
                "net.ipv4.vs.sync_threshold, its first number: with so many packets of its client a connection is told to the other"
                        + " directors. 2 covers connections on which nothing was sent yet. The kernel's is 3.")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer syncThreshold) {

    /** Timeouts in seconds, the same for all services of a node. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ConnectionTimeouts(
            @JsonPropertyDescription("Established TCP connections; the kernel's is 900.")
            @Min(1)
            @Max(2147483)
            @Nullable
            Integer tcpSeconds,

            @JsonPropertyDescription("TCP connections after a FIN; the kernel's is 120.")
            @Min(1)
            @Max(2147483)
            @Nullable
            Integer tcpFinSeconds,

            @JsonPropertyDescription("UDP; the kernel's is 300.") @Min(1) @Max(2147483) @Nullable
            Integer udpSeconds) {}
}
