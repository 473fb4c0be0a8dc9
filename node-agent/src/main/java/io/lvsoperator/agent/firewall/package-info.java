/** The rules of nf_tables, those of iptables-nft among them, over netlink: read only, and only as far as the agent judges them. */
@NullMarked
package io.lvsoperator.agent.firewall;

import org.jspecify.annotations.NullMarked;
