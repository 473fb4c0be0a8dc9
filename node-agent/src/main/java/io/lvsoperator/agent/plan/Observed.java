package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.link.NetworkState;

/**
 * What the kernel was seen to hold at one moment.
 *
 * @param ipvs its IPVS table, or why there is none to be had
 * @param network its interfaces and addresses
 */
public record Observed(Ipvs ipvs, NetworkState network) {

    /** The IPVS side of the kernel. */
    public sealed interface Ipvs {}

    /** The table as it is. */
    public record Table(IpvsTable table) implements Ipvs {}

    /** IPVS cannot be reached on this node. */
    public record Unavailable(Problem problem) implements Ipvs {}
}
