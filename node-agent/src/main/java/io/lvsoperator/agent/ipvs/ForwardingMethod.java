package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.CHeader;

/** How packets reach a destination. Open, since the kernel keeps any of eight numbers. */
@CHeader("linux/ip_vs.h")
public record ForwardingMethod(int number) {
    private static final int IP_VS_CONN_F_MASQ = 0;
    private static final int IP_VS_CONN_F_LOCALNODE = 1;
    private static final int IP_VS_CONN_F_TUNNEL = 2;
    private static final int IP_VS_CONN_F_DROUTE = 3;
    private static final int IP_VS_CONN_F_BYPASS = 4;
    private static final int IP_VS_CONN_F_FWD_MASK = 7;

    /** NAT. */
    public static final ForwardingMethod MASQUERADE = new ForwardingMethod(IP_VS_CONN_F_MASQ);

    public static final ForwardingMethod LOCAL_NODE = new ForwardingMethod(IP_VS_CONN_F_LOCALNODE);
    public static final ForwardingMethod TUNNEL = new ForwardingMethod(IP_VS_CONN_F_TUNNEL);
    /** DR. */
    public static final ForwardingMethod DIRECT_ROUTE = new ForwardingMethod(IP_VS_CONN_F_DROUTE);

    public static final ForwardingMethod BYPASS = new ForwardingMethod(IP_VS_CONN_F_BYPASS);

    /** Takes the method out of a destination's connection flags. */
    public ForwardingMethod {
        number &= IP_VS_CONN_F_FWD_MASK;
    }

    @Override
    public String toString() {
        return switch (number) {
            case IP_VS_CONN_F_MASQ -> "NAT";
            case IP_VS_CONN_F_LOCALNODE -> "local node";
            case IP_VS_CONN_F_TUNNEL -> "TUN";
            case IP_VS_CONN_F_DROUTE -> "DR";
            case IP_VS_CONN_F_BYPASS -> "bypass";
            default -> "forwarding method " + number;
        };
    }
}
