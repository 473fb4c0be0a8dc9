package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fleets that a node directs ask of its kernel.
 *
 * @param wanted the value of each setting that is asked for, and who asks
 * @param conflicts settings that another fleet wants otherwise
 */
public record DesiredSettings(Map<KernelSetting, Wanted> wanted, Map<KernelSetting, Problem> conflicts) {
    /** Nobody asks for anything. */
    public static final DesiredSettings NONE = new DesiredSettings(Map.of(), Map.of());

    public DesiredSettings {
        wanted = Map.copyOf(wanted);
        conflicts = Map.copyOf(conflicts);
    }

    /** A value, and the fleet that asks for it. */
    public record Wanted(int value, String fleet) {}

    /** Of the roles in their order, the first that names a setting decides it. */
    static DesiredSettings of(List<LvsNodeSpec.DirectorRole> roles, String nodeName) {
        Map<KernelSetting, Wanted> wanted = new EnumMap<>(KernelSetting.class);
        Map<KernelSetting, Problem> conflicts = new EnumMap<>(KernelSetting.class);
        for (LvsNodeSpec.DirectorRole role : roles) {
            values(role.kernelSettings()).forEach((setting, value) -> {
                Wanted first = wanted.putIfAbsent(setting, new Wanted(value, role.fleet()));
                if (first != null && first.value() != value) {
                    conflicts.putIfAbsent(setting, conflict(setting, first, new Wanted(value, role.fleet()), nodeName));
                }
            });
        }
        return new DesiredSettings(wanted, conflicts);
    }

    private static Problem conflict(KernelSetting setting, Wanted first, Wanted second, String nodeName) {
        return new Problem(
                Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                "%s on node %s is %d for fleet %s, and fleet %s asks for %d: a node has one value, so ask for the same in both"
                        .formatted(
                                setting.text(),
                                nodeName,
                                first.value(),
                                first.fleet(),
                                second.fleet(),
                                second.value()));
    }

    private static Map<KernelSetting, Integer> values(@Nullable KernelSettings settings) {
        Map<KernelSetting, Integer> values = new EnumMap<>(KernelSetting.class);
        if (settings == null) {
            return values;
        }
        KernelSettings.ConnectionTimeouts timeouts = settings.connectionTimeouts();
        if (timeouts != null) {
            put(values, KernelSetting.TCP_TIMEOUT, timeouts.tcpSeconds());
            put(values, KernelSetting.TCP_FIN_TIMEOUT, timeouts.tcpFinSeconds());
            put(values, KernelSetting.UDP_TIMEOUT, timeouts.udpSeconds());
        }
        put(values, KernelSetting.CONN_REUSE_MODE, settings.connReuseMode());
        put(values, KernelSetting.CONNTRACK, number(settings.conntrack()));
        put(values, KernelSetting.EXPIRE_NODEST_CONN, number(settings.expireNodestConn()));
        put(values, KernelSetting.EXPIRE_QUIESCENT_TEMPLATE, number(settings.expireQuiescentTemplate()));
        put(values, KernelSetting.SLOPPY_TCP, number(settings.sloppyTcp()));
        put(values, KernelSetting.SLOPPY_SCTP, number(settings.sloppySctp()));
        put(values, KernelSetting.NAT_ICMP_SEND, number(settings.natIcmpSend()));
        put(values, KernelSetting.SCHEDULE_ICMP, number(settings.scheduleIcmp()));
        put(values, KernelSetting.DROP_ENTRY, settings.dropEntry());
        put(values, KernelSetting.DROP_PACKET, settings.dropPacket());
        put(values, KernelSetting.SECURE_TCP, settings.secureTcp());
        put(values, KernelSetting.IPV6_FORWARDING, number(settings.ipv6Forwarding()));
        put(values, KernelSetting.SYNC_THRESHOLD, settings.syncThreshold());
        return values;
    }

    private static void put(Map<KernelSetting, Integer> values, KernelSetting setting, @Nullable Integer value) {
        if (value != null) {
            values.put(setting, value);
        }
    }

    private static @Nullable Integer number(@Nullable Boolean on) {
        return on == null ? null : Integer.valueOf(on ? 1 : 0);
    }
}
