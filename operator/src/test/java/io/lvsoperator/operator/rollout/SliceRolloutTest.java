package io.lvsoperator.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The order of single changes. */
class SliceRolloutTest {
    private static final String VIP = "192.0.2.100";
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final World world = World.of(2, 3);

    @Test
    void lettingRealServersHoldANewVipFirst() {
        // Given
        Target target = dr(VIP, World.onNode(1), World.onNode(2));

        // When
        world.look(target);

        // Then
        assertThat(slice().addresses()).extracting(a -> a.phase()).containsExactly(Phase.ENTERING);
        assertThat(slice().realServers()).extracting(r -> r.phase()).containsOnly(Phase.ENTERING);
    }

    @Test
    void servesAsSoonAsAllReadyRealServersHoldTheVip() {
        // Given
        Target target = dr(VIP, World.onNode(1), World.onNode(2));
        world.look(target);
        apply("r1");
        world.look(target);
        Phase beforeTheSecond = phaseOf(VIP);
        apply("r1", "r2");

        // When
        world.look(target);

        // Then
        assertThat(beforeTheSecond).isEqualTo(Phase.ENTERING);
        assertThat(phaseOf(VIP)).isEqualTo(Phase.SERVING);
        assertThat(slice().realServers()).extracting(r -> r.phase()).containsOnly(Phase.SERVING);
    }

    @Test
    void doesNotWaitForARealServerThatIsDownAndDoesNotUseItEither() {
        // Given
        Target target = dr(VIP, World.onNode(1), World.onNode(2));
        world.fallSilent("r2");
        world.look(target);
        apply("r1");

        // When
        world.look(target);

        // Then
        assertThat(phaseOf(VIP)).isEqualTo(Phase.SERVING);
        assertThat(phaseOfRealServer("10.0.0.1")).isEqualTo(Phase.SERVING);
        assertThat(phaseOfRealServer("10.0.0.2")).isEqualTo(Phase.ENTERING);
    }

    @Test
    void doesNotWaitForARealServerThatFailsToHoldTheVip() {
        // Given
        Target target = dr(VIP, World.onNode(1), World.onNode(2));
        world.node("r2").failing = true;
        world.look(target);
        apply("r1", "r2");

        // When
        world.look(target);

        // Then
        assertThat(phaseOf(VIP)).isEqualTo(Phase.SERVING);
        assertThat(phaseOfRealServer("10.0.0.2")).isEqualTo(Phase.ENTERING);
    }

    @Test
    void servesAtOnceWhereNobodyHasToHoldTheVip() {
        // Given
        Target byAddress = dr(VIP, World.dr("203.0.113.5", null, 1));
        Target nat = dr(VIP, World.nat(World.onNode(1)));

        // When
        world.look(byAddress);
        VirtualServerSliceSpec first = slice();
        World other = World.of(2, 3);
        other.look(nat);

        // Then
        assertThat(first.addresses()).extracting(a -> a.phase()).containsExactly(Phase.SERVING);
        assertThat(first.realServers()).extracting(r -> r.phase()).containsExactly(Phase.SERVING);
        assertThat(Objects.requireNonNull(other.slice()).addresses())
                .extracting(a -> a.phase())
                .containsExactly(Phase.SERVING);
    }

    @Test
    void keepsALeavingRealServerListedUntilEveryDirectorHasLetGo() {
        // Given
        settle(dr(VIP, World.onNode(1), World.onNode(2)));
        Target without = dr(VIP, World.onNode(1));

        // When
        world.look(without);
        Phase asked = phaseOfRealServer("10.0.0.2");
        apply("d1");
        world.look(without);
        int listedWhileOneDirectorLags = slice().realServers().size();
        apply("d2");
        world.look(without);

        // Then
        assertThat(asked).isEqualTo(Phase.LEAVING);
        assertThat(listedWhileOneDirectorLags).isEqualTo(2);
        assertThat(slice().realServers()).extracting(r -> r.address()).containsExactly("10.0.0.1");
    }

    @Test
    void takesALeavingRealServerBackAtOnce() {
        // Given
        Target both = dr(VIP, World.onNode(1), World.onNode(2));
        settle(both);
        world.look(dr(VIP, World.onNode(1)));
        apply("r2");

        // When
        world.look(both);

        // Then
        assertThat(phaseOfRealServer("10.0.0.2")).isEqualTo(Phase.SERVING);
    }

    @Test
    void waitsForASilentDirectorOnlySoLong() {
        // Given
        settle(dr(VIP, World.onNode(1), World.onNode(2)));
        Target without = dr(VIP, World.onNode(1));
        world.fallSilent("d2");
        world.look(without);
        apply("d1");
        world.look(without);
        int listedBefore = slice().realServers().size();

        // When
        world.pass(World.TIMEOUT);
        world.look(without);

        // Then
        assertThat(listedBefore).isEqualTo(2);
        assertThat(slice().realServers()).hasSize(1);
    }

