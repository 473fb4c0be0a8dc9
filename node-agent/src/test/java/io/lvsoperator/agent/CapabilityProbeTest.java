package io.lvsoperator.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeTables;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.KernelFeature;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilityProbeTest {
    private final FakeIpvs ipvs = new FakeIpvs();

    private OwnTables tables = new FakeTables();

    @TempDir
    Path settings;

    @BeforeEach
    void aWholeKernel() throws IOException {
        Files.createDirectories(settings.resolve("ipv4/vs"));
        Files.createDirectories(settings.resolve("ipv6"));
        Files.createFile(settings.resolve("ipv4/vs/sync_version"));
        Files.createFile(settings.resolve("ipv4/vs/conntrack"));
    }

    @Test
    void everythingThatTheKernelHasIsReported() {
        Capabilities found = offered("6.1.0-28-amd64");

        assertThat(found.ipvsVersion()).isEqualTo("1.2.1");
        assertThat(found.kernelVersion()).isEqualTo("6.1.0-28-amd64");
        assertThat(found.schedulers()).containsExactly(SchedulerName.values());
        assertThat(found.addressFamilies()).containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
        assertThat(found.features()).containsExactly(KernelFeature.values());
    }

    @Test
    void whatTheKernelLacksIsNot() throws IOException {
        ipvs.removeScheduler("twos");
        Files.delete(settings.resolve("ipv6"));
        Files.delete(settings.resolve("ipv4/vs/conntrack"));
        tables = OwnTables.NONE;

        Capabilities found = offered("4.19.0");

        assertThat(found.schedulers()).hasSize(13).doesNotContain(SchedulerName.TWOS);
        assertThat(found.addressFamilies()).containsExactly(AddressFamily.IPV4);
        assertThat(found.features()).containsExactly(KernelFeature.CONNECTION_SYNC);
    }

    @ParameterizedTest
    @CsvSource({"5.17.9, false", "5.18.0-rc1, true", "6.0, true", "10.1, true", "4.20, false", "strange, false"})
    void addressesAreMarkedFrom518On(String release, boolean marks) {
        assertThat(Objects.requireNonNull(offered(release).features()).contains(KernelFeature.ADDRESS_PROTOCOL))
                .isEqualTo(marks);
    }

    @Test
    void aKernelWithoutIpvsIsSaidToHaveNoneUntilItHas() {
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT);
        CapabilityProbe probe = new CapabilityProbe(ipvs, tables, "6.1.0", settings);

        assertThat(Objects.requireNonNull(probe.capabilities()).ipvsVersion()).isNull();

        ipvs.becomeUnavailable(null);
        assertThat(Objects.requireNonNull(probe.capabilities()).ipvsVersion()).isEqualTo("1.2.1");
    }

    @Test
    void anAgentThatMayNotAskSaysNothingAboutTheKernel() {
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_PERMISSION);

        assertThat(new CapabilityProbe(ipvs, tables, "6.1.0", settings).capabilities())
                .isNull();
    }

    @Test
    void theKernelIsAskedOnceAndLeftAsItWas() throws Exception {
        CapabilityProbe probe = new CapabilityProbe(ipvs, tables, "6.1.0", settings);
        probe.capabilities();
        ipvs.takeExecuted();

        probe.capabilities();

        assertThat(ipvs.takeExecuted()).isEmpty();
        assertThat(ipvs.table().servers()).isEmpty();
    }

    private Capabilities offered(String release) {
        return Objects.requireNonNull(new CapabilityProbe(ipvs, tables, release, settings).capabilities());
    }
}
