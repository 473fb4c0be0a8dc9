package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.StuckExtent;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.FleetReference;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Forwarding;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Scheduler;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ServicePort;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.VirtualAddress;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus.DirectorCounts;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus.RealServerCounts;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.compile.CompiledService;
import io.lvsoperator.operator.compile.CompiledService.RealServer;
import io.lvsoperator.operator.compile.CompiledService.Unresolved;
import io.lvsoperator.operator.compile.Refusal;
import io.lvsoperator.operator.rollout.AgentView;
import io.lvsoperator.operator.rollout.SliceProgress;
import io.lvsoperator.operator.rollout.SliceProgress.NodeStanding;
import io.lvsoperator.operator.rollout.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceStatusTest {
    private static final String VIP = "192.0.2.100";
    private static final Standing APPLIED = new Standing.Applied();
    private static final Standing PENDING = new Standing.Pending();
    private static final AgentView ACTIVE = Given.activeDirector("d1", AddressFamily.IPV4);
    private static final AgentView BACKUP = Given.backupDirector("d2");
    private static final AgentView NODE = Given.realServerNode("r1");

    @Test
    void itIsReadyWhenAllHaveAppliedItAndADirectorIsActive() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(BACKUP, APPLIED)
                .node(NODE, APPLIED)
                .status();

        // Then
        assertThat(status.conditions())
                .filteredOn(Given::isTrue)
                .extracting(Condition::type)
                .containsExactly("Accepted", "ResolvedRefs", "Programmed", "Ready");
        assertThat(status.addresses()).containsExactly(VIP);
        assertThat(status.activeDirectors()).containsExactly("d1");
        assertThat(status.directors()).isEqualTo(new DirectorCounts(2, 2));
        assertThat(status.realServers()).isEqualTo(new RealServerCounts(1, 1));
    }

    @Test
    void aRealServerThatDoesNotAnswerDegradesItButLeavesItReady() {
        // Given
        NotAnswering reported =
                new NotAnswering("shop", "web", "TCP 192.0.2.100:80", "10.0.0.1", 80, 20L, StuckExtent.ALL, true);

        // When
        VirtualServiceStatus status = new Observation()
                .node(Given.complaining("d1", reported), APPLIED)
                .node(NODE, APPLIED)
                .status();

        // Then
        assertThat(condition(status, "Degraded").reason()).isEqualTo("RealServerNotAnswering");
        assertThat(condition(status, "Degraded").message())
                .contains("10.0.0.1:80")
                .contains("'d1'");
        assertThat(condition(status, "Ready")).matches(Given::isTrue);
    }

    @Test
    void whoLagsIsNamed() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(BACKUP, PENDING)
                .node(NODE, APPLIED)
                .status();

        // Then
        assertThat(condition(status, "Programmed").reason()).isEqualTo("Pending");
        assertThat(condition(status, "Programmed").message()).isEqualTo("waiting for 'd2' to apply generation 7");
        assertThat(condition(status, "Reconciling").reason()).isEqualTo("RollingOut");
        assertThat(condition(status, "Ready").reason()).isEqualTo("NotProgrammed");
        assertThat(status.directors()).isEqualTo(new DirectorCounts(2, 1));
    }

    @Test
    void aRealServerNodeThatTheSliceDoesNotListIsNotWaitedFor() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(Given.realServerNode("elsewhere"), PENDING)
                .status();

        // Then
        assertThat(condition(status, "Programmed")).matches(Given::isTrue);
    }

    @Test
    void aDirectorThatIsLostIsNotWaitedFor() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(Given.lostDirector("d2", Given.NOON), PENDING)
                .status();

        // Then
        assertThat(condition(status, "Programmed")).matches(Given::isTrue);
        assertThat(status.directors()).isEqualTo(new DirectorCounts(1, 1));
    }

    @Test
    void aNodeThatCouldNotApplyItIsNamedWithItsCause() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(BACKUP, new Standing.Failed("SchedulerNotAvailable", "the kernel has no scheduler twos"))
                .status();

        // Then
        assertThat(condition(status, "Programmed").reason()).isEqualTo("ApplyFailed");
        assertThat(condition(status, "Programmed").message())
                .isEqualTo("node 'd2': SchedulerNotAvailable: the kernel has no scheduler twos");
    }

    @Test
    void withoutAReadyDirectorItIsNotProgrammed() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(Given.lostDirector("d1", Given.NOON), APPLIED)
                .status();

        // Then
        assertThat(condition(status, "Programmed").reason()).isEqualTo("NoReadyDirector");
        assertThat(condition(status, "Programmed").message()).contains("'d1'");
    }

    @Test
    void withoutAnActiveDirectorItIsProgrammedButNotReady() {
        // When
        VirtualServiceStatus status = new Observation().node(BACKUP, APPLIED).status();

        // Then
        assertThat(condition(status, "Programmed")).matches(Given::isTrue);
        assertThat(condition(status, "Ready").reason()).isEqualTo("NoActiveDirector");
        assertThat(status.activeDirectors()).isNull();
    }

    @Test
    void realServersOfWeightZeroDoNotServe() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .realServers(new SliceRealServer("10.0.0.1", null, 0, null, ForwardingMethod.DR, Phase.SERVING))
                .status();

        // Then
        assertThat(condition(status, "Ready").reason()).isEqualTo("NoRealServers");
        assertThat(status.realServers()).isEqualTo(new RealServerCounts(1, 0));
    }

    @Test
    void aVipThatRealServersAloneHoldIsOnItsWay() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(NODE, APPLIED)
                .vip(Phase.ENTERING)
                .status();

        // Then
        assertThat(condition(status, "Programmed").message())
                .isEqualTo("real servers hold the VIP; directors are to follow");
        assertThat(status.addresses()).isNull();
    }

    @Test
    void aRefusedChangeLeavesWhatIsServedAndIsStalled() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .refusal(new Refusal(Refusal.Reason.ADDRESS_CONFLICT, "192.0.2.100 is served by another"))
                .status();

        // Then
        assertThat(condition(status, "Accepted").reason()).isEqualTo("AddressConflict");
        assertThat(condition(status, "Programmed").message())
                .isEqualTo("generation 7 is not accepted; generation 6 goes on being served");
        assertThat(condition(status, "Stalled").message()).isEqualTo("192.0.2.100 is served by another");
        assertThat(status.addresses()).containsExactly(VIP);
    }

    @Test
    void aWithdrawnServiceSaysWhoStillHoldsIt() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .node(BACKUP, PENDING)
                .refusal(new Refusal(Refusal.Reason.NAMESPACE_NOT_ALLOWED, "not from here"))
                .status();

        // Then
        assertThat(condition(status, "Programmed").reason()).isEqualTo("Withdrawing");
        assertThat(condition(status, "Programmed").message())
                .isEqualTo("the addresses are being withdrawn: waiting for 'd2'");
    }

    @Test
    void aDeletedServiceIsReconcilingAndNeverStalled() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, PENDING)
                .refusal(new Refusal(Refusal.Reason.ADDRESS_CONFLICT, "conflict"))
                .deleting()
                .status();

        // Then
        assertThat(condition(status, "Reconciling").reason()).isEqualTo("Withdrawing");
        assertThat(status.conditions()).extracting(Condition::type).doesNotContain("Stalled");
    }

    @Test
    void aSourceThatGivesNothingIsNamedByItsIndexAndTheOthersServe() {
        // When
        VirtualServiceStatus status = new Observation()
                .node(ACTIVE, APPLIED)
                .unresolved(new Unresolved.NoNodesMatch(2, "rack=9"))
                .status();

        // Then
        assertThat(condition(status, "ResolvedRefs").reason()).isEqualTo("NoNodesMatch");
        assertThat(condition(status, "ResolvedRefs").message())
                .startsWith("spec.realServers[2].nodes.selector: no node")
                .contains("'rack=9'");
        assertThat(condition(status, "Ready")).matches(Given::isTrue);
    }

    @Test
    void withoutItsFleetTheRealServersAreUnknown() {
        // When
        VirtualServiceStatus status = new Observation()
                .fleetless()
                .refusal(new Refusal(Refusal.Reason.FLEET_NOT_FOUND, "there is no DirectorFleet 'edge'"))
                .status();

        // Then
        assertThat(condition(status, "ResolvedRefs").reason()).isEqualTo("FleetNotFound");
        assertThat(condition(status, "Programmed").reason()).isEqualTo("NotAccepted");
    }

    private static Condition condition(VirtualServiceStatus status, String type) {
        return Given.condition(status.conditions(), type);
    }

    /** A DR service of generation 7 on one VIP with the real server r1, and one outside the cluster in no node's hands. */
    private static final class Observation {
        private final List<NodeStanding> nodes = new ArrayList<>();
        private List<SliceRealServer> realServers =
                List.of(new SliceRealServer("10.0.0.1", "r1", 1, null, ForwardingMethod.DR, Phase.SERVING));
        private List<Unresolved> unresolved = List.of();
        private Phase vip = Phase.SERVING;
        private @Nullable Refusal refusal;
        private boolean deleting;
        private boolean hasFleet = true;

        Observation node(AgentView agent, Standing standing) {
            nodes.add(new NodeStanding(agent, Given.FLEET, standing, standing instanceof Standing.Applied));
            return this;
        }

        Observation realServers(SliceRealServer... others) {
            realServers = List.of(others);
            return this;
        }

        Observation unresolved(Unresolved... sources) {
            unresolved = List.of(sources);
            return this;
        }

        Observation vip(Phase phase) {
            vip = phase;
            return this;
        }

        Observation refusal(Refusal because) {
            refusal = because;
            return this;
        }

        Observation deleting() {
            deleting = true;
            return this;
        }

        Observation fleetless() {
            hasFleet = false;
            return this;
        }

        VirtualServiceStatus status() {
            List<AgentView> agents = nodes.stream().map(NodeStanding::agent).toList();
            return ServiceStatus.following(
                    null,
                    new ServiceObservation(
                            SPEC,
                            7,
                            deleting,
                            refusal,
                            hasFleet ? compiled() : null,
                            hasFleet ? slice() : null,
                            hasFleet ? new SliceProgress(nodes, null) : null,
                            ActiveDirectors.of(agents, Given.FLEET),
                            SilentRealServer.of(agents, Given.FLEET, new ServiceKey("shop", "web"))),
                    Given.AT_NOON);
        }

        private CompiledService compiled() {
            return new CompiledService(
                    realServers.stream()
                            .map(r -> new RealServer(
                                    IpAddress.of(r.address()), r.node(), r.weight(), null, r.forwarding()))
                            .toList(),
                    unresolved);
        }

        private VirtualServerSliceSpec slice() {
            return new VirtualServerSliceSpec(
                    Given.FLEET,
                    refusal == null ? 7L : 6L,
                    List.of(new SliceAddress(VIP, vip)),
                    List.of(new SlicePort(Protocol.TCP, 80, 80)),
                    null,
                    SchedulerName.WLC,
                    List.of(),
                    false,
                    null,
                    realServers,
                    null);
        }

        private static final VirtualServiceSpec SPEC = new VirtualServiceSpec(
                new FleetReference(Given.FLEET),
                List.of(new VirtualAddress(VIP)),
                List.of(new ServicePort("http", Protocol.TCP, 80, null)),
                null,
                new Scheduler(SchedulerName.WLC, null),
                false,
                new Forwarding(ForwardingMethod.DR),
                null,
                List.of(new RealServerSource("10.0.0.1", null, 1, null, null)),
                null);
    }
}
