package io.lvsoperator.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredState.DirectedFleet;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.plan.Ledger.StartedSync;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyncPlanTest {
    private static final IpAddress GROUP = IpAddress.parse("224.0.0.81");
    private static final SyncDaemon MASTER = new SyncDaemon(SyncRole.MASTER, "eth0", 51, GROUP);
    private static final SyncDaemon BACKUP = new SyncDaemon(SyncRole.BACKUP, "eth0", 51, GROUP);
    private static final SyncDaemon KEEPALIVEDS = new SyncDaemon(SyncRole.MASTER, "eth1", 9, GROUP);
    private static final Map<SyncRole, StartedSync> BOTH = Map.of(
            SyncRole.MASTER, new StartedSync(MASTER, 2),
            SyncRole.BACKUP, new StartedSync(BACKUP, 2));
    private static final NetworkState NETWORK = new FakeLinks()
            .with(2, "eth0", "192.0.2.11/24")
            .with(3, "eth1", "198.51.100.1/24")
            .state();

    @Test
    void bothDaemonsAreStartedAndAreOursBeforeTheyRun() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(), Map.of());

        assertThat(plan.steps()).containsExactly(new SyncPlan.Start(MASTER), new SyncPlan.Start(BACKUP));
        assertThat(plan.before()).isEqualTo(BOTH);
        assertThat(plan.after()).isEqualTo(BOTH);
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void whatRunsAsWantedIsLeftAlone() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(MASTER, BACKUP), BOTH);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.after()).isEqualTo(BOTH);
    }

    @Test
    void whatAnotherProgramStartedTheSameWayIsTakenOver() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(MASTER, BACKUP), Map.of());

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.after()).isEqualTo(BOTH);
    }

    @Test
    void whatAnotherProgramStartedOtherwiseIsNamedAndLeftAlone() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(KEEPALIVEDS), Map.of());

        assertThat(plan.steps()).containsExactly(new SyncPlan.Start(BACKUP));
        assertThat(plan.after()).containsOnlyKeys(SyncRole.BACKUP);
        assertThat(plan.problems())
                .containsExactly(new Problem(
                        Problem.Reason.CONNECTION_SYNC_FOREIGN,
                        "another program has started the master connection sync daemon on eth1 with sync id 9 and group"
                                + " 224.0.0.81 on node d1, and the kernel can have no second one with sync id 51 on eth0: stop it"
                                + " (keepalived's lvs_sync_daemon, or ipvsadm --stop-daemon master), or set"
                                + " spec.connectionSync.enabled of the fleet to false"));
    }

    @Test
    void whatReplacedOursIsPutRight() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(KEEPALIVEDS, BACKUP), BOTH);

        assertThat(plan.steps()).containsExactly(new SyncPlan.Stop(KEEPALIVEDS), new SyncPlan.Start(MASTER));
    }

    @Test
    void anotherIdMeansOtherDaemons() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 52)), List.of(MASTER, BACKUP), BOTH);

        assertThat(plan.steps())
                .containsExactly(
                        new SyncPlan.Stop(MASTER),
                        new SyncPlan.Start(new SyncDaemon(SyncRole.MASTER, "eth0", 52, GROUP)),
                        new SyncPlan.Stop(BACKUP),
                        new SyncPlan.Start(new SyncDaemon(SyncRole.BACKUP, "eth0", 52, GROUP)));
    }

    @Test
    void anInterfaceThatWasMadeAnewHasItsDaemonsStartedAnew() {
        Map<SyncRole, StartedSync> before = Map.of(
                SyncRole.MASTER, new StartedSync(MASTER, 7),
                SyncRole.BACKUP, new StartedSync(BACKUP, 7));

        SyncPlan plan = plan(List.of(fleet("edge", "eth0", 51)), List.of(MASTER, BACKUP), before);

        assertThat(plan.steps()).hasSize(4);
        assertThat(plan.after()).isEqualTo(BOTH);
    }

    @Test
    void whenNobodyAsksAnyMoreOursAreStoppedAndOthersAreNot() {
        SyncPlan plan = plan(List.of(), List.of(KEEPALIVEDS, BACKUP), BOTH);

        assertThat(plan.steps()).containsExactly(new SyncPlan.Stop(BACKUP));
        assertThat(plan.after()).isEmpty();
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void whileAnInterfaceCannotBeToldNothingIsStopped() {
        SyncPlan plan = plan(List.of(fleet("edge", "eth7", 51)), List.of(MASTER, BACKUP), BOTH);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.after()).isEqualTo(BOTH);
    }

    @Test
    void aFleetWhoseInterfaceCannotBeToldKeepsNothingOfAnotherFleetFromBeingPutRight() {
        SyncPlan plan = plan(List.of(fleet("broken", "eth7", 51), fleet("edge", "eth0", 51)), List.of(BACKUP), BOTH);

        assertThat(plan.steps()).containsExactly(new SyncPlan.Start(MASTER));
    }

    @Test
    void theFirstFleetDecidesAndOneThatAsksOtherwiseIsNamed() {
        SyncPlan plan =
                plan(List.of(fleet("edge", "eth0", 51), fleet("core", "eth1", 51)), List.of(MASTER, BACKUP), BOTH);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.problems())
                .containsExactly(new Problem(
                        Problem.Reason.CONNECTION_SYNC_CONFLICT,
                        "node d1 synchronizes connections with sync id 51 on eth0, as fleet edge asks, and fleet core asks for"
                                + " sync id 51 on eth1: a node has one, so give both fleets one spec.connectionSync.syncId and one"
                                + " interface, or set enabled to false in one of them"));
    }

    @Test
    void anInterfaceWithoutIpv4SpeaksToTheIpv6GroupWhateverVipsItHolds() {
        FakeLinks links = new FakeLinks().with(2, "eth0", "2001:db8::11/64");
        NetworkState network = links.state();

        SyncPlan plan = SyncPlan.of(List.of(fleet("edge", "eth0", 51)), network, List.of(), Map.of(), "d1");

        assertThat(plan.wanted()).extracting(SyncDaemon::group).containsOnly(IpAddress.parse("ff02::81"));
    }

    private static SyncPlan plan(
            List<DirectedFleet> directs, List<SyncDaemon> running, Map<SyncRole, StartedSync> own) {
        return SyncPlan.of(directs, NETWORK, running, own, "d1");
    }

    private static DirectedFleet fleet(String name, String interfaceName, int syncId) {
        return new DirectedFleet(
                name,
                new InterfaceChoice.ByName(interfaceName),
                List.of(),
                Set.of(),
                false,
                Optional.of(syncId),
                Optional.empty());
    }
}
