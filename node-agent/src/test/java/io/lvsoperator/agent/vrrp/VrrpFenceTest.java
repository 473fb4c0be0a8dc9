package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.VIP;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.withPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A director whose reconcile loop is stuck lets any other one win. */
class VrrpFenceTest {
    private static final int PRIORITY = 2;

    private final DriverUnderTest director = new DriverUnderTest(FakeHost.at(OWN));

    private int advertisedPriority() {
        return Byte.toUnsignedInt(
                director.host().openSockets().getFirst().sent().getLast()[PRIORITY]);
    }

    @Test
    void advertisesPriorityOneWhileItsLoopIsStuck() {
        // Given
        director.configure(withPeer(VIP));
        director.run(DOWN_INTERVAL.plusSeconds(2));
        assertThat(advertisedPriority()).isEqualTo(254);

        // When
        director.stickLoop(true);
        director.run(Duration.ofSeconds(28));
        assertThat(advertisedPriority()).as("not yet").isEqualTo(254);
        director.run(Duration.ofSeconds(5));

        // Then
        assertThat(advertisedPriority()).isEqualTo(1);
        assertThat(director.driver().status().fenced()).isTrue();
        assertThat(director.status().state()).as("nobody else is there").isEqualTo(VirtualRouterState.ACTIVE);
        assertThat(director.host().holds(VIP)).isTrue();
    }

    @Test
    void isItselfAgainAsSoonAsTheLoopGoesOn() {
        // Given
        director.configure(withPeer(VIP));
        director.run(DOWN_INTERVAL.plusSeconds(2));
        director.stickLoop(true);
        director.run(Duration.ofSeconds(35));
        assertThat(advertisedPriority()).isEqualTo(1);

        // When
        director.stickLoop(false);
        director.run(Duration.ofSeconds(3));

        // Then
        assertThat(advertisedPriority()).isEqualTo(254);
        assertThat(director.driver().status().fenced()).isFalse();
    }
}
