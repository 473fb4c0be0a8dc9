package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.machine.Timing;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VrrpConfigTest {

    private static RouterKey key(AddressFamily family, int id) {
        return new RouterKey("edge", "eth0", family, id);
    }

    @ParameterizedTest(
            name =
                    "V3-09 V3-14: id {1}, priority {2}, {3} ms, link-local {4}, VIPs {5} over {0} is refused, naming {6}")
    @CsvSource(
            value = {
                "IPV4, 0,   254, 1000,  -, 192.0.2.1, virtual router id is 0",
                "IPV4, 256, 254, 1000,  -, 192.0.2.1, virtual router id is 256",
                "IPV4, 51,  0,   1000,  -, 192.0.2.1, priority is 0",
                "IPV4, 51,  255, 1000,  -, 192.0.2.1, priority is 255",
                "IPV4, 51,  254, 0,     -, 192.0.2.1, interval in ms is 0",
                "IPV4, 51,  254, 40960, -, 192.0.2.1, interval in ms is 40960",
                "IPV4, 51,  254, 105,   -, 192.0.2.1, interval is 105 ms",
                "IPV4, 51,  254, 1000,  -, 2001:db8::1, VIP 2001:db8::1",
                "IPV4, 51,  254, 1000,  -, 224.0.0.1, VIP 224.0.0.1",
                "IPV4, 51,  254, 1000,  fe80::1, 192.0.2.1, link-local address is fe80::1",
                "IPV6, 51,  254, 1000,  -, 2001:db8::1, link-local address is missing",
                "IPV6, 51,  254, 1000,  2001:db8::9, 2001:db8::1, address 2001:db8::9 is not link-local"
            },
            nullValues = "-")
    @Tag("V3-08-")
    @Tag("V3-09-")
    @Tag("V3-13-")
    @Tag("V3-14-")
    void impossibleRoutersAreRefusedByName(
            AddressFamily family, int id, int priority, int millis, String linkLocal, String vip, String named) {
        assertThatThrownBy(() -> new RouterConfig(
                        key(family, id),
                        Version.VERSION_3,
                        priority,
                        millis,
                        Preemption.AT_ONCE,
                        ChecksumForm.RFC9568,
                        Optional.ofNullable(linkLocal).map(IpAddress::parse),
                        List.of(IpAddress.parse(vip)),
                        Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet edge")
                .hasMessageContaining(named);
    }

    @ParameterizedTest(name = "V2-33: version 2 over {0} at {1} ms with the checksum {2} is refused, naming {3}")
    @CsvSource({
        "IPV6, 1000, RFC9568, version 2 has no IPv6",
        "IPV4, 1500, RFC9568, interval is 1500 ms",
        "IPV4, 1000, KEEPALIVED_LEGACY, checksum is KEEPALIVED_LEGACY"
    })
    @Tag("V2-33-")
    void impossibleRoutersOfVersion2AreRefusedByName(
            AddressFamily family, int millis, ChecksumForm checksum, String named) {
        assertThatThrownBy(() -> new RouterConfig(
                        key(family, 51),
                        Version.VERSION_2,
                        254,
                        millis,
                        Preemption.AT_ONCE,
                        checksum,
                        Optional.empty(),
                        List.of(),
                        Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet edge")
                .hasMessageContaining(named);
    }

    @ParameterizedTest(name = "V3-09: priority {0} is a router's that is no owner")
    @ValueSource(ints = {1, 100, 254})
    @Tag("V3-09+")
    void prioritiesOfNoOwnerAreTaken(int priority) {
        RouterConfig config = new RouterConfig(
                key(AddressFamily.IPV4, 51),
                Version.VERSION_3,
                priority,
                1000,
                Preemption.AT_ONCE,
                ChecksumForm.RFC9568,
                Optional.empty(),
                List.of(IpAddress.parse("192.0.2.1")),
                Set.of());

        assertThat(config.settings(1500).priority()).isEqualTo(priority);
    }

    @Test
    @DisplayName("two routers of one id on one interface and family are refused, naming both fleets")
    void clashesAreRefused() {
        RouterConfig edge = router(key(AddressFamily.IPV4, 51), Set.of(), "192.0.2.1");
        RouterConfig core = router(new RouterKey("core", "eth0", AddressFamily.IPV4, 51), Set.of(), "192.0.2.2");

        assertThatThrownBy(() -> new VrrpConfig(List.of(edge, core)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet edge")
                .hasMessageContaining("fleet core");
    }

    @Test
    @DisplayName("one id in both families, or on two interfaces, is no clash")
    void otherPlacesAreNoClash() {
        RouterConfig ipv4 = router(key(AddressFamily.IPV4, 51), Set.of(), "192.0.2.1");
        RouterConfig ipv6 = router(key(AddressFamily.IPV6, 51), Set.of(), "2001:db8::1");
        RouterConfig other = router(new RouterKey("edge", "eth1", AddressFamily.IPV4, 51), Set.of(), "192.0.2.1");

        assertThat(new VrrpConfig(List.of(ipv4, ipv6, other)).routers()).hasSize(3);
    }

    @Test
    @DisplayName("V3-13: all directors list the VIPs in one order, the link-local one first, each once")
    @Tag("V3-13+")
    void vipsAreListedInOneOrder() {
        RouterConfig config = router(
                key(AddressFamily.IPV6, 51), Set.of(), "2001:db8::9", "2001:db8::1", "fe80::5e:51", "2001:db8::9");

        assertThat(config.allVips())
                .isEqualTo(Arrays.asList(
                        IpAddress.parse("fe80::5e:51"),
                        IpAddress.parse("2001:db8::1"),
                        IpAddress.parse("2001:db8::9")));
    }

    @Test
    void theIntervalIsKeptExactly() {
        RouterConfig config = router(key(AddressFamily.IPV4, 51), Set.of(), "192.0.2.1");

        assertThat(Timing.intervalNanos(config.settings(1500).intervalCentiseconds()))
                .isEqualTo(config.intervalMillis() * 1_000_000L);
        assertThat(config.settings(1500).maxAdvertised()).isEqualTo(Advertisement.MAX_ADDRESSES);
    }
}
