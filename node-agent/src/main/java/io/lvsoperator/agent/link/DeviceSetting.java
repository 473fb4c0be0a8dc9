package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;

/** IPv4 settings of an interface, named as in {@code /proc/sys/net/ipv4/conf}; the number is the attribute type. */
@CHeader("linux/ip.h")
public enum DeviceSetting implements CConstant {
    @CName("IPV4_DEVCONF_FORWARDING")
    FORWARDING(1),
    @CName("IPV4_DEVCONF_RP_FILTER")
    RP_FILTER(8),
    @CName("IPV4_DEVCONF_ARP_ANNOUNCE")
    ARP_ANNOUNCE(18),
    @CName("IPV4_DEVCONF_ARP_IGNORE")
    ARP_IGNORE(19),
    @CName("IPV4_DEVCONF_ACCEPT_LOCAL")
    ACCEPT_LOCAL(23);

    private final int number;

    DeviceSetting(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
