package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec.Heartbeat;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.HeartbeatPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeartbeatRolesTest {
    private static NodeView node(String name, String... addresses) {
        return Given.node(name, 0, Map.of(), addresses);
    }

    @Test
    void eachDirectorHearsTheOthersAtTheirFirstInternalAddress() {
        List<NodeView> directors = List.of(
                node("d2", "10.0.0.2", "10.9.9.2"), node("d1", "10.0.0.1"), node("d3", "2001:db8::3", "10.0.0.3"));

        assertThat(HeartbeatRoles.of("d2", directors, 9471))
                .isEqualTo(new Heartbeat(
                        "10.0.0.2",
                        9471,
                        List.of(new HeartbeatPeer("d1", "10.0.0.1"), new HeartbeatPeer("d3", "10.0.0.3"))));
    }

    @Test
    void ipv6ServesWhereADirectorHasNothingElse() {
        List<NodeView> directors = List.of(node("d1", "10.0.0.1", "2001:db8::1"), node("d2", "2001:db8::2"));

        assertThat(HeartbeatRoles.of("d1", directors, 9471))
                .isEqualTo(new Heartbeat("2001:db8::1", 9471, List.of(new HeartbeatPeer("d2", "2001:db8::2"))));
    }

    @Test
    void withoutAFamilyInCommonThereIsNone() {
        assertThat(HeartbeatRoles.of("d1", List.of(node("d1", "10.0.0.1"), node("d2", "2001:db8::2")), 9471))
                .isNull();
        assertThat(HeartbeatRoles.of("d1", List.of(node("d1")), 9471)).isNull();
    }

    @Test
    void aDirectorAloneHasNoPeer() {
        assertThat(HeartbeatRoles.of("d1", List.of(node("d1", "10.0.0.1")), 9471))
                .isEqualTo(new Heartbeat("10.0.0.1", 9471, null));
    }
}
