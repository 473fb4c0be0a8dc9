package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.NotFromC;

/**
 * How long IPVS keeps connections without packets, in seconds; one set for each network namespace. The kernel begins with
 * 900, 120, 300.
 *
 * @param tcp established TCP connections
 * @param tcpFin TCP connections after a FIN
 * @param udp UDP
 */
public record IpvsTimeouts(int tcp, int tcpFin, int udp) {
    /** In a change: this timeout stays as it is. */
    @NotFromC("ip_vs_set_timeout passes over a 0")
    public static final int UNCHANGED = 0;
}
