package io.lvsoperator.agent.nativeaccess;

/** Flags, protocol numbers, offsets and sizes of the C library's socket interface on 64-bit Linux. */
@CHeader("sys/socket.h")
final class CSockets {
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MSG_TRUNC = 0x20;

    @CName(value = "sizeof(struct sockaddr_storage)")
    static final int SOCKADDR_STORAGE_SIZE = 128;

    @CName(value = "offsetof(struct msghdr, msg_name)")
    static final long MSGHDR_NAME = 0;

    @CName(value = "offsetof(struct msghdr, msg_namelen)")
    static final long MSGHDR_NAMELEN = 8;

    @CName(value = "offsetof(struct msghdr, msg_iov)")
    static final long MSGHDR_IOV = 16;

    @CName(value = "offsetof(struct msghdr, msg_iovlen)")
    static final long MSGHDR_IOVLEN = 24;

    @CName(value = "offsetof(struct msghdr, msg_control)")
    static final long MSGHDR_CONTROL = 32;

    @CName(value = "offsetof(struct msghdr, msg_controllen)")
    static final long MSGHDR_CONTROLLEN = 40;

    @CName(value = "offsetof(struct msghdr, msg_flags)")
    static final long MSGHDR_FLAGS = 48;

    @CName(value = "sizeof(struct msghdr)")
    static final int MSGHDR_SIZE = 56;

    @CName(value = "offsetof(struct mmsghdr, msg_len)")
    static final int MMSGHDR_LEN = 56;

    @CName(value = "sizeof(struct mmsghdr)")
    static final int MMSGHDR_SIZE = 64;

    @CName(value = "offsetof(struct iovec, iov_base)")
    static final long IOVEC_BASE = 0;

    @CName(value = "offsetof(struct iovec, iov_len)")
    static final long IOVEC_LEN = 8;

    @CName(value = "sizeof(struct iovec)")
    static final int IOVEC_SIZE = 16;

    @CName(value = "offsetof(struct cmsghdr, cmsg_len)")
    static final int CMSGHDR_LEN = 0;

    @CName(value = "offsetof(struct cmsghdr, cmsg_level)")
    static final int CMSGHDR_LEVEL = 8;

    @CName(value = "offsetof(struct cmsghdr, cmsg_type)")
    static final int CMSGHDR_TYPE = 12;

    /** Where the data begins. */
    @CName(value = "CMSG_LEN(0)")
    static final int CMSGHDR_SIZE = 16;

    /** What the next header is aligned to. */
    @CName(value = "CMSG_ALIGN(1)")
    static final int CMSG_ALIGNMENT = 8;

    @CName(header = "netinet/in.h")
    static final int IP_PKTINFO = 8;

    @CName(header = "netinet/in.h")
    static final int IPV6_PKTINFO = 50;

    @CName(header = "netinet/in.h")
    static final int IPV6_HOPLIMIT = 52;

    @CName(value = "offsetof(struct in_pktinfo, ipi_ifindex)", header = "netinet/in.h")
    static final int IN_PKTINFO_IFINDEX = 0;

    @CName(value = "offsetof(struct in_pktinfo, ipi_addr)", header = "netinet/in.h")
    static final int IN_PKTINFO_ADDR = 8;

    @CName(value = "sizeof(struct in_pktinfo)", header = "netinet/in.h")
    static final int IN_PKTINFO_SIZE = 12;

    @CName(value = "offsetof(struct in6_pktinfo, ipi6_addr)", header = "netinet/in.h")
    static final int IN6_PKTINFO_ADDR = 0;

    @CName(value = "offsetof(struct in6_pktinfo, ipi6_ifindex)", header = "netinet/in.h")
    static final int IN6_PKTINFO_IFINDEX = 16;

    @CName(value = "sizeof(struct in6_pktinfo)", header = "netinet/in.h")
    static final int IN6_PKTINFO_SIZE = 20;

    @CName(value = "offsetof(struct ip_mreqn, imr_multiaddr)", header = "netinet/in.h")
    static final int IP_MREQN_MULTIADDR = 0;

    @CName(value = "offsetof(struct ip_mreqn, imr_address)", header = "netinet/in.h")
    static final int IP_MREQN_ADDRESS = 4;

    @CName(value = "offsetof(struct ip_mreqn, imr_ifindex)", header = "netinet/in.h")
    static final int IP_MREQN_IFINDEX = 8;

    @CName(value = "sizeof(struct ip_mreqn)", header = "netinet/in.h")
    static final int IP_MREQN_SIZE = 12;

    @CName(value = "offsetof(struct ipv6_mreq, ipv6mr_multiaddr)", header = "netinet/in.h")
    static final int IPV6_MREQ_MULTIADDR = 0;

    @CName(value = "offsetof(struct ipv6_mreq, ipv6mr_interface)", header = "netinet/in.h")
    static final int IPV6_MREQ_INTERFACE = 16;

    @CName(value = "sizeof(struct ipv6_mreq)", header = "netinet/in.h")
    static final int IPV6_MREQ_SIZE = 20;

    @CName(header = "poll.h")
    static final int POLLIN = 1;

    @CName(value = "offsetof(struct pollfd, fd)", header = "poll.h")
    static final long POLLFD_FD = 0;

    @CName(value = "offsetof(struct pollfd, events)", header = "poll.h")
    static final long POLLFD_EVENTS = 4;

    @CName(value = "offsetof(struct pollfd, revents)", header = "poll.h")
    static final long POLLFD_REVENTS = 6;

    @CName(value = "sizeof(struct pollfd)", header = "poll.h")
    static final long POLLFD_SIZE = 8;

    @CName(value = "offsetof(struct timespec, tv_sec)", header = "time.h")
    static final long TIMESPEC_SEC = 0;

    @CName(value = "offsetof(struct timespec, tv_nsec)", header = "time.h")
    static final long TIMESPEC_NSEC = 8;

    @CName(value = "sizeof(struct timespec)", header = "time.h")
    static final long TIMESPEC_SIZE = 16;

    @CName(header = "sys/eventfd.h")
    static final int EFD_CLOEXEC = 0x80000;

    @CName(header = "sys/eventfd.h")
    static final int EFD_NONBLOCK = 0x800;

    private CSockets() {}
}
