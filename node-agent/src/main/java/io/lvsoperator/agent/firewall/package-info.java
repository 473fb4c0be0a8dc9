/**
 * The rules of nf_tables, those of iptables-nft among them, over netlink.
 *
 * <p>Those of others are read, as far as the agent judges them ({@link io.lvsoperator.agent.firewall.Firewall}). Beside them the agent
 * has tables of its own ({@link io.lvsoperator.agent.firewall.OwnTables}), and touches no other.
 */
@NullMarked
package io.lvsoperator.agent.firewall;

import org.jspecify.annotations.NullMarked;
