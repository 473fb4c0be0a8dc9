package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import io.lvsoperator.agent.nativeaccess.NotFromC;

/** Message types, attributes and values of nf_tables and of the xtables extensions that iptables-nft puts into it. */
@CHeader("linux/netfilter/nf_tables.h")
final class NfTables {
    @CName(value = "NFNL_SUBSYS_NFTABLES", header = "linux/netfilter/nfnetlink.h")
    static final int NFNL_SUBSYS_NFTABLES = 10;

    @CName(value = "sizeof(struct nfgenmsg)", header = "linux/netfilter/nfnetlink.h")
    static final int NFGENMSG_SIZE = 4;

    @CName(value = "offsetof(struct nfgenmsg, nfgen_family)", header = "linux/netfilter/nfnetlink.h")
    static final int NFGEN_FAMILY = 0;

    @CName(value = "offsetof(struct nfgenmsg, res_id)", header = "linux/netfilter/nfnetlink.h")
    static final int NFGEN_RES_ID = 2;

    /** By what the header defines it as, which cannot stand alone. */
    @CName(value = "NLMSG_MIN_TYPE", header = "linux/netlink.h")
    static final int NFNL_MSG_BATCH_BEGIN = 0x10;

    @CName(value = "NLMSG_MIN_TYPE + 1", header = "linux/netlink.h")
    static final int NFNL_MSG_BATCH_END = 0x11;

    static final int NFT_MSG_NEWTABLE = 0;
    static final int NFT_MSG_GETTABLE = 1;
    static final int NFT_MSG_DELTABLE = 2;
    static final int NFT_MSG_NEWCHAIN = 3;
    static final int NFT_MSG_GETCHAIN = 4;
    static final int NFT_MSG_NEWRULE = 6;
    static final int NFT_MSG_GETRULE = 7;
    static final int NFT_MSG_NEWSET = 9;
    static final int NFT_MSG_GETSET = 10;
    static final int NFT_MSG_NEWSETELEM = 12;
    static final int NFT_MSG_GETSETELEM = 13;
    static final int NFT_MSG_DELSETELEM = 14;
    static final int NFT_MSG_GETGEN = 16;

    static final int NFTA_GEN_ID = 1;
    static final int NFTA_LIST_ELEM = 1;

    static final int NFTA_TABLE_NAME = 1;
    static final int NFTA_TABLE_FLAGS = 2;
    static final int NFTA_TABLE_USE = 3;
    static final int NFTA_TABLE_USERDATA = 6;

    @NotFromC("libnftnl's NFTNL_UDATA_TABLE_COMMENT: what nft shows as the comment of a table")
    static final byte UDATA_TABLE_COMMENT = 0;

    static final int NFTA_CHAIN_TABLE = 1;
    static final int NFTA_CHAIN_NAME = 3;
    static final int NFTA_CHAIN_HOOK = 4;
    static final int NFTA_CHAIN_POLICY = 5;
    static final int NFTA_CHAIN_TYPE = 7;
    static final int NFTA_HOOK_HOOKNUM = 1;
    static final int NFTA_HOOK_PRIORITY = 2;

    static final int NFTA_SET_TABLE = 1;
    static final int NFTA_SET_NAME = 2;
    static final int NFTA_SET_FLAGS = 3;
    static final int NFTA_SET_KEY_TYPE = 4;
    static final int NFTA_SET_KEY_LEN = 5;
    static final int NFTA_SET_ID = 10;
    static final int NFT_SET_INTERVAL = 0x4;
    static final int NFT_SET_MAP = 0x8;
    static final int NFT_SET_CONCAT = 0x80;

    static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    static final int NFTA_SET_ELEM_LIST_SET = 2;
    static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    static final int NFTA_SET_ELEM_KEY = 1;
    static final int NFTA_SET_ELEM_DATA = 2;
    static final int NFTA_SET_ELEM_FLAGS = 3;
    static final int NFT_SET_ELEM_INTERVAL_END = 0x1;
    static final int NFT_SET_ELEM_CATCHALL = 0x2;

    static final int NFTA_LOOKUP_SET = 1;
    static final int NFTA_LOOKUP_SREG = 2;
    static final int NFTA_LOOKUP_DREG = 3;
    static final int NFTA_LOOKUP_FLAGS = 5;
    static final int NFT_LOOKUP_F_INV = 0x1;

    static final int NFTA_RULE_TABLE = 1;
    static final int NFTA_RULE_CHAIN = 2;
    static final int NFTA_RULE_EXPRESSIONS = 4;
    static final int NFTA_EXPR_NAME = 1;
    static final int NFTA_EXPR_DATA = 2;

