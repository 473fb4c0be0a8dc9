package io.lvsoperator.agent.plan;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.behind;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.marked;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static io.lvsoperator.agent.kernel.Assignments.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExemptionTest {
    private static final String VIP = "192.0.2.100";
    private static final VirtualServerSliceSpec DR = dr(VIP, at("192.0.2.21", 1));
    private static final VirtualServerSliceSpec NAT =
            slice(ForwardingMethod.NAT, SchedulerName.RR, Phase.SERVING, VIP, 80, behind("10.0.0.21", 1));
    private static final VirtualServerSliceSpec MARKED = marked(7, List.of(VIP), at("192.0.2.21", 1));

    @Test
    void aServiceOfDrAloneIsPassedOverByItsAddressProtocolAndPort() {
        assertThat(of(ConnectionTracking.UNTRACKED, DR))
                .containsExactly(new Exemption(IpAddress.parse(VIP), Optional.of(Protocol.TCP), 80));
    }

    @Test
    void nothingIsUnlessTheFleetAsks() {
        assertThat(of(ConnectionTracking.TRACKED, DR)).isEmpty();
        assertThat(Exemption.of(DesiredStateCompiler.compile(director(DR), NODE)))
                .as("an operator of an older version")
                .isEmpty();
    }

    @Test
    void aServiceWithNatIsTracked() {
        assertThat(of(ConnectionTracking.UNTRACKED, NAT)).isEmpty();
    }

    @Test
    void aServiceWithoutRealServersIsTracked() {
        assertThat(of(ConnectionTracking.UNTRACKED, dr(VIP))).isEmpty();
    }

    @Test
    void aFirewallMarkIsPassedOverByItsVips() {
        assertThat(of(ConnectionTracking.UNTRACKED, MARKED))
                .containsExactly(new Exemption(IpAddress.parse(VIP), Optional.empty(), 0));
    }

    @Test
    void aFirewallMarkIsTrackedWhereItsVipHasANatService() {
        assertThat(of(ConnectionTracking.UNTRACKED, MARKED, NAT)).isEmpty();
    }

    @Test
    void aServiceIsTrackedWhereAFirewallMarkWithNatMayHaveItsPackets() {
        VirtualServerSliceSpec markedForNat = marked(8, List.of(VIP), behind("10.0.0.21", 1));

        assertThat(of(ConnectionTracking.UNTRACKED, DR, markedForNat)).isEmpty();
    }

    private static List<Exemption> of(ConnectionTracking directRouting, VirtualServerSliceSpec... slices) {
        return Exemption.of(DesiredStateCompiler.compile(with(directRouting, director(slices)), NODE));
    }
}
