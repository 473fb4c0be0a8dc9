package io.lvsoperator.agent.plan;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.none;
import static io.lvsoperator.agent.kernel.Assignments.on;
import static io.lvsoperator.agent.kernel.Assignments.realServer;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");
    private static final VirtualServerKey SERVICE = new VirtualServerKey.AddressAndPort(Protocol.TCP, VIP, 80);

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");

    @Test
    void aNewServiceIsAddedBeforeItsDestinations() throws Exception {
        Plan plan = plan(director(dr("192.0.2.100", at("192.0.2.21", 1))), Ledger.EMPTY);

        assertThat(plan.steps())
                .extracting(step -> ((Step.ChangeIpvs) step).command().toString())
                .containsExactly(
                        "add IPv4 firewall mark 2113929232",
                        "add TCP 192.0.2.100:80",
                        "add destination 192.0.2.21:80 of TCP 192.0.2.100:80");
    }

    @Test
    void aChangedWeightIsOneSet() throws Exception {
        Ledger ledger = converge(director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.22", 1))), Ledger.EMPTY);

        Plan plan = plan(director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.22", 7))), ledger);

        assertThat(plan.steps())
                .singleElement()
                .extracting(step -> ((Step.ChangeIpvs) step).command())
                .isInstanceOf(IpvsCommand.SetDestination.class);
    }

    @Test
    void aChangedSchedulerIsOneSetInPlace() throws Exception {
        Ledger ledger = converge(director(dr("192.0.2.100", at("192.0.2.21", 1))), Ledger.EMPTY);

        Plan plan = plan(
                director(slice(
                        ForwardingMethod.DR, SchedulerName.MH, Phase.SERVING, "192.0.2.100", 80, at("192.0.2.21", 1))),
                ledger);

        assertThat(plan.steps())
                .singleElement()
                .extracting(step -> ((Step.ChangeIpvs) step).command())
                .isInstanceOf(IpvsCommand.SetService.class);
    }

    @Test
    void aForeignServiceIsLeftAloneAndCounted() throws Exception {
        converge(director(dr("192.0.2.200", at("192.0.2.21", 1))), Ledger.EMPTY);

        Plan plan = plan(none(), Ledger.EMPTY);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.foreignServices()).isEqualTo(1);
    }

    @Test
    void aServiceThatStandsAlreadyIsAdoptedInPlace() throws Exception {
        converge(director(dr("192.0.2.100", at("192.0.2.21", 5))), Ledger.EMPTY);

        Plan plan = plan(director(dr("192.0.2.100", at("192.0.2.21", 1))), Ledger.EMPTY);

        assertThat(plan.adopted()).containsExactly(SERVICE);
        assertThat(plan.steps())
                .singleElement()
                .extracting(step -> ((Step.ChangeIpvs) step).command())
                .isInstanceOf(IpvsCommand.SetDestination.class);
    }

    @Test
    void aForeignDestinationInOurServiceIsRemoved() throws Exception {
        Ledger ledger = converge(director(dr("192.0.2.100", at("192.0.2.21", 1), at("192.0.2.66", 1))), Ledger.EMPTY);

        Plan plan = plan(director(dr("192.0.2.100", at("192.0.2.21", 1))), ledger);

        assertThat(plan.steps())
                .singleElement()
                .extracting(step -> ((Step.ChangeIpvs) step).command())
                .isInstanceOf(IpvsCommand.DeleteDestination.class);
    }

    @Test
    void whatTheNodeNoLongerHasToDoIsDeletedFromTheLedger() throws Exception {
        Ledger ledger = converge(director(dr("192.0.2.100", at("192.0.2.21", 1))), Ledger.EMPTY);

        Plan plan = plan(none(), ledger);

        assertThat(plan.steps())
                .extracting(step -> ((Step.ChangeIpvs) step).command().toString())
                .as("the placeholder last, as the kernel's hooks go with it")
                .containsExactly("delete TCP 192.0.2.100:80", "delete IPv4 firewall mark 2113929232");
        assertThat(plan.ledgerAfter()).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void theLedgerNamesWhatWillBeOursBeforeTheFirstStep() throws Exception {
        Plan plan = plan(director(dr("192.0.2.100", at("192.0.2.21", 1))), Ledger.EMPTY);

        assertThat(plan.ledgerBefore().services()).contains(SERVICE);
    }

    @Test
    void anInterfaceIsSilencedBeforeTheLoopbackGetsTheVip() throws Exception {
        Plan plan = plan(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.ENTERING))), Ledger.EMPTY);

        assertThat(plan.steps())
                .hasExactlyElementsOfTypes(Step.ConfigureDevice.class, Step.HoldVip.class)
                .first()
                .extracting(step -> ((Step.ConfigureDevice) step).settings())
                .isEqualTo(Map.of(DeviceSetting.ARP_IGNORE, 1, DeviceSetting.ARP_ANNOUNCE, 2));
    }

    @Test
    void anInterfaceSpeaksAgainOnlyAfterTheVipIsGone() throws Exception {
        Ledger ledger = converge(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING))), Ledger.EMPTY);

        Plan plan = plan(none(), ledger);

        assertThat(plan.steps())
                .containsExactly(
                        new Step.ReleaseVip(1, VIP),
                        new Step.ConfigureDevice(
                                2,
                                "eth0",
                                Map.of(DeviceSetting.ARP_IGNORE, 0, DeviceSetting.ARP_ANNOUNCE, 0),
                                java.util.Optional.empty()));
    }

    @Test
    void theValueFoundFirstIsTheOneThatIsRestored() throws Exception {
        links.set(2, Map.of(DeviceSetting.ARP_IGNORE, 2));
        Ledger ledger = converge(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING))), Ledger.EMPTY);
        links.set(2, Map.of(DeviceSetting.ARP_IGNORE, 8));
        ledger = converge(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING))), ledger);

        converge(none(), ledger);

        assertThat(links.setting(2, DeviceSetting.ARP_IGNORE)).isEqualTo(2);
    }

    @Test
    void aSettingThatHasItsFormerValueIsNotRestored() throws Exception {
        // The ledger is written before the kernel is: what was refused then stands in it and was never changed.
        Ledger ledger = plan(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.ENTERING))), Ledger.EMPTY)
                .ledgerBefore();

        Plan plan = plan(none(), ledger);

        assertThat(ledger.savedSettings()).containsKey("eth0");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.ledgerAfter().savedSettings()).isEmpty();
    }

    @Test
    void aVipThatSomebodyElsePutOnTheLoopbackStaysWhenTheRoleEnds() throws Exception {
        links.addForeign(1, VIP);
        Ledger ledger = converge(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING))), Ledger.EMPTY);

        converge(none(), ledger);

        assertThat(links.state().addresses())
                .anyMatch(address -> address.address().equals(VIP));
    }

    @Test
    void aMissingInterfaceIsNamedTogetherWithWhatTheNodeHas() throws Exception {
        Assignment assignment =
                director(new DirectorFleetSpec.Network("eth7", null), dr("192.0.2.100", at("192.0.2.21", 1)));

        Plan plan = plan(assignment, Ledger.EMPTY);

        assertThat(plan.problems().get("edge"))
                .isEqualTo(
                        new Problem(
                                Problem.Reason.INTERFACE_NOT_FOUND,
                                "node d1 has no interface 'eth7' (it has eth0): set the fleet's network.interface, or interfaceFor"));
    }

    @Test
    void whileTheInterfaceIsAwayARealServerKeepsWhatItHolds() throws Exception {
        Assignment assignment = realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING)));
        Ledger ledger = converge(assignment, Ledger.EMPTY);
        links.remove(2);

        Plan plan = plan(assignment, ledger);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.ledgerAfter()).isEqualTo(ledger);
    }

    @Test
    void withoutIpvsADirectorIsAProblemAndNothingIsForgotten() throws Exception {
        Ledger ledger = new Ledger(Set.of(SERVICE), Set.of(), Map.of(), Map.of());
        Problem problem = new Problem(Problem.Reason.IPVS_NOT_AVAILABLE, "no ip_vs");

        Plan plan = Planner.plan(
                DesiredStateCompiler.compile(director(dr("192.0.2.101", at("192.0.2.21", 1))), NODE),
                new Observed(new Observed.Unavailable(problem), links.state(), Map.of()),
                ledger,
                NODE);

        assertThat(plan.problems()).containsEntry("edge", problem);
        assertThat(plan.ledgerAfter().services()).containsExactly(SERVICE);
    }

    @Test
    void natLetsTheInterfacesOfItsRealServersForward() throws Exception {
        links.with(3, "eth1", "10.0.0.1/24");
        Assignment assignment = director(
                slice(ForwardingMethod.NAT, SchedulerName.RR, Phase.SERVING, "192.0.2.100", 8080, at("10.0.0.5", 1)));

        converge(assignment, Ledger.EMPTY);

        assertThat(List.of(links.setting(2, DeviceSetting.FORWARDING), links.setting(3, DeviceSetting.FORWARDING)))
                .containsExactly(1, 1);
    }

    private Plan plan(Assignment assignment, Ledger ledger) throws NetlinkException, IpvsUnavailableException {
        return Planner.plan(
                DesiredStateCompiler.compile(assignment, NODE),
                new Observed(new Observed.Table(ipvs.table()), links.state(), Map.of()),
                ledger,
                NODE);
    }

    private Ledger converge(Assignment assignment, Ledger ledger) throws NetlinkException, IpvsUnavailableException {
        Plan plan = plan(assignment, ledger);
        StepExecution.execute(plan.steps(), ipvs, links);
        assertThat(plan(assignment, plan.ledgerAfter()).steps())
                .as("a second pass finds nothing to do")
                .isEmpty();
        return plan.ledgerAfter();
    }
}
