package io.lvsoperator.agent.ipvs;

/**
 * Connections that a destination has now.
 *
 * @param active of TCP those in ESTABLISHED, SYN_SENT, SYN_RECV and SYNACK ({@code tcp_state_active_table} of
 *     net/netfilter/ipvs/ip_vs_proto_tcp.c), so also those that nobody has answered yet
 * @param inactive in any other state
 * @param persistent persistence templates
 */
public record ConnectionCounts(long active, long inactive, long persistent) {
    public static final ConnectionCounts ZERO = new ConnectionCounts(0, 0, 0);
}
