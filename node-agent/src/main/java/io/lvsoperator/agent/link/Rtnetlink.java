package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;

/** Message types, groups, structures and attributes of rtnetlink. */
@CHeader("linux/rtnetlink.h")
final class Rtnetlink {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_SETLINK = 19;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;

    static final int RTNLGRP_LINK = 1;
    static final int RTNLGRP_IPV4_IFADDR = 5;
    static final int RTNLGRP_IPV6_IFADDR = 9;

    @CName(header = "sys/socket.h")
    static final int AF_UNSPEC = 0;

    @CName(header = "sys/socket.h")
    static final int AF_INET = 2;

    @CName("offsetof(struct ifinfomsg, ifi_family)")
    static final int IFI_FAMILY = 0;

    @CName("offsetof(struct ifinfomsg, ifi_type)")
    static final int IFI_TYPE = 2;

    @CName("offsetof(struct ifinfomsg, ifi_index)")
    static final int IFI_INDEX = 4;

    @CName("offsetof(struct ifinfomsg, ifi_flags)")
    static final int IFI_FLAGS = 8;

    @CName("sizeof(struct ifinfomsg)")
    static final int IFINFOMSG_SIZE = 16;

    @CName(header = "linux/if_arp.h")
    static final int ARPHRD_ETHER = 1;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_AF_SPEC = 26;

    @CName(header = "linux/if_link.h")
    static final int IFLA_INET_CONF = 1;

    @CName("offsetof(struct ifaddrmsg, ifa_family)")
    static final int IFA_FAMILY = 0;

    @CName("offsetof(struct ifaddrmsg, ifa_prefixlen)")
    static final int IFA_PREFIXLEN = 1;

    @CName("offsetof(struct ifaddrmsg, ifa_flags)")
    static final int IFA_HEADER_FLAGS = 2;

    @CName("offsetof(struct ifaddrmsg, ifa_index)")
    static final int IFA_INDEX = 4;

    @CName("sizeof(struct ifaddrmsg)")
    static final int IFADDRMSG_SIZE = 8;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_LABEL = 3;
    static final int IFA_CACHEINFO = 6;
    static final int IFA_FLAGS = 8;
    static final int IFA_PROTO = 11;

    @CName("offsetof(struct ifa_cacheinfo, ifa_prefered)")
    static final int CACHEINFO_PREFERRED = 0;

    @CName("offsetof(struct ifa_cacheinfo, ifa_valid)")
    static final int CACHEINFO_VALID = 4;

    @CName("sizeof(struct ifa_cacheinfo)")
    static final int CACHEINFO_SIZE = 16;

    private Rtnetlink() {}
}
