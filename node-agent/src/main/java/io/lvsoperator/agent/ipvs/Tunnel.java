package io.lvsoperator.agent.ipvs;

/**
 * How TUN encapsulates, in the kernel's numbers; the kernel keeps it for every destination.
 *
 * @param type IP_VS_CONN_F_TUNNEL_TYPE_IPIP and so on
 * @param port UDP port of GUE, otherwise 0
 * @param flags IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM and so on
 */
public record Tunnel(int type, int port, int flags) {
    /** What a destination has that is not reached by a tunnel. */
    public static final Tunnel NONE = new Tunnel(0, 0, 0);
}
