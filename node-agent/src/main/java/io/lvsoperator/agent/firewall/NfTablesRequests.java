package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.NetlinkRequest;

/** The requests of nf_tables. */
final class NfTablesRequests {
    private NfTablesRequests() {}

    static NetlinkRequest chains() {
        return list("list the chains of the firewall", NfTables.NFT_MSG_GETCHAIN);
    }

    static NetlinkRequest rules() {
        return list("list the rules of the firewall", NfTables.NFT_MSG_GETRULE);
    }

    /** Family 0 (NFPROTO_UNSPEC) is every family. */
    private static NetlinkRequest list(String operation, int message) {
        return new NetlinkRequest(
                operation,
                NfTables.NFNL_SUBSYS_NFTABLES << Byte.SIZE | message,
                0,
                new MessageWriter().header(NfTables.NFGENMSG_SIZE, header -> {}).finish());
    }
}
