package io.lvsoperator.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkStateTest {
    private static final Link LO = link(1, "lo", LinkFlag.IFF_LOOPBACK.number());
    private static final Link ETH0 = link(2, "eth0", 0);
    private static final Link ETH1 = link(3, "eth1", 0);

    private final NetworkState state = new NetworkState(
            List.of(LO, ETH0, ETH1),
            List.of(
                    address(LO, "192.0.2.200", 0),
                    address(ETH0, "192.0.2.11", 0),
                    address(ETH0, "2001:db8::11", 0),
                    address(ETH1, "10.0.0.1", 0),
                    address(ETH1, "192.0.2.100", InterfaceAddress.OUR_PROTOCOL)));

    @Test
    void findsInterfacesByNameAndByIndex() {
        assertThat(state.link("eth1")).contains(ETH1);
        assertThat(state.link(2)).contains(ETH0);
        assertThat(state.link("eth9")).isEmpty();
        assertThat(state.link(9)).isEmpty();
    }

    @Test
    void findsTheInterfaceOfASegmentAndNotTheOnesThatHoldAVip() {
        assertThat(state.linksHolding(IpAddress.parse("192.0.2.0"), 24)).containsExactly(ETH0);
        assertThat(state.linksHolding(IpAddress.parse("2001:db8::"), 64)).containsExactly(ETH0);
    }

    @Test
    void findsEveryInterfaceOfAWidePrefix() {
        assertThat(state.linksHolding(IpAddress.parse("0.0.0.0"), 0)).containsExactly(ETH0, ETH1);
    }

    @Test
    void findsNoInterfaceOfAForeignSegment() {
        assertThat(state.linksHolding(IpAddress.parse("198.51.100.0"), 24)).isEmpty();
    }

    @Test
    void anInterfaceIsOperationalWhenItIsUpAndHasACarrier() {
        assertThat(link(2, "eth0", 0x1 | 0x40 | 0x10000).isOperational()).isTrue();
        assertThat(link(2, "eth0", 0x1).isOperational()).isFalse();
        assertThat(link(2, "eth0", 0x40 | 0x10000).isOperational()).isFalse();
    }

    private static Link link(int index, String name, int flags) {
        return new Link(index, name, flags, 1500, Optional.empty(), Optional.empty(), Map.of());
    }

    private static InterfaceAddress address(Link link, String address, int protocol) {
        return new InterfaceAddress(
                link.index(),
                IpAddress.parse(address),
                24,
                0,
                Optional.empty(),
                protocol,
                InterfaceAddress.FOREVER,
                InterfaceAddress.FOREVER);
    }
}