    static final int NFTA_CT_DREG = 1;
    static final int NFTA_CT_KEY = 2;
    static final int NFT_CT_STATE = 0;

    static final int NFTA_META_DREG = 1;
    static final int NFTA_META_KEY = 2;
    static final int NFTA_META_SREG = 3;
    static final int NFT_META_NFPROTO = 15;
    static final int NFT_META_L4PROTO = 16;

    static final int NFTA_PAYLOAD_DREG = 1;
    static final int NFTA_PAYLOAD_BASE = 2;
    static final int NFTA_PAYLOAD_OFFSET = 3;
    static final int NFTA_PAYLOAD_LEN = 4;
    static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
    static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

    /** The destination port of UDP and SCTP is at the same place. */
    @CName(value = "offsetof(struct tcphdr, dest)", header = "linux/tcp.h")
    static final int TCP_DEST = 2;

    @CName(value = "offsetof(struct iphdr, daddr)", header = "linux/ip.h")
    static final int IPV4_DADDR = 16;

    @CName(value = "offsetof(struct ipv6hdr, daddr)", header = "linux/ipv6.h")
    static final int IPV6_DADDR = 24;

    static final int NFTA_BITWISE_SREG = 1;
    static final int NFTA_BITWISE_DREG = 2;
    static final int NFTA_BITWISE_MASK = 4;
    static final int NFTA_BITWISE_XOR = 5;

    static final int NFTA_CMP_SREG = 1;
    static final int NFTA_CMP_OP = 2;
    static final int NFTA_CMP_DATA = 3;
    static final int NFT_CMP_EQ = 0;
    static final int NFT_CMP_NEQ = 1;

    static final int NFTA_IMMEDIATE_DREG = 1;
    static final int NFTA_IMMEDIATE_DATA = 2;
    static final int NFT_REG_VERDICT = 0;
    static final int NFT_REG_1 = 1;
    static final int NFT_REG_4 = 4;
    static final int NFT_REG32_00 = 8;
    static final int NFT_REG_SIZE = 16;
    static final int NFT_REG32_SIZE = 4;
    static final int NFTA_DATA_VALUE = 1;
    static final int NFTA_DATA_VERDICT = 2;
    static final int NFTA_VERDICT_CODE = 1;
    static final int NFTA_VERDICT_CHAIN = 2;
    static final int NFT_JUMP = -3;
    static final int NFT_GOTO = -4;
    static final int NFT_RETURN = -5;

    @CName(header = "linux/netfilter.h")
    static final int NF_DROP = 0;

    @CName(header = "linux/netfilter.h")
    static final int NF_ACCEPT = 1;

    @CName(header = "linux/netfilter/nf_tables_compat.h")
    static final int NFTA_MATCH_NAME = 1;

    @CName(header = "linux/netfilter/nf_tables_compat.h")
    static final int NFTA_MATCH_INFO = 3;

    @CName(header = "linux/netfilter/nf_tables_compat.h")
    static final int NFTA_TARGET_NAME = 1;

    @CName(header = "linux/netfilter/nf_tables_compat.h")
    static final int NFTA_TARGET_INFO = 3;

    @CName(value = "offsetof(struct xt_conntrack_mtinfo3, match_flags)", header = "linux/netfilter/xt_conntrack.h")
    static final int MTINFO_MATCH_FLAGS = 146;

    @CName(value = "offsetof(struct xt_conntrack_mtinfo3, invert_flags)", header = "linux/netfilter/xt_conntrack.h")
    static final int MTINFO_INVERT_FLAGS = 148;

    @CName(value = "offsetof(struct xt_conntrack_mtinfo3, state_mask)", header = "linux/netfilter/xt_conntrack.h")
    static final int MTINFO_STATE_MASK = 150;

    @CName(value = "sizeof(struct xt_conntrack_mtinfo3)", header = "linux/netfilter/xt_conntrack.h")
    static final int MTINFO_SIZE = 164;

    @CName(header = "linux/netfilter/xt_conntrack.h")
    static final int XT_CONNTRACK_STATE = 1;

    @CName(header = "linux/netfilter/xt_conntrack.h")
    static final int XT_CONNTRACK_STATE_ALIAS = 0x2000;

    @CName(value = "offsetof(struct xt_ct_target_info, flags)", header = "linux/netfilter/xt_CT.h")
    static final int CT_TARGET_FLAGS = 0;

    @CName(header = "linux/netfilter/xt_CT.h")
    static final int XT_CT_NOTRACK = 1;

    private NfTables() {}
}
