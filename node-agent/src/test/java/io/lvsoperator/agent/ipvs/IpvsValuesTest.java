package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The small records: what they refuse, how they compare, how they read. */
class IpvsValuesTest {
    @Test
    void theKernelsOwnFlagDoesNotCount() {
        assertThat(new ServiceFlags(0x3)).isEqualTo(ServiceFlags.PERSISTENT);
    }

    @Test
    void flagsAddUp() {
        var flags = ServiceFlags.ONE_PACKET.plus(
                ServiceFlags.of(List.of(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK)));

        assertThat(flags.bits()).isEqualTo(0x1c);
        assertThat(flags.has(ServiceFlags.ONE_PACKET)).isTrue();
        assertThat(flags.has(ServiceFlags.PERSISTENT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 32, -1", "IPV4, 24, -256", "IPV4, 1, -2147483648", "IPV6, 128, 128", "IPV6, 1, 1"})
    void netmasksAreWhatTheKernelKeeps(AddressFamily family, int length, int value) {
        assertThat(PersistenceNetmask.ofPrefix(family, length)).isEqualTo(new PersistenceNetmask(family, value));
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 0", "IPV4, 33", "IPV6, 0", "IPV6, 129"})
    void netmasksHaveLimits(AddressFamily family, int length) {
        assertThatIllegalArgumentException().isThrownBy(() -> PersistenceNetmask.ofPrefix(family, length));
    }

    @Test
    void portsHaveLimits() {
        var address = IpAddress.parse("192.0.2.1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VirtualServerKey.AddressAndPort(Protocol.TCP, address, 65536));
        assertThatIllegalArgumentException().isThrownBy(() -> new DestinationKey(address, -1));
    }

    @Test
    void aFirewallMarkIsNotZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 0));
    }

    @Test
    void keysReadLikeWhatPeopleType() {
        var address = IpAddress.parse("192.0.2.1");
        var address6 = IpAddress.parse("2001:db8::1");

        assertThat(new VirtualServerKey.AddressAndPort(Protocol.UDP, address, 53))
                .hasToString("UDP 192.0.2.1:53");
        assertThat(new VirtualServerKey.AddressAndPort(new Protocol(50), address6, 0))
                .hasToString("protocol 50 [2001:db8::1]:0");
        assertThat(new VirtualServerKey.FirewallMark(AddressFamily.IPV6, -1))
                .hasToString("IPv6 firewall mark 4294967295");
        assertThat(new DestinationKey(address6, 80)).hasToString("[2001:db8::1]:80");
    }

    @ParameterizedTest
    @EnumSource
    void schedulersAreFoundByTheirKernelNames(Scheduler scheduler) {
        assertThat(Scheduler.of(scheduler.kernelName())).contains(scheduler);
    }

    @ParameterizedTest
    @EnumSource
    void schedulerFlagsAreFoundByTheirNames(SchedulerFlag flag) {
        assertThat(SchedulerFlag.of(flag.apiName())).contains(flag);
        assertThat(flag.apiName()).startsWith(flag.scheduler().kernelName() + "-");
    }

    @Test
    void whatNobodyKnowsIsNotFound() {
        assertThat(Scheduler.of("none")).isEmpty();
        assertThat(SchedulerFlag.of("rr-port")).isEmpty();
    }

    @Test
    void thereAreFourteenSchedulers() {
        assertThat(Arrays.stream(Scheduler.values()).map(Scheduler::kernelName))
                .containsExactly(
                        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");
    }
}
