package io.lvsoperator.agent.desired;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.on;
import static io.lvsoperator.agent.kernel.Assignments.realServer;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import java.util.Map;
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

    private static io.lvsoperator.api.v1alpha1.ForwardingMethod drMethod() {
        return io.lvsoperator.api.v1alpha1.ForwardingMethod.DR;
    }

    private static DestinationKey destination(String address) {
        return new DestinationKey(IpAddress.parse(address), 80);
    }

    private static DestinationConfig config(int weight) {
        return DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, weight);
    }
}
