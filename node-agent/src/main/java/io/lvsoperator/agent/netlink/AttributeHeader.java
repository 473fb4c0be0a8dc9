package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import io.lvsoperator.agent.nativeaccess.NotFromC;

/** {@code struct nlattr}. */
@CHeader("linux/netlink.h")
final class AttributeHeader {
    @CName("offsetof(struct nlattr, nla_len)")
    static final int LENGTH = 0;

    @CName("offsetof(struct nlattr, nla_type)")
    static final int TYPE = 2;

    @CName("sizeof(struct nlattr)")
    static final int SIZE = 4;

    static final int NLA_ALIGNTO = 4;
    static final int NLA_F_NESTED = 0x8000;

    /** Without the bits that say NESTED and BYTEORDER. */
    @CName("NLA_TYPE_MASK & 0xffff")
    static final int NLA_TYPE_MASK = 0x3fff;

    @NotFromC("the width of nla_len")
    static final int LONGEST = 0xffff;

    private AttributeHeader() {}

    static int aligned(int length) {
        return (length + NLA_ALIGNTO - 1) & -NLA_ALIGNTO;
    }
}
