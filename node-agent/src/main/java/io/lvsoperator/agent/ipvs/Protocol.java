package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.CHeader;

/** An IP protocol number. Open, since the kernel takes any number that another program gives it. */
@CHeader("netinet/in.h")
public record Protocol(int number) {
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_SCTP = 132;

    public static final Protocol TCP = new Protocol(IPPROTO_TCP);
    public static final Protocol UDP = new Protocol(IPPROTO_UDP);
    public static final Protocol SCTP = new Protocol(IPPROTO_SCTP);

    @Override
    public String toString() {
        return switch (number) {
            case IPPROTO_TCP -> "TCP";
            case IPPROTO_UDP -> "UDP";
            case IPPROTO_SCTP -> "SCTP";
            default -> "protocol " + number;
        };
    }
}
