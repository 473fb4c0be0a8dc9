package io.lvsoperator.agent;

import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SchedulerProbe;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.KernelFeature;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out once what IPVS offers on this node; while that cannot be told, it asks again each time. */
final class CapabilityProbe {
    private static final Logger LOG = LoggerFactory.getLogger(CapabilityProbe.class);
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** IFA_PROTO came with 5.18; what a kernel has taken in of it later cannot be asked without adding an address. */
    private static final int PROTOCOL_MAJOR = 5;

    private static final int PROTOCOL_MINOR = 18;

    private final Ipvs ipvs;
    private final OwnTables tables;
    private final String release;
    private final Path settings;
    private LvsNodeStatus.@Nullable Capabilities found;

    /** Of the running kernel. */
    CapabilityProbe(Ipvs ipvs, OwnTables tables) {
        this(ipvs, tables, System.getProperty("os.version"), Path.of("/proc/sys/net"));
    }

    /**
     * Of any.
     *
     * @param release as {@code uname -r} prints it
     * @param settings the directory {@code /proc/sys/net}
     */
    CapabilityProbe(Ipvs ipvs, OwnTables tables, String release, Path settings) {
        this.ipvs = ipvs;
        this.tables = tables;
        this.release = release;
        this.settings = settings;
    }

    /**
     * What the kernel offers; without a version of IPVS when it has none, and null while it cannot be told. Asking loads the
     * module where there is one.
     */
    LvsNodeStatus.@Nullable Capabilities capabilities() {
        if (found == null) {
            found = probe();
        }
        return found == null || found.ipvsVersion() == null ? without(found) : found;
    }

    /** A kernel without IPVS is asked again: somebody may install the module. */
    private LvsNodeStatus.@Nullable Capabilities without(LvsNodeStatus.@Nullable Capabilities none) {
        found = null;
        return none;
    }

    private LvsNodeStatus.@Nullable Capabilities probe() {
        try {
            String version = ipvs.info().version();
            SchedulerProbe probe = new SchedulerProbe(ipvs);
            Set<Scheduler> schedulers = probe.supported(Arrays.asList(Scheduler.values()));
            var capabilities = new LvsNodeStatus.Capabilities(
                    version,
                    schedulers.stream()
                            .map(scheduler -> SchedulerName.valueOf(scheduler.name()))
                            .sorted(Comparator.naturalOrder())
                            .toList(),
                    release,
                    families(probe, schedulers),
                    features());
            LOG.info("{}", capabilities);
            return capabilities;
        } catch (IpvsUnavailableException unavailable) {
            LOG.debug("no IPVS: {}", unavailable.getMessage());
            return switch (unavailable.reason()) {
                case NO_KERNEL_SUPPORT -> new LvsNodeStatus.Capabilities(null, List.of(), release, null, null);
                case NO_PERMISSION -> null;
            };
        } catch (NetlinkException | IllegalStateException unknown) {
            LOG.warn("what this kernel offers cannot be told yet: {}", unknown.getMessage());
            return null;
        }
    }

    private List<AddressFamily> families(SchedulerProbe probe, Set<Scheduler> schedulers)
            throws NetlinkException, IpvsUnavailableException {
        List<AddressFamily> families = new ArrayList<>(List.of(AddressFamily.IPV4));
        // IPVS may know IPv6 on a node where IPv6 is switched off.
        boolean hasIpv6 = Files.exists(settings.resolve("ipv6"));
        if (hasIpv6
                && !schedulers.isEmpty()
                && probe.hasIpv6(schedulers.iterator().next())) {
            families.add(AddressFamily.IPV6);
        }
        return families;
    }

    private List<KernelFeature> features() throws NetlinkException {
        List<KernelFeature> features = new ArrayList<>();
        if (marksAddresses()) {
            features.add(KernelFeature.ADDRESS_PROTOCOL);
        }
        if (Files.exists(settings.resolve("ipv4/vs/sync_version"))) {
            features.add(KernelFeature.CONNECTION_SYNC);
        }
        if (Files.exists(settings.resolve("ipv4/vs/conntrack"))) {
            features.add(KernelFeature.CONNECTION_TRACKING);
        }
        if (tables.generation().isPresent()) {
            features.add(KernelFeature.PACKET_FILTER);
        }
        return features;
    }

    private boolean marksAddresses() {
        Matcher parts = RELEASE.matcher(release);
        if (!parts.matches()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return major > PROTOCOL_MAJOR
                || (major == PROTOCOL_MAJOR && Integer.parseInt(parts.group(2)) >= PROTOCOL_MINOR);
    }
}
