package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTroubleTest {
    @Test
    void whatDisturbsADirectorIsTold() {
        AgentView director = director(undisturbed(ConditionStatus.FALSE));

        assertThat(NodeTrouble.of(director, "edge"))
                .contains(new NodeTrouble("d1", "KubeProxyInIpvsMode", "it deletes"));
    }

    @Test
    void whatKeepsADirectorFromItsPartIsToldBeforeThat() {
        AgentView director = director(
                undisturbed(ConditionStatus.FALSE),
                new Condition("Ready", ConditionStatus.FALSE, "NoPermission", "give it", 1L, "2026-01-01T00:00:00Z"));

        assertThat(NodeTrouble.of(director, "edge")).map(NodeTrouble::reason).contains("NoPermission");
    }

    @Test
    void anUndisturbedDirectorIsNoTrouble() {
        assertThat(NodeTrouble.of(director(undisturbed(ConditionStatus.TRUE)), "edge"))
                .isEmpty();
    }

    private static Condition undisturbed(ConditionStatus status) {
        return new Condition("Undisturbed", status, "KubeProxyInIpvsMode", "it deletes", 1L, "2026-01-01T00:00:00Z");
    }

    private static AgentView director(Condition... conditions) {
        LvsNodeStatus status =
                new LvsNodeStatus(1L, "test", null, null, null, null, List.of(conditions), null, null, null);
        return new AgentView("d1", 1, new LvsNodeSpec(null, null), status, null);
    }
}
