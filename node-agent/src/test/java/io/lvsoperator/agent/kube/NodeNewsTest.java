package io.lvsoperator.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.answering.RealServer;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.Assignments;
import io.lvsoperator.agent.kernel.Reports;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeNewsTest {
    private static final Report QUIET = Reports.of(Assignments.director()).report();
    private static final Problem FIREWALL = new Problem(Problem.Reason.FIREWALL_DROPS_INVALID, "a rule");
    private static final NotAnswering SILENT = new NotAnswering(
            new RealServer(
                    new SliceName("shop", "web"),
                    new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80),
                    new DestinationKey(IpAddress.parse("192.0.2.21"), 80)),
            10,
            true,
            Optional.empty());

    private final NodeNews news = new NodeNews();

    @Test
    void aQuietPassIsNoNews() {
        assertThat(news.of(QUIET, List.of(), List.of())).isEmpty();
    }

    @Test
    void aSettingThatIsNotAppliedIsSaidAndThatItIsAgain() {
        Report failed = Reports.of(Assignments.director())
                .settingProblem(
                        KernelSetting.CONNTRACK,
                        new Problem(Problem.Reason.KERNEL_SETTING_NOT_APPLIED, "conntrack is 0"))
                .report();

        assertThat(news.of(failed, List.of(), List.of()))
                .containsExactly(new NodeNews.Item(NodeEvents.Reason.NOT_PROGRAMMED, "conntrack is 0"));
        assertThat(reasons(news.of(QUIET, List.of(), List.of()))).containsExactly(NodeEvents.Reason.PROGRAMMED_AGAIN);
    }

    @Test
    void aProblemOfAFleetIsSaidWithItsName() {
        Report failed = Reports.of(Assignments.director())
                .fleetProblem("edge", new Problem(Problem.Reason.INTERFACE_NOT_FOUND, "no eth9"))
                .report();

        assertThat(news.of(failed, List.of(), List.of()))
                .containsExactly(new NodeNews.Item(NodeEvents.Reason.NOT_PROGRAMMED, "fleet edge: no eth9"));
    }

    @Test
    void aDisturbanceIsSaidOnceUntilItIsGone() {
        assertThat(reasons(news.of(QUIET, List.of(FIREWALL), List.of()))).containsExactly(NodeEvents.Reason.DISTURBED);
        assertThat(news.of(QUIET, List.of(FIREWALL), List.of())).isEmpty();
        assertThat(news.of(QUIET, List.of(), List.of())).isEmpty();
        assertThat(reasons(news.of(QUIET, List.of(FIREWALL), List.of()))).containsExactly(NodeEvents.Reason.DISTURBED);
    }

    @Test
    void aRealServerIsSaidOnceToBeSilentAndOnceToAnswerAgain() {
        assertThat(reasons(news.of(QUIET, List.of(), List.of(SILENT))))
                .containsExactly(NodeEvents.Reason.REAL_SERVER_NOT_ANSWERING);
        assertThat(news.of(QUIET, List.of(), List.of(SILENT))).isEmpty();
        assertThat(reasons(news.of(QUIET, List.of(), List.of())))
                .containsExactly(NodeEvents.Reason.REAL_SERVER_ANSWERS_AGAIN);
    }

    private static List<NodeEvents.Reason> reasons(List<NodeNews.Item> items) {
        return items.stream().map(NodeNews.Item::reason).toList();
    }
}
