package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.FLEET;
import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.marked;
import static io.lvsoperator.agent.kernel.Assignments.none;
import static io.lvsoperator.agent.kernel.Assignments.on;
import static io.lvsoperator.agent.kernel.Assignments.realServer;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.100");

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");
    private final FakeSettings settings = new FakeSettings();
    private final FakeElection election = new FakeElection(ipvs);

    @TempDir
    Path directory;

    private StateDirectory state;
    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        state = new StateDirectory(directory);
        reconciler = new Reconciler(ipvs, links, settings, election, state, NODE);
    }

    @Test
    void aVipIsOfferedToTheElectionOnlyOnceItsServiceStands() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(election.told())
                .filteredOn(told -> told.vips().contains(VIP))
                .allMatch(told -> told.servicesInKernel() == 1)
                .isNotEmpty();
    }

    @Test
    void aVipIsWithdrawnFromTheElectionBeforeItsServiceGoes() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));
        election.told().clear();

        reconciler.reconcile(director());

        assertThat(election.told().getFirst()).isEqualTo(new FakeElection.Told(java.util.List.of(), 1));
    }

    @Test
    void anAppliedAssignmentIsReached() throws Exception {
        Report report = reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.reached()).isTrue();
        assertThat(report.drift()).isFalse();
    }

    @Test
    void whatAStrangerWipesIsPutBackAndCalledDrift() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));
        ipvs.flush();

        Report report = reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.drift()).isTrue();
        assertThat(report.done())
                .isEqualTo(Map.of(
                        new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.SERVICE), 2,
                        new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.DESTINATION), 1));
        assertThat(report.first())
                .containsExactly(
                        "add IPv4 firewall mark 2113929232",
                        "add TCP 192.0.2.100:80",
                        "add destination 192.0.2.21:80 of TCP 192.0.2.100:80");
    }

    @Test
    void anUnchangedKernelIsNotTouched() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));
        ipvs.takeExecuted();

        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(ipvs.takeExecuted()).isEmpty();
    }

    @Test
    void theVipsOfAFirewallMarkAreOfferedOnceItsServiceStands() throws Exception {
        reconciler.reconcile(director(marked(10, List.of("192.0.2.100"), at("192.0.2.21", 1))));

        assertThat(election.told())
                .filteredOn(told -> told.vips().contains(VIP))
                .allMatch(told -> told.servicesInKernel() == 1)
                .isNotEmpty();
    }

    @Test
    void natOverIpv6WithoutForwardingIsReportedAndOffersItsVipToNobody() throws Exception {
        Report report = reconciler.reconcile(director(natOverIpv6()));

        assertThat(report.sliceProblems())
                .containsExactly(Map.entry(
                        new SliceName("shop", "s0"),
                        new Problem(
                                Problem.Reason.FORWARDING_OFF,
                                "NAT over IPv6 needs net.ipv6.conf.all.forwarding = 1, and on node d1 it is 0: set it there"
                                        + " or by the fleet's spec.kernelSettings.ipv6Forwarding (with accept_ra = 2 on interfaces that learn their routes from router"
                                        + " advertisements), or use forwarding.method DR")));
        assertThat(election.told()).allMatch(told -> told.vips().isEmpty());
    }

    @Test
    void natOverIpv6ServesOnceTheNodeForwards() throws Exception {
        reconciler.reconcile(director(natOverIpv6()));
        settings.with(KernelSetting.IPV6_FORWARDING, 1);

        Report report = reconciler.reconcile(director(natOverIpv6()));

        assertThat(report.sliceProblems()).isEmpty();
        assertThat(election.told().getLast().vips()).containsExactly(IpAddress.parse("2001:db8::100"));
    }

    @Test
    void aSettingThatAFleetAsksForIsMadeAndReadBack() throws Exception {
        Report report = reconciler.reconcile(director(conntrack()));

        assertThat(settings.read()).containsEntry(KernelSetting.CONNTRACK, 1);
        assertThat(report.settings())
                .isEqualTo(Map.of(KernelSetting.CONNTRACK, new Report.ReadBack(1, Optional.of(1))));
        assertThat(report.done())
                .isEqualTo(Map.of(new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.KERNEL_SETTING), 1));
    }

    @Test
    void aSettingThatAStrangerChangesIsPutBackAndCalledDrift() throws Exception {
        reconciler.reconcile(director(conntrack()));
        settings.with(KernelSetting.CONNTRACK, 0);

        Report report = reconciler.reconcile(director(conntrack()));

        assertThat(report.drift()).isTrue();
        assertThat(settings.read()).containsEntry(KernelSetting.CONNTRACK, 1);
    }

    @Test
    void aSettingIsAsItWasOnceNobodyAsksForItAlsoAfterARestart() throws Exception {
        settings.with(KernelSetting.CONNTRACK, 7);
        reconciler.reconcile(director(conntrack()));
        Reconciler restarted = new Reconciler(ipvs, links, settings, election, new StateDirectory(directory), NODE);

        restarted.reconcile(director());
        restarted.reconcile(director());

        assertThat(settings.read()).containsEntry(KernelSetting.CONNTRACK, 7);
        assertThat(new StateDirectory(directory).loadLedger().savedKernelSettings())
                .isEmpty();
    }

    @Test
    void aSettingThatCannotBeMadeIsNamedAndKeepsNothingFromBeingServed() throws Exception {
        settings.becomeReadOnly();

        Report report = reconciler.reconcile(director(conntrack(), dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.reached()).isTrue();
        assertThat(election.offered()).containsExactly(VIP);
        assertThat(report.settingProblems())
                .isEqualTo(Map.of(
                        KernelSetting.CONNTRACK,
                        new Problem(
                                Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                                "net.ipv4.vs.conntrack on node d1 could not be set to 1, which fleet edge asks for"
                                        + " (read-only file system)")));
        assertThat(report.settings())
                .isEqualTo(Map.of(KernelSetting.CONNTRACK, new Report.ReadBack(1, Optional.of(0))));
    }

    @Test
    void natOverIpv6ServesAtOnceWhereItsFleetAsksForForwarding() throws Exception {
        Report report = reconciler.reconcile(director(ipv6Forwarding(), natOverIpv6()));

        assertThat(report.reached()).isTrue();
        assertThat(report.sliceProblems()).isEmpty();
        assertThat(election.offered()).containsExactly(IpAddress.parse("2001:db8::100"));
    }

    @Test
    void natOverIpv6IsReportedWhereTheForwardingThatItsFleetAsksForCannotBeHad() throws Exception {
        settings.becomeReadOnly();

        Report report = reconciler.reconcile(director(ipv6Forwarding(), natOverIpv6()));

        assertThat(report.sliceProblems()).containsOnlyKeys(new SliceName("shop", "s0"));
        assertThat(report.settingProblems()).containsOnlyKeys(KernelSetting.IPV6_FORWARDING);
        assertThat(election.offered()).isEmpty();
    }

    private static KernelSettings ipv6Forwarding() {
        return new KernelSettings(null, null, null, null, null, null, null, null, null, null, null, null, true, null);
    }

    private static KernelSettings conntrack() {
        return new KernelSettings(null, null, true, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static VirtualServerSliceSpec natOverIpv6() {
        return slice(
                ForwardingMethod.NAT, SchedulerName.RR, Phase.SERVING, "2001:db8::100", 8080, at("2001:db8::21", 1));
    }

    @Test
    void aMissingSchedulerFailsItsSliceAlone() throws Exception {
        ipvs.removeScheduler("twos");

        Report report = reconciler.reconcile(director(
                slice(ForwardingMethod.DR, SchedulerName.TWOS, Phase.SERVING, "192.0.2.101", 80, at("192.0.2.21", 1)),
                dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.sliceProblems())
                .containsExactly(Map.entry(
                        new SliceName("shop", "s0"),
                        new Problem(
                                Problem.Reason.SCHEDULER_NOT_AVAILABLE,
                                "the kernel of node d1 has no scheduler twos: install its module ip_vs_twos, or choose"
                                        + " another spec.scheduler.name")));
        assertThat(election.offered()).containsExactly(VIP);
    }

    @Test
    void withoutIpvsTheDirectorStaysOutOfTheElection() throws Exception {
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT);

        Report report = reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(election.latest().routers()).isEmpty();
        assertThat(report.fleetProblems().get(FLEET))
                .extracting(Problem::reason)
                .isEqualTo(Problem.Reason.IPVS_NOT_AVAILABLE);
    }

    @Test
    void withoutPermissionTheReasonSaysSo() throws Exception {
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_PERMISSION);

        Report report = reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.fleetProblems().get(FLEET))
                .extracting(Problem::reason)
                .isEqualTo(Problem.Reason.NO_PERMISSION);
    }

    @Test
    void withoutIpvsARealServerStillHoldsItsVips() throws Exception {
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT);

        reconciler.reconcile(realServer(dr("192.0.2.100", on(NODE, "192.0.2.21", Phase.SERVING))));

        assertThat(links.state().addresses())
                .anyMatch(address -> address.address().equals(VIP));
    }

    @Test
    void aDumpThatFailsIsUnknownAndDeletesNothing() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));
        ipvs.takeExecuted();
        ipvs.becomeUnreadable(new NoAnswerException("dump services", "timed out"));

        Report report = reconciler.reconcile(none());

        assertThat(ipvs.takeExecuted()).isEmpty();
        assertThat(election.offered()).containsExactly(VIP);
        assertThat(report.nodeProblem()).get().extracting(Problem::reason).isEqualTo(Problem.Reason.KERNEL_UNKNOWN);
    }

    @Test
    void aRestartedAgentDeletesWhatItMadeBefore() throws Exception {
        reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));
        Reconciler restarted = new Reconciler(ipvs, links, settings, election, new StateDirectory(directory), NODE);

        restarted.reconcile(none());

        assertThat(ipvs.table().servers()).isEmpty();
    }

    @Test
    void theReachedAssignmentIsOnDisk() throws Exception {
        var assignment = director(dr("192.0.2.100", at("192.0.2.21", 1)));

        reconciler.reconcile(assignment);

        assertThat(new StateDirectory(directory).loadAssignment(NODE)).contains(assignment);
    }

    @Test
    void anInterfaceThatIsMissingKeepsTheDirectorOutOfTheElection() throws Exception {
        Report report = reconciler.reconcile(
                director(new DirectorFleetSpec.Network("eth7", null), dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(election.latest().routers()).isEmpty();
        assertThat(report.fleetProblems().get(FLEET))
                .extracting(Problem::reason)
                .isEqualTo(Problem.Reason.INTERFACE_NOT_FOUND);
    }

    @Test
    void anElectionThatDoesNotLetGoIsAProblemAndNothingIsReached() throws Exception {
        election.neverSettle();

        Report report = reconciler.reconcile(director());

        assertThat(report.reached()).isFalse();
        assertThat(report.nodeProblem())
                .get()
                .extracting(Problem::reason)
                .isEqualTo(Problem.Reason.VIRTUAL_ROUTER_FAILED);
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsAProblemButTheServiceStands() throws Exception {
        Path blocked = directory.resolve("blocked");
        Reconciler unsaved = new Reconciler(ipvs, links, settings, election, new StateDirectory(blocked), NODE);
        Files.createFile(blocked);

        Report report = unsaved.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.nodeProblem()).get().extracting(Problem::reason).isEqualTo(Problem.Reason.STATE_NOT_SAVED);
        assertThat(ipvs.table().servers()).hasSize(2);
    }
}
