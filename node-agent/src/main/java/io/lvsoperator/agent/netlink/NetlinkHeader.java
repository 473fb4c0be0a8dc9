package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;

/** {@code struct nlmsghdr}, its types and flags, and {@code struct nlmsgerr}. */
@CHeader("linux/netlink.h")
final class NetlinkHeader {
    @CName("offsetof(struct nlmsghdr, nlmsg_len)")
    static final int LENGTH = 0;

    @CName("offsetof(struct nlmsghdr, nlmsg_type)")
    static final int TYPE = 4;

    @CName("offsetof(struct nlmsghdr, nlmsg_flags)")
    static final int FLAGS = 6;

    @CName("offsetof(struct nlmsghdr, nlmsg_seq)")
    static final int SEQUENCE = 8;

    @CName("offsetof(struct nlmsghdr, nlmsg_pid)")
    static final int PORT_ID = 12;

    @CName("sizeof(struct nlmsghdr)")
    static final int SIZE = 16;

    static final int NLMSG_ALIGNTO = 4;

    static final int NLMSG_NOOP = 1;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLMSG_OVERRUN = 4;

    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_MULTI = 0x2;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    /** On NLMSG_ERROR: the request is not repeated beyond its header. */
    static final int NLM_F_CAPPED = 0x100;
    /** On NLMSG_ERROR and NLMSG_DONE: attributes follow. */
    static final int NLM_F_ACK_TLVS = 0x200;

    /** The error code, negative, or 0 for an acknowledgement; NLMSG_DONE begins likewise. */
    @CName("offsetof(struct nlmsgerr, error)")
    static final int ERROR_CODE = 0;

    /** The header of the request that is answered. */
    @CName("offsetof(struct nlmsgerr, msg)")
    static final int ERROR_REQUEST = 4;

    /** What went wrong, in words. */
    static final int NLMSGERR_ATTR_MSG = 1;

    private NetlinkHeader() {}

    static int aligned(int length) {
        return (length + NLMSG_ALIGNTO - 1) & -NLMSG_ALIGNTO;
    }
}
