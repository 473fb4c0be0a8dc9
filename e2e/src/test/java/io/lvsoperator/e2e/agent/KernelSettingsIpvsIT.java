package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied.Change;
import io.lvsoperator.agent.apply.Applied.ObjectKind;
import io.lvsoperator.agent.apply.Applied.Operation;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The settings of a real kernel as ipvsadm and /proc show them. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class KernelSettingsIpvsIT {
    private static final Optional<Path> WRITABLE = Optional.of(Path.of("/proc/sys/net"));

    private static final KernelSettings ALL = new KernelSettings(
            new KernelSettings.ConnectionTimeouts(1000, 100, 200),
            3,
            true,
            true,
            true,
            true,
            true,
            true,
            true,
            1,
            1,
            1,
            true,
            2);

    private static final List<String> SYSCTLS = List.of(
            "ipv4/vs/conn_reuse_mode",
            "ipv4/vs/conntrack",
            "ipv4/vs/expire_nodest_conn",
            "ipv4/vs/expire_quiescent_template",
            "ipv4/vs/sloppy_tcp",
            "ipv4/vs/sloppy_sctp",
            "ipv4/vs/nat_icmp_send",
            "ipv4/vs/schedule_icmp",
            "ipv4/vs/drop_entry",
            "ipv4/vs/drop_packet",
            "ipv4/vs/secure_tcp",
            "ipv6/conf/all/forwarding",
            "ipv4/vs/sync_threshold");

    @TempDir
    Path directory;

    @Test
    void everySettingReachesTheKernelIsReadBackAndGoesAgain() throws Exception {
        try (Director director = director(WRITABLE)) {
            // Given
            director.set(null);
            List<String> before = sysctls();
            String timeoutsBefore = timeouts();

            // When
            Report report = director.set(ALL);
            Report second = director.set(ALL);
            List<String> during = sysctls();
            String timeoutsDuring = timeouts();
            director.set(null);

            // Then
            assertThat(report.done())
                    .isEqualTo(Map.of(
                            new Change(Operation.SET, ObjectKind.KERNEL_SETTING), KernelSetting.values().length));
            assertThat(report.settings())
                    .containsOnlyKeys(KernelSetting.values())
                    .allSatisfy(
                            (setting, readBack) -> assertThat(readBack.value()).contains(readBack.wanted()));
            assertThat(second.done()).isEmpty();
            assertThat(during).containsExactly("3", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "2\t50");
            assertThat(timeoutsDuring).contains("1000 100 200");
            assertThat(sysctls()).isEqualTo(before);
            assertThat(timeouts()).isEqualTo(timeoutsBefore).contains("900 120 300");
        }
    }

    @Test
    void oneTimeoutLeavesTheOthersAsTheyAre() throws Exception {
        try (Director director = director(Optional.empty())) {
            // Given
            Oracle.run("ipvsadm", "--set", "800", "110", "290");

            // When
            director.set(timeouts(null, null, 60));

            // Then
            assertThat(timeouts()).contains("800 110 60");
        }
    }

    @Test
    void whatAStrangerSetsIsPutBack() throws Exception {
        try (Director director = director(WRITABLE)) {
            // Given
            director.set(ALL);
            Oracle.run("ipvsadm", "--set", "900", "120", "300");
            Oracle.run("sysctl", "-w", "net.ipv4.vs.sloppy_tcp=0");

            // When
            Report report = director.set(ALL);

            // Then
            assertThat(report.drift()).isTrue();
            assertThat(report.done()).isEqualTo(Map.of(new Change(Operation.SET, ObjectKind.KERNEL_SETTING), 4));
            assertThat(timeouts()).contains("1000 100 200");
            assertThat(Oracle.sysctl("ipv4/vs/sloppy_tcp")).isEqualTo("1");
        }
    }

    @Test
    void withoutTheMountEverySysctlIsNamedAndTheTimeoutsAreSet() throws Exception {
        try (Director director = director(Optional.empty())) {
            // When
            Report report = director.set(ALL);

            // Then
            assertThat(report.settingProblems()).hasSize(SYSCTLS.size());
            assertThat(report.settingProblems().get(KernelSetting.SLOPPY_TCP))
                    .isEqualTo(new Problem(
                            Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                            "net.ipv4.vs.sloppy_tcp on node d1 could not be set to 1, which fleet edge asks for (the agents"
                                    + " may not write it: set it on the host, or install the chart with"
                                    + " agent.writableKernelSettings=true)"));
            assertThat(timeouts()).contains("1000 100 200");
        }
    }

    private Director director(Optional<Path> writable) throws Exception {
        Oracle.run("ip", "link", "add", "eth0", "type", "dummy");
        return new Director(directory, writable);
    }

    private static KernelSettings timeouts(@Nullable Integer tcp, @Nullable Integer tcpFin, @Nullable Integer udp) {
        return new KernelSettings(
                new KernelSettings.ConnectionTimeouts(tcp, tcpFin, udp),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static List<String> sysctls() {
        return SYSCTLS.stream().map(Oracle::sysctl).toList();
    }

    /** For example {@code Timeout (tcp tcpfin udp): 900 120 300}. */
    private static String timeouts() {
        return Oracle.run("ipvsadm", "-L", "--timeout");
    }
}
