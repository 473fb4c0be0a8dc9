package io.lvsoperator.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LatestPlanTest {
    private static final DesiredState DESIRED = desired();
    private static final IpvsTable TABLE = new IpvsTable(Map.of());

    private final LatestPlan plans = new LatestPlan("d1");

    @Test
    void isGivenAgainForTheSame() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);

        assertThat(plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY)).isSameAs(plan);
    }

    /** A VIP with a lease has another one each time. */
    @Test
    void isGivenAgainWhenAnAddressHasLongerToLive() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);

        assertThat(plans.plan(DESIRED, observed(TABLE, 3), Ledger.EMPTY)).isSameAs(plan);
    }

    @Test
    void isMadeAnewForAnotherDesiredState() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);

        assertThat(plans.plan(desired(), observed(TABLE, 4), Ledger.EMPTY)).isNotSameAs(plan);
    }

    @Test
    void isMadeAnewForAnotherTable() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);

        assertThat(plans.plan(DESIRED, observed(new IpvsTable(Map.of()), 4), Ledger.EMPTY))
                .isNotSameAs(plan);
    }

    @Test
    void isMadeAnewForAnotherLedger() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);

        assertThat(plans.plan(DESIRED, observed(TABLE, 4), new Ledger(Set.of(), Set.of(), Map.of(), Map.of())))
                .isNotSameAs(plan);
    }

    @Test
    void isMadeAnewWhenAnAddressIsGone() {
        Plan plan = plans.plan(DESIRED, observed(TABLE, 4), Ledger.EMPTY);
        Observed without = new Observed(new Observed.Table(TABLE), new NetworkState(List.of(), List.of()), Map.of());

        assertThat(plans.plan(DESIRED, without, Ledger.EMPTY)).isNotSameAs(plan);
    }

    private static DesiredState desired() {
        return new DesiredState(Map.of(), List.of(), List.of(), DesiredSettings.NONE, Map.of());
    }

    private static Observed observed(IpvsTable table, long validSeconds) {
        InterfaceAddress vip = new InterfaceAddress(
                2, IpAddress.parse("192.0.2.100"), 32, 0, Optional.of("eth0"), 0x90, validSeconds, validSeconds);
        return new Observed(new Observed.Table(table), new NetworkState(List.of(), List.of(vip)), Map.of());
    }
}
