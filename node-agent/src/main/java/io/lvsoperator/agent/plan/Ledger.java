package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this agent has put into the kernel, as the kernel itself cannot tell: IPVS keeps no mark of an owner. Written to disk
 * before the kernel is changed, so that a crash leaves nothing behind that nobody remembers.
 *
 * @param services virtual servers that are ours to delete
 * @param loopbackVips VIPs on the loopback that are ours to remove
 * @param savedSettings by interface name, what each setting was before we changed it
 * @param savedKernelSettings what each setting of the kernel as a whole was before we changed it
 * @param syncDaemons the connection synchronization daemons that are ours to stop
 */
public record Ledger(
        Set<VirtualServerKey> services,
        Set<IpAddress> loopbackVips,
        Map<String, Map<DeviceSetting, Integer>> savedSettings,
        Map<KernelSetting, Integer> savedKernelSettings,
        Map<SyncRole, StartedSync> syncDaemons) {

    public static final Ledger EMPTY = new Ledger(Set.of(), Set.of(), Map.of(), Map.of());

    public Ledger {
        services = Set.copyOf(services);
        loopbackVips = Set.copyOf(loopbackVips);
        savedSettings = Map.copyOf(savedSettings);
        savedKernelSettings = Map.copyOf(savedKernelSettings);
        syncDaemons = Map.copyOf(syncDaemons);
    }

    /** Without daemons. */
    public Ledger(
            Set<VirtualServerKey> services,
            Set<IpAddress> loopbackVips,
            Map<String, Map<DeviceSetting, Integer>> savedSettings,
            Map<KernelSetting, Integer> savedKernelSettings) {
        this(services, loopbackVips, savedSettings, savedKernelSettings, Map.of());
    }

    /**
     * A connection synchronization daemon that this agent started.
     *
     * @param interfaceIndex of its interface then: one that is made anew has another, and the daemon does not follow it
     */
    public record StartedSync(SyncDaemon daemon, int interfaceIndex) {}

    /** With these daemons instead. */
    public Ledger withSyncDaemons(Map<SyncRole, StartedSync> daemons) {
        return daemons.equals(syncDaemons)
                ? this
                : new Ledger(services, loopbackVips, savedSettings, savedKernelSettings, daemons);
    }

    /** What the setting was before this agent changed it, if it did. */
    public Optional<Integer> saved(String interfaceName, DeviceSetting setting) {
        return Optional.ofNullable(
                savedSettings.getOrDefault(interfaceName, Map.of()).get(setting));
    }

    /** With these services, too. */
    public Ledger withServices(Set<VirtualServerKey> more) {
        if (services.containsAll(more)) {
            return this;
        }
        Set<VirtualServerKey> all = new HashSet<>(services);
        all.addAll(more);
        return new Ledger(all, loopbackVips, savedSettings, savedKernelSettings, syncDaemons);
    }

    /** Without these services. */
    public Ledger withoutServices(Set<VirtualServerKey> gone) {
        if (gone.isEmpty()) {
            return this;
        }
        Set<VirtualServerKey> left = new HashSet<>(services);
        left.removeAll(gone);
        return new Ledger(left, loopbackVips, savedSettings, savedKernelSettings, syncDaemons);
    }

    /** Everything of both; what was saved first stands. */
    public Ledger union(Ledger other) {
        Set<IpAddress> allVips = new HashSet<>(loopbackVips);
        allVips.addAll(other.loopbackVips);
        Map<String, Map<DeviceSetting, Integer>> allSaved = new HashMap<>(savedSettings);
        other.savedSettings.forEach((name, settings) -> {
            Map<DeviceSetting, Integer> merged = new EnumMap<>(DeviceSetting.class);
            merged.putAll(settings);
            merged.putAll(savedSettings.getOrDefault(name, Map.of()));
            allSaved.put(name, Map.copyOf(merged));
        });
        Map<KernelSetting, Integer> allKernelSettings = new HashMap<>(other.savedKernelSettings);
        allKernelSettings.putAll(savedKernelSettings);
        Map<SyncRole, StartedSync> allDaemons = new HashMap<>(other.syncDaemons);
        allDaemons.putAll(syncDaemons);
        return new Ledger(union(services, other.services), allVips, allSaved, allKernelSettings, allDaemons);
    }

    /** By hand for the quick way out. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Ledger that
                && services.equals(that.services)
                && loopbackVips.equals(that.loopbackVips)
                && savedSettings.equals(that.savedSettings)
                && savedKernelSettings.equals(that.savedKernelSettings)
                && syncDaemons.equals(that.syncDaemons);
    }

    @Override
    public int hashCode() {
        return Objects.hash(services, loopbackVips, savedSettings, savedKernelSettings, syncDaemons);
    }

    /** One of the two where it has all: there are thousands. */
    @SuppressWarnings("ReferenceEquality") // for the quick way out
    private static Set<VirtualServerKey> union(Set<VirtualServerKey> some, Set<VirtualServerKey> others) {
        if (some == others || some.containsAll(others)) {
            return some;
        }
        if (others.containsAll(some)) {
            return others;
        }
        Set<VirtualServerKey> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
