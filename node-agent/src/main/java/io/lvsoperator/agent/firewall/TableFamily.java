package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;

/** The families of tables that IP packets pass. */
@CHeader("linux/netfilter.h")
public enum TableFamily implements CConstant {
    NFPROTO_INET(1),
    NFPROTO_IPV4(2),
    NFPROTO_IPV6(10);

    private final int number;

    TableFamily(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    /** Whether packets of that family pass its tables. */
    public boolean covers(AddressFamily family) {
        return switch (this) {
            case NFPROTO_INET -> true;
            case NFPROTO_IPV4 -> family == AddressFamily.IPV4;
            case NFPROTO_IPV6 -> family == AddressFamily.IPV6;
        };
    }

    /** As {@code nft} writes it. */
    @Override
    public String toString() {
        return switch (this) {
            case NFPROTO_INET -> "inet";
            case NFPROTO_IPV4 -> "ip";
            case NFPROTO_IPV6 -> "ip6";
        };
    }
}
