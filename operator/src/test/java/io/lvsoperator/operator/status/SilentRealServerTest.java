package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.StuckExtent;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SilentRealServerTest {
    private static final ServiceKey WEB = new ServiceKey("shop", "web");

    @Test
    void directorsThatSeeTheSameAreNamedTogetherWithTheLargerCount() {
        List<SilentRealServer> found = SilentRealServer.of(
                List.of(
                        reporting("d1", silent(StuckExtent.ALL, 20, true)),
                        reporting("d2", silent(StuckExtent.SOME, 50, null))),
                Given.FLEET,
                WEB);

        assertThat(found).singleElement().satisfies(silent -> {
            assertThat(silent.text(dr(null)))
                    .startsWith(
                            "real server 10.0.0.1:80 of TCP 192.0.2.100:80 does not answer: at least 50 connections")
                    .contains("'d1', 'd2'")
                    .contains("no new one gets through");
        });
    }

    @Test
    void othersServicesAndLostDirectorsDoNotCount() {
        AgentView lost = reporting("d1", silent(StuckExtent.ALL, 20, true));

        assertThat(SilentRealServer.of(List.of(lost), Given.FLEET, new ServiceKey("shop", "other")))
                .isEmpty();
        assertThat(SilentRealServer.of(
                        List.of(new AgentView("d1", 1, lost.spec(), lost.status(), Given.NOON)), Given.FLEET, WEB))
                .isEmpty();
    }

    @Test
    void anOutsideHostBehindDirectRoutingLikelyLacksTheVip() {
        assertThat(text(silent(StuckExtent.ALL, 20, true), dr(null)))
                .contains("Likely the host does not hold the VIP on lo");
    }

    @Test
    void aNodeHoldsTheVipSoItIsSomethingElse() {
        assertThat(text(silent(StuckExtent.ALL, 20, true), dr("r1")))
                .contains("agent holds the VIP on lo")
                .doesNotContain("does not hold");
    }

    @Test
    void clientsThatDoNotRepeatAreRefused() {
        assertThat(text(silent(StuckExtent.ALL, 20, false), dr(null)))
                .contains("likely nobody listens on 192.0.2.100:80 there")
                .doesNotContain("on lo");
    }

    @Test
    void whenTheCountersCannotTellBothAreNamed() {
        assertThat(text(silent(StuckExtent.ALL, 20, null), dr(null)))
                .contains("does not hold the VIP on lo")
                .contains("or nobody listens on 192.0.2.100:80 there");
    }

    @Test
    void behindNatTheGatewayIsLikelyWrong() {
        assertThat(text(silent(StuckExtent.ALL, 20, true), slice(ForwardingMethod.NAT, null)))
                .contains("make the director its gateway");
    }

    @Test
    void whereSomeGetThroughItIsOverloadedOrFlooded() {
        assertThat(text(silent(StuckExtent.SOME, 200, null), dr(null)))
                .contains("some get through")
                .contains("overloaded");
    }

    private static String text(NotAnswering reported, VirtualServerSliceSpec slice) {
        return SilentRealServer.of(List.of(reporting("d1", reported)), Given.FLEET, WEB)
                .getFirst()
                .text(slice);
    }

    private static NotAnswering silent(StuckExtent extent, long waiting, @Nullable Boolean clientsRepeat) {
        return new NotAnswering("shop", "web", "TCP 192.0.2.100:80", "10.0.0.1", 80, waiting, extent, clientsRepeat);
    }

    private static AgentView reporting(String node, NotAnswering reported) {
        AgentView director = Given.backupDirector(node);
        return new AgentView(
                node,
                director.generation(),
                director.spec(),
                new LvsNodeStatus(1L, "test", null, null, null, null, null, 1, List.of(reported), null),
                null);
    }

    private static VirtualServerSliceSpec dr(@Nullable String node) {
        return slice(ForwardingMethod.DR, node);
    }

    private static VirtualServerSliceSpec slice(ForwardingMethod method, @Nullable String node) {
        return new VirtualServerSliceSpec(
                Given.FLEET,
                1L,
                List.of(new SliceAddress("192.0.2.100", Phase.SERVING)),
                List.of(new SlicePort(Protocol.TCP, 80, 80)),
                null,
                SchedulerName.WLC,
                List.of(),
                false,
                null,
                List.of(new SliceRealServer("10.0.0.1", node, 1, null, method, Phase.SERVING)),
                null);
    }
}
