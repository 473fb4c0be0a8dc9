package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;

/** Message types, attributes and values of nf_tables and of the xtables extensions that iptables-nft puts into it. */
@CHeader("linux/netfilter/nf_tables.h")
final class NfTables {
    @CName(value = "NFNL_SUBSYS_NFTABLES", header = "linux/netfilter/nfnetlink.h")
    static final int NFNL_SUBSYS_NFTABLES = 10;

    @CName(value = "sizeof(struct nfgenmsg)", header = "linux/netfilter/nfnetlink.h")
    static final int NFGENMSG_SIZE = 4;

    @CName(value = "offsetof(struct nfgenmsg, nfgen_family)", header = "linux/netfilter/nfnetlink.h")
    static final int NFGEN_FAMILY = 0;

    static final int NFT_MSG_GETCHAIN = 4;
    static final int NFT_MSG_GETRULE = 7;

    static final int NFTA_CHAIN_TABLE = 1;
    static final int NFTA_CHAIN_NAME = 3;
    static final int NFTA_CHAIN_HOOK = 4;
    static final int NFTA_HOOK_HOOKNUM = 1;

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
    static final int NFT_PAYLOAD_NETWORK_HEADER = 1;

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
