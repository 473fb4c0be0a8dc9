package io.lvsoperator.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.Route;
import io.lvsoperator.agent.vrrp.RouterConfig;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.Transport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RouterPlannerTest {

    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");
    private static final Link ETH0 =
            new Link(2, "eth0", LinkFlag.IFF_UP.number(), 1500, Optional.empty(), Optional.empty(), Map.of());

    private static RouterConfig planned(
            @Nullable Integer version,
            @Nullable Integer delay,
            @Nullable Transport transport,
            @Nullable String source,
            @Nullable List<String> peerAddresses) {
        return planned(version, delay, transport, source, peerAddresses, null);
    }

    private static RouterConfig planned(
            @Nullable Integer version,
            @Nullable Integer delay,
            @Nullable Transport transport,
            @Nullable String source,
            @Nullable List<String> peerAddresses,
            @Nullable AuthenticationType authentication) {
        LvsNodeSpec.VirtualRouter router = new LvsNodeSpec.VirtualRouter(
                AddressFamily.IPV4,
                51,
                254,
                2000,
                PreemptionMode.PREEMPT,
                ChecksumForm.RFC9568,
                null,
                List.of("d2"),
                version,
                delay,
                transport,
                source,
                peerAddresses,
                authentication);
        DesiredState.DirectedFleet fleet = new DesiredState.DirectedFleet(
                "edge",
                new InterfaceChoice.ByName("eth0"),
                List.of(router),
                Set.of(VIP),
                false,
                Optional.empty(),
                Optional.empty());
        return RouterPlanner.plan(
                        List.of(fleet), new NetworkState(List.of(ETH0), List.of()), "d1", Set.of(VIP), Set.of())
                .routers()
                .getFirst();
    }

    @Test
    @DisplayName("authentication is that of the role, none where it says nothing")
    void authenticationIsCarriedOut() {
        assertThat(planned(2, 0, null, null, null, AuthenticationType.PASSWORD).authentication())
                .isEqualTo(AuthenticationType.PASSWORD);
        assertThat(planned(2, 0, null, null, null, null).authentication()).isEqualTo(AuthenticationType.NONE);
    }

    @Test
    @DisplayName("version, delay, transport and addresses are those of the role")
    void theRoleIsCarriedOut() {
        RouterConfig config = planned(2, 30, Transport.UNICAST, "192.0.2.11", List.of("192.0.2.12", "192.0.2.13"));

        assertThat(config.version()).isEqualTo(Version.VERSION_2);
        assertThat(config.preemption()).isEqualTo(Preemption.of(PreemptionMode.PREEMPT, 30));
        assertThat(config.route())
                .isEqualTo(new Route.Unicast(
                        Optional.of(IpAddress.parse("192.0.2.11")),
                        Set.of(IpAddress.parse("192.0.2.12"), IpAddress.parse("192.0.2.13"))));
    }

    @Test
    @DisplayName("a role of an operator that knows none of them is version 3 by multicast, without delay")
    void anOlderRoleIsCarriedOut() {
        RouterConfig config = planned(null, null, null, null, null);

        assertThat(config.version()).isEqualTo(Version.VERSION_3);
        assertThat(config.preemption()).isEqualTo(Preemption.AT_ONCE);
        assertThat(config.route()).isEqualTo(new Route.Multicast());
    }

    @Test
    @DisplayName("a unicast router whose addresses nobody knows yet has none")
    void unknownAddressesAreNone() {
        assertThat(planned(3, 0, Transport.UNICAST, null, null).route())
                .isEqualTo(new Route.Unicast(Optional.empty(), Set.of()));
    }
}
