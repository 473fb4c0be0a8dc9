package io.lvsoperator.agent;

import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SchedulerProbe;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out once what IPVS offers on this node; while there is none, it asks again each time. */
final class CapabilityProbe {
    private static final Logger LOG = LoggerFactory.getLogger(CapabilityProbe.class);
    private static final LvsNodeStatus.Capabilities NONE = new LvsNodeStatus.Capabilities(null, List.of());

    private final Ipvs ipvs;
    private LvsNodeStatus.@Nullable Capabilities found;

    CapabilityProbe(Ipvs ipvs) {
        this.ipvs = ipvs;
    }

    /** What the kernel offers; without a version when it has no IPVS. Asking loads the module where there is one. */
    LvsNodeStatus.Capabilities capabilities() {
        if (found == null) {
            found = probe();
        }
        return found == null ? NONE : found;
    }

    private LvsNodeStatus.@Nullable Capabilities probe() {
        try {
            String version = ipvs.info().version();
            List<SchedulerName> schedulers = new SchedulerProbe(ipvs)
                    .supported(Arrays.asList(Scheduler.values())).stream()
                            .map(scheduler -> SchedulerName.valueOf(scheduler.name()))
                            .sorted(Comparator.naturalOrder())
                            .toList();
            LOG.info("IPVS {} with schedulers {}", version, schedulers);
            return new LvsNodeStatus.Capabilities(version, schedulers);
        } catch (IpvsUnavailableException | NetlinkException unknown) {
            LOG.debug("no capabilities yet: {}", unknown.getMessage());
            return null;
        }
    }
}