    @Test
    void saysWhenASilentNodeWillBeGivenUp() {
        // Given
        settle(dr(VIP, World.onNode(1)));
        world.pass(MOMENT);
        world.fallSilent("d2");
        world.look(dr(VIP));

        // When
        SliceProgress progress = world.progress();

        // Then
        assertThat(progress.deadline()).isNotNull();
        assertThat(progress.progress().directorsLetGo()).isFalse();
    }

    @Test
    void withdrawsInThreeSteps() {
        // Given
        settle(dr(VIP, World.onNode(1)));
        Target withdraw = new Target.Withdraw();

        // When
        world.look(withdraw);
        Phase first = phaseOf(VIP);
        apply("d1", "d2");
        world.look(withdraw);
        VirtualServerSliceSpec second = slice();
        Step whileARealServerHolds = world.look(withdraw);
        apply("d1", "d2", "r1", "r2", "r3");
        Step third = world.look(withdraw);

        // Then
        assertThat(first).isEqualTo(Phase.LEAVING);
        assertThat(second.addresses()).isEmpty();
        assertThat(second.realServers()).isEmpty();
        assertThat(whileARealServerHolds).isInstanceOf(Step.Stay.class);
        assertThat(third).isInstanceOf(Step.Delete.class);
        assertThat(world.look(withdraw)).isInstanceOf(Step.Gone.class);
    }

    @Test
    void changesWhatNeedsNoOrderAtOnce() {
        // Given
        settle(dr(VIP, World.onNode(1)));

        // When
        world.look(dr(VIP, World.dr("10.0.0.1", "r1", 7)));

        // Then
        assertThat(slice().realServers()).extracting(r -> r.weight()).containsExactly(7);
        assertThat(slice().realServers()).extracting(r -> r.phase()).containsExactly(Phase.SERVING);
    }

    @Test
    void movesAnAddressToAnotherNodeByWayOfLeaving() {
        // Given
        settle(dr(VIP, World.onNode(1)));
        Target moved = dr(VIP, World.dr("10.0.0.1", "r2", 1));

        // When
        world.look(moved);
        VirtualServerSliceSpec first = slice();
        apply("d1", "d2");
        world.look(moved);

        // Then
        assertThat(first.realServers()).extracting(r -> r.node()).containsExactly("r1");
        assertThat(first.realServers()).extracting(r -> r.phase()).containsExactly(Phase.LEAVING);
        assertThat(slice().realServers()).extracting(r -> r.node()).containsExactly("r2");
        assertThat(slice().realServers()).extracting(r -> r.phase()).containsExactly(Phase.ENTERING);
    }

    @Test
    void letsANodeHoldTheVipBeforeItsForwardingBecomesDirect() {
        // Given
        settle(dr(VIP, World.nat(World.onNode(1))));
        Target direct = dr(VIP, World.onNode(1));

        // When
        world.look(direct);
        Phase first = phaseOfRealServer("10.0.0.1");
        apply("r1");
        world.look(direct);

        // Then
        assertThat(first).isEqualTo(Phase.ENTERING);
        assertThat(phaseOfRealServer("10.0.0.1")).isEqualTo(Phase.SERVING);
    }

    @Test
    void letsANodeHoldTheVipUntilNoDirectorForwardsDirectly() {
        // Given
        settle(dr(VIP, World.onNode(1)));
        Target translated = dr(VIP, World.nat(World.onNode(1)));

        // When
        world.look(translated);
        Phase first = phaseOfRealServer("10.0.0.1");
        apply("d1", "d2");
        world.look(translated);

        // Then
        assertThat(first).isEqualTo(Phase.LEAVING);
        assertThat(slice().realServers())
                .containsExactly(World.nat(World.onNode(1)).in(Phase.SERVING));
    }

    @Test
    void goesOnWithWhatWasAcceptedWhenAChangeIsRefused() {
        // Given
        Target.Serve accepted = dr(VIP, World.onNode(1), World.onNode(2));
        settle(accepted);

        // When
        Step step = world.look(Target.asAccepted(slice()));

        // Then
        assertThat(step).isInstanceOf(Step.Stay.class);
    }

    private static Target.Serve dr(String vip, Target.RealServer... realServers) {
        return World.serve(List.of(vip), List.of(realServers));
    }

    private void settle(Target target) {
        for (int i = 0; i < 5; i++) {
            world.look(target);
            apply("d1", "d2", "r1", "r2", "r3");
        }
        assertThat(world.look(target)).isInstanceOf(Step.Stay.class);
    }

    private void apply(String... names) {
        for (String name : names) {
            world.read(name);
            world.apply(name);
        }
    }

    private VirtualServerSliceSpec slice() {
        return Objects.requireNonNull(world.slice());
    }

    private Phase phaseOf(String vip) {
        return slice().addresses().stream()
                .filter(a -> a.value().equals(vip))
                .findFirst()
                .orElseThrow()
                .phase();
    }

    private Phase phaseOfRealServer(String address) {
        return slice().realServers().stream()
                .filter(r -> r.address().equals(address))
                .findFirst()
                .orElseThrow()
                .phase();
    }
}
