package io.lvsoperator.agent.desired;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.behind;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.marked;
import static io.lvsoperator.agent.kernel.Assignments.on;
import static io.lvsoperator.agent.kernel.Assignments.realServer;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.PersistenceNetmask;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.PersistenceEngine;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredStateCompilerTest {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");

    @Test
    void aDirectorServesTheServingRealServersInCanonicalOrder() {
        Assignment assignment = director(
                dr("192.0.2.100", at("192.0.2.22", 3), on("n", "192.0.2.9", Phase.SERVING), at("192.0.2.21", 0)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services().values().iterator().next().destinations())
                .containsExactly(
                        Map.entry(destination("192.0.2.9"), config(1)),
                        Map.entry(destination("192.0.2.21"), config(0)),
                        Map.entry(destination("192.0.2.22"), config(3)));
    }

    @Test
    void aDirectorIgnoresRealServersThatEnterOrLeave() {
        Assignment assignment = director(
                dr("192.0.2.100", on("n1", "192.0.2.21", Phase.ENTERING), on("n2", "192.0.2.22", Phase.LEAVING)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services().values().iterator().next().destinations()).isEmpty();
    }

    @Test
    void aDirectorIgnoresVipsThatEnterOrLeave() {
        Assignment assignment = director(
                slice(drMethod(), SchedulerName.RR, Phase.ENTERING, "192.0.2.100", 80, at("192.0.2.21", 1)),
                slice(drMethod(), SchedulerName.RR, Phase.LEAVING, "192.0.2.101", 80, at("192.0.2.21", 1)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services()).isEmpty();
        assertThat(desired.directs().getFirst().vips()).isEmpty();
    }

    @Test
    void natGoesToTheTargetPort() {
        Assignment assignment = director(slice(
                io.lvsoperator.api.v1alpha1.ForwardingMethod.NAT,
                SchedulerName.WLC,
                Phase.SERVING,
                "192.0.2.100",
                8080,
                at("10.0.0.5", 1)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services().values().iterator().next().destinations())
                .containsOnly(Map.entry(
                        new DestinationKey(IpAddress.parse("10.0.0.5"), 8080),
                        DestinationConfig.of(ForwardingMethod.MASQUERADE, 1)));
    }

    @Test
    void aRealServerNodeHoldsTheVipInEveryPhase() {
        for (Phase phase : Phase.values()) {
            Assignment assignment = realServer(
                    slice(drMethod(), SchedulerName.RR, phase, "192.0.2.100", 80, on(NODE, "192.0.2.21", phase)));

            DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

            assertThat(desired.serves().getFirst().vips()).as(phase.name()).containsExactly(VIP);
        }
    }

    @Test
    void aRealServerNodeHoldsNoVipOfSlicesThatDoNotListIt() {
        Assignment assignment = realServer(dr("192.0.2.100", on("another", "192.0.2.22", Phase.SERVING)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.serves().getFirst().vips()).isEmpty();
    }

    @Test
    void aRealServerNodeHoldsNoVipOfNatServices() {
        Assignment assignment = realServer(slice(
                io.lvsoperator.api.v1alpha1.ForwardingMethod.NAT,
                SchedulerName.RR,
                Phase.SERVING,
                "192.0.2.100",
                80,
                on(NODE, "192.0.2.21", Phase.SERVING)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.serves().getFirst().vips()).isEmpty();
    }

    @Test
    void ofTwoSlicesWithOneAddressAndPortTheFirstServesAndTheOtherIsNamed() {
        Assignment assignment =
                director(dr("192.0.2.100", at("192.0.2.21", 1)), dr("192.0.2.100", at("192.0.2.22", 1)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services()).hasSize(1);
        assertThat(desired.rejected())
                .containsExactly(Map.entry(
                        new SliceName("shop", "s1"),
                        new Problem(
                                Problem.Reason.ADDRESS_CONFLICT, "TCP 192.0.2.100:80 is already served for shop/s0")));
    }

    @Test
    void eachFamilyGetsItsOwnRealServers() {
        Assignment assignment = director(dr("2001:db8::100", at("192.0.2.21", 1), at("2001:db8::21", 1)));

        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        assertThat(desired.services().values().iterator().next().destinations())
                .containsOnlyKeys(new DestinationKey(IpAddress.parse("2001:db8::21"), 80));
    }

    @Test
    void aFirewallMarkIsOneServiceForEachFamilyAndOffersItsVips() {
        // Given
        Assignment assignment = director(marked(
                4_000_000_000L, List.of("192.0.2.100", "2001:db8::100"), behind("10.0.0.5", 1), at("2001:db8::5", 1)));

        // When
        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        // Then
        var ipv4 = new VirtualServerKey.FirewallMark(AddressFamily.IPV4, (int) 4_000_000_000L);
        var ipv6 = new VirtualServerKey.FirewallMark(AddressFamily.IPV6, (int) 4_000_000_000L);
        assertThat(desired.services()).containsOnlyKeys(ipv4, ipv6);
        assertThat(desired.services().get(ipv4))
                .extracting(DesiredState.Service::vips, DesiredState.Service::destinations)
                .containsExactly(
                        Set.of(VIP),
                        Map.of(
                                new DestinationKey(IpAddress.parse("10.0.0.5"), 0),
                                DestinationConfig.of(ForwardingMethod.MASQUERADE, 1)));
        assertThat(desired.directs().getFirst().vips()).hasSize(2);
    }

    @Test
    void aSecondSliceOfTheSameFirewallMarkIsRejected() {
        // Given
        Assignment assignment = director(
                marked(10, List.of("192.0.2.100"), at("192.0.2.21", 1)),
                marked(10, List.of("192.0.2.101"), at("192.0.2.21", 1)));

        // When
        DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);

        // Then
        assertThat(desired.rejected())
                .containsOnlyKeys(new SliceName("shop", "s1"))
                .allSatisfy((slice, problem) ->
                        assertThat(problem.message()).isEqualTo("IPv4 firewall mark 10 is already served for shop/s0"));
    }

    @Test
    void whatASliceSaysOfItsServiceAndRealServersReachesTheKernel() {
        // Given
        VirtualServerSliceSpec plain = dr("2001:db8::100");
        Assignment assignment = director(new VirtualServerSliceSpec(
                plain.fleet(),
                1L,
                plain.addresses(),
                List.of(new VirtualServerSliceSpec.SlicePort(Protocol.UDP, 0, 0)),
                null,
                plain.scheduler(),
                List.of(),
                true,
                new VirtualServiceSpec.Persistence(60, 24, 64, PersistenceEngine.SIP),
                List.of(new VirtualServerSliceSpec.SliceRealServer(
                        "2001:db8::21",
                        null,
                        Integer.MAX_VALUE,
                        new VirtualServiceSpec.ConnectionLimits(500, null),
                        io.lvsoperator.api.v1alpha1.ForwardingMethod.NAT,
                        Phase.SERVING)),
                null));

        // When
        DesiredState.Service service = DesiredStateCompiler.compile(assignment, NODE)
                .services()
                .values()
                .iterator()
                .next();

        // Then
        assertThat(service.server().key())
                .isEqualTo(new VirtualServerKey.AddressAndPort(
                        io.lvsoperator.agent.ipvs.Protocol.UDP, IpAddress.parse("2001:db8::100"), 0));
        assertThat(service.server().config())
                .isEqualTo(VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV6)
                        .withOnePacket()
                        .withPersistence(60, PersistenceNetmask.ofPrefix(AddressFamily.IPV6, 64))
                        .withPersistenceEngine("sip"));
        assertThat(service.destinations())
                .containsExactly(Map.entry(
                        new DestinationKey(IpAddress.parse("2001:db8::21"), 0),
                        DestinationConfig.of(ForwardingMethod.MASQUERADE, Integer.MAX_VALUE)
                                .withThresholds(500, 0)));
    }

    private static io.lvsoperator.api.v1alpha1.ForwardingMethod drMethod() {
        return io.lvsoperator.api.v1alpha1.ForwardingMethod.DR;
    }

    private static DestinationKey destination(String address) {
        return new DestinationKey(IpAddress.parse(address), 80);
    }

    private static DestinationConfig config(int weight) {
        return DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, weight);
    }

    @Test
    void whatStayedAsItWasIsNotCompiledAgain() {
        DesiredStateCompiler compiler = new DesiredStateCompiler(NODE);
        DesiredState before = compiler.compile(
                director(dr("192.0.2.100", at("192.0.2.21", 1)), dr("192.0.2.101", at("192.0.2.21", 1))));

        DesiredState after = compiler.compile(
                director(dr("192.0.2.100", at("192.0.2.21", 2)), dr("192.0.2.101", at("192.0.2.21", 1))));

        assertThat(servicesOf(after).get(1)).isSameAs(servicesOf(before).get(1));
        assertThat(servicesOf(after).get(0)).isNotEqualTo(servicesOf(before).get(0));
    }

    @Test
    void theSameAssignmentIsTheSameStateButNotWithOtherRoles() {
        DesiredStateCompiler compiler = new DesiredStateCompiler(NODE);
        DesiredState before = compiler.compile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(compiler.compile(director(dr("192.0.2.100", at("192.0.2.21", 1)))))
                .isSameAs(before);
        assertThat(compiler.compile(realServer(dr("192.0.2.100", at("192.0.2.21", 1))))
                        .services())
                .isEmpty();
    }

    private static List<DesiredState.Service> servicesOf(DesiredState desired) {
        return List.copyOf(desired.services().values());
    }
}
