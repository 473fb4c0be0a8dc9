package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.Map;

/**
 * What the kernel was seen to hold at one moment.
 *
 * @param ipvs its IPVS table, or why there is none to be had
 * @param network its interfaces and addresses
 * @param settings its settings, as far as it has them
 */
public record Observed(Ipvs ipvs, NetworkState network, Map<KernelSetting, Integer> settings) {
    public Observed {
        settings = Map.copyOf(settings);
    }

    /** Whether both have the very same table, and are equal otherwise, but for how long addresses are to live. */
    @SuppressWarnings("ReferenceEquality") // the table is large
    boolean isWhatWasSeenIn(Observed other) {
        return ipvs instanceof Table(var table)
                && other.ipvs instanceof Table(var otherTable)
                && table == otherTable
                && network.isLike(other.network)
                && settings.equals(other.settings);
    }

    /** The IPVS side of the kernel. */
    public sealed interface Ipvs {}

    /** The table as it is. */
    public record Table(IpvsTable table) implements Ipvs {}

    /** IPVS cannot be reached on this node. */
    public record Unavailable(Problem problem) implements Ipvs {}
}
