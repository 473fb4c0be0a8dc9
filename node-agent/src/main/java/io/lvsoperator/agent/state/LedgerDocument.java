package io.lvsoperator.agent.state;

import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ledger as it stands in its file; an older one has no {@code savedKernelSettings}, or no {@code syncDaemons}. */
record LedgerDocument(
        List<ServiceEntry> services,
        List<MarkEntry> firewallMarks,
        List<String> loopbackVips,
        Map<String, Map<DeviceSetting, Integer>> savedSettings,
        @Nullable Map<KernelSetting, Integer> savedKernelSettings,
        @Nullable List<SyncEntry> syncDaemons) {

    record ServiceEntry(int protocol, String address, int port) {}

    record MarkEntry(AddressFamily family, int mark) {}

    record SyncEntry(SyncRole role, String interfaceName, int interfaceIndex, int syncId, String group) {
        static SyncEntry of(Ledger.StartedSync started) {
            SyncDaemon daemon = started.daemon();
            return new SyncEntry(
                    daemon.role(),
                    daemon.interfaceName(),
                    started.interfaceIndex(),
                    daemon.syncId(),
                    daemon.group().toString());
        }

        Ledger.StartedSync toStarted() {
            return new Ledger.StartedSync(
                    new SyncDaemon(role, interfaceName, syncId, IpAddress.parse(group)), interfaceIndex);
        }
    }

    static LedgerDocument of(Ledger ledger) {
        List<ServiceEntry> services = ledger.services().stream()
                .filter(VirtualServerKey.AddressAndPort.class::isInstance)
                .map(VirtualServerKey.AddressAndPort.class::cast)
                .sorted(Comparator.comparing(VirtualServerKey.AddressAndPort::address)
                        .thenComparingInt(VirtualServerKey.AddressAndPort::port))
                .map(key ->
                        new ServiceEntry(key.protocol().number(), key.address().toString(), key.port()))
                .toList();
        List<MarkEntry> marks = ledger.services().stream()
                .filter(VirtualServerKey.FirewallMark.class::isInstance)
                .map(VirtualServerKey.FirewallMark.class::cast)
                .map(key -> new MarkEntry(key.family(), key.mark()))
                .toList();
        List<String> vips =
                ledger.loopbackVips().stream().sorted().map(IpAddress::toString).toList();
        return new LedgerDocument(
                services,
                marks,
                vips,
                new TreeMap<>(ledger.savedSettings()),
                new TreeMap<>(ledger.savedKernelSettings()),
                ledger.syncDaemons().values().stream()
                        .map(SyncEntry::of)
                        .sorted(Comparator.comparing(SyncEntry::role))
                        .toList());
    }

    Ledger toLedger() {
        Set<VirtualServerKey> keys = new HashSet<>();
        services.forEach(entry -> keys.add(new VirtualServerKey.AddressAndPort(
                new Protocol(entry.protocol()), IpAddress.parse(entry.address()), entry.port())));
        firewallMarks.forEach(entry -> keys.add(new VirtualServerKey.FirewallMark(entry.family(), entry.mark())));
        return new Ledger(
                keys,
                loopbackVips.stream().map(IpAddress::parse).collect(Collectors.toSet()),
                savedSettings,
                savedKernelSettings == null ? Map.of() : savedKernelSettings,
                syncDaemons == null
                        ? Map.of()
                        : syncDaemons.stream().collect(Collectors.toMap(SyncEntry::role, SyncEntry::toStarted)));
    }
}
