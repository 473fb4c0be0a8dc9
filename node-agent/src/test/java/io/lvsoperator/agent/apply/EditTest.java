package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.behind;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.marked;
import static io.lvsoperator.agent.kernel.Assignments.on;
import static io.lvsoperator.agent.kernel.Assignments.realServer;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static io.lvsoperator.agent.kernel.Assignments.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SyncDaemons;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.kernel.FakeTables;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.PersistenceEngine;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerFlag;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit looks at the services that it changes and at nothing else, unless it is about more than services. */
class EditTest {
    private static final String WEB = "192.0.2.100";
    private static final VirtualServerKey WEB_KEY =
            new VirtualServerKey.AddressAndPort(io.lvsoperator.agent.ipvs.Protocol.TCP, IpAddress.parse(WEB), 80);
    private static final VirtualServerSliceSpec PLAIN = dr(WEB, at("192.0.2.21", 1), at("192.0.2.22", 1));
    private static final VirtualServerSliceSpec NAT = nat(behind("10.0.0.1", 1));
    private static final VirtualServerSliceSpec MARKED = marked(10, List.of("192.0.2.102"), at("192.0.2.21", 1));
    private static final VirtualServerSliceSpec HASHED =
            slice(ForwardingMethod.DR, SchedulerName.MH, Phase.SERVING, "192.0.2.103", 80, at("192.0.2.21", 1));
    private static final VirtualServerSliceSpec NEW = dr("192.0.2.104", at("192.0.2.21", 1));
    private static final Assignment BASE = director(PLAIN, NAT, MARKED, HASHED);

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks()
            .with(2, "eth0", "192.0.2.11/24")
            .with(3, "eth1", "10.0.0.254/24")
            .with(4, "eth2", "10.1.0.254/24");
    private final FakeSettings settings = new FakeSettings();
    private final FakeElection election = new FakeElection(ipvs);

    @TempDir
    Path directory;

    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        reconciler = new Reconciler(
                new Kernel(ipvs, SyncDaemons.NONE, new FakeTables(), links, settings),
                election,
                new StateDirectory(directory),
                NODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void aWeightCostsTheSameThreeRequestsHoweverManyServicesThereAre(int services) throws Exception {
        List<VirtualServerSliceSpec> specs = IntStream.range(0, services)
                .mapToObj(i -> dr("10.9." + i / 250 + "." + i % 250, at("192.0.2.21", 1), at("192.0.2.22", 1)))
                .toList();
        standingOn(director(specs.toArray(VirtualServerSliceSpec[]::new)));
        List<VirtualServerSliceSpec> edited = new ArrayList<>(specs);
        edited.set(3, dr("10.9.0.3", at("192.0.2.21", 1), at("192.0.2.22", 7)));

        reconciler.edit(director(edited.toArray(VirtualServerSliceSpec[]::new)));

        assertThat(ipvs.takeAsked()).as("the service and its destinations").isEqualTo(2);
        assertThat(ipvs.takeExecuted())
                .extracting(IpvsCommand::toString)
                .containsExactly("set destination 192.0.2.22:80 of TCP 10.9.0.3:80");
    }

    static Stream<Arguments> editsOfServicesAlone() {
        return Stream.of(
                edit("a weight", dr(WEB, at("192.0.2.21", 1), at("192.0.2.22", 5)), NAT, MARKED, HASHED),
                edit("a weight becomes 0", dr(WEB, at("192.0.2.21", 1), at("192.0.2.22", 0)), NAT, MARKED, HASHED),
                edit("a limit", dr(WEB, limited("192.0.2.21"), at("192.0.2.22", 1)), NAT, MARKED, HASHED),
                edit(
                        "one real server more",
                        dr(WEB, at("192.0.2.20", 1), at("192.0.2.21", 1), at("192.0.2.22", 1)),
                        NAT,
                        MARKED,
                        HASHED),
                edit("one real server less", dr(WEB, at("192.0.2.21", 1)), NAT, MARKED, HASHED),
                edit("no real server", dr(WEB), NAT, MARKED, HASHED),
                edit("a scheduler", scheduled(SchedulerName.WLC, List.of()), NAT, MARKED, HASHED),
                edit("a flag", scheduled(SchedulerName.SH, List.of(SchedulerFlag.SH_PORT)), NAT, MARKED, HASHED),
                edit("persistence", persistent(), NAT, MARKED, HASHED),
                edit("one port more", onPorts(80, 443), NAT, MARKED, HASHED),
                edit("another port", onPorts(443), NAT, MARKED, HASHED),
                edit("a NAT real server's weight", PLAIN, nat(behind("10.0.0.1", 3)), MARKED, HASHED),
                edit(
                        "a NAT real server on a link that forwards",
                        PLAIN,
                        nat(behind("10.0.0.1", 1), behind("10.0.0.2", 1)),
                        MARKED,
                        HASHED),
                edit(
                        "a NAT real server behind a router",
                        PLAIN,
                        nat(behind("10.0.0.1", 1), behind("203.0.113.1", 1)),
                        MARKED,
                        HASHED),
                edit(
                        "another firewall mark",
                        PLAIN,
                        NAT,
                        marked(11, List.of("192.0.2.102"), at("192.0.2.21", 1)),
                        HASHED),
                edit(
                        "a hashed service's weight",
                        PLAIN,
                        NAT,
                        MARKED,
                        slice(
                                ForwardingMethod.DR,
                                SchedulerName.MH,
                                Phase.SERVING,
                                "192.0.2.103",
                                80,
                                at("192.0.2.21", 4))),
                edit(
                        "a hashed service's order",
                        PLAIN,
                        NAT,
                        MARKED,
                        slice(
                                ForwardingMethod.DR,
                                SchedulerName.MH,
                                Phase.SERVING,
                                "192.0.2.103",
                                80,
                                at("192.0.2.20", 1),
                                at("192.0.2.21", 1))),
                edit("a new service", PLAIN, NAT, MARKED, HASHED, NEW),
                edit(
                        "a VIP more",
                        PLAIN,
                        NAT,
                        MARKED,
                        HASHED.with(List.of(serving("192.0.2.103"), serving("192.0.2.105")), HASHED.realServers())),
                edit("two services at once", dr(WEB, at("192.0.2.21", 2)), nat(behind("10.0.0.1", 9)), MARKED, HASHED),
                edit("nothing of the node's", PLAIN, NAT, MARKED, HASHED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("editsOfServicesAlone")
    void anEditOfServicesAloneLooksAtTheseAloneAndLeavesNothingToDo(String what, Assignment edited) throws Exception {
        standingOn(BASE);

        Report report = reconciler.edit(edited);

        assertThat(report.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
        assertThat(ipvs.takeAsked()).isLessThanOrEqualTo(4);
        assertThat(report.reached()).isTrue();
        Report next = reconciler.reconcile(edited);
        assertThat(next.done()).isEmpty();
        assertThat(next.comparison().orElseThrow().desired())
                .isEqualTo(report.comparison().orElseThrow().desired());
        assertThat(next.foreignServices()).isEqualTo(report.foreignServices());
        assertThat(new StateDirectory(directory).loadAssignment(NODE)).contains(edited);
    }

    static Stream<Arguments> editsOfMore() {
        return Stream.of(
                edit("a service less", PLAIN, NAT, MARKED),
                edit("another VIP", dr("192.0.2.109", at("192.0.2.21", 1)), NAT, MARKED, HASHED),
                edit(
                        "a VIP that leaves",
                        slice(ForwardingMethod.DR, SchedulerName.RR, Phase.LEAVING, WEB, 80, at("192.0.2.21", 1)),
                        NAT,
                        MARKED,
                        HASHED),
                edit("the last port goes", onPorts(), NAT, MARKED, HASHED),
                edit(
                        "NAT on a link that does not forward",
                        PLAIN,
                        nat(behind("10.0.0.1", 1), behind("10.1.0.1", 1)),
                        MARKED,
                        HASHED),
                edit("NAT on a link no more", PLAIN, nat(behind("203.0.113.1", 1)), MARKED, HASHED),
                edit("NAT no more", PLAIN, nat(at("10.0.0.1", 1)), MARKED, HASHED),
                edit(
                        "the first service of a family",
                        PLAIN,
                        NAT,
                        MARKED,
                        HASHED,
                        dr("2001:db8::100", at("2001:db8::21", 1))),
                edit("a conflict", PLAIN, NAT, MARKED, HASHED, dr(WEB, at("192.0.2.29", 1))),
                edit("a conflict within the edit", PLAIN, NAT, MARKED, HASHED, NEW, NEW),
                Arguments.of(
                        "the roles",
                        director(
                                new KernelSettings(
                                        null, null, true, null, null, null, null, null, null, null, null, null, null,
                                        null),
                                PLAIN,
                                NAT,
                                MARKED,
                                HASHED)),
                Arguments.of("the role", realServer(PLAIN, NAT, MARKED, HASHED)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("editsOfMore")
    void anEditOfMoreLooksAtEverything(String what, Assignment edited) throws Exception {
        standingOn(BASE);

        Report report = reconciler.edit(edited);

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(reconciler.reconcile(edited).done()).isEmpty();
    }

    @Test
    void aWeightOfAnUntrackedServiceIsAnEditOfServicesAlone() throws Exception {
        standingOn(with(ConnectionTracking.UNTRACKED, BASE));

        Assignment weighted = director(dr(WEB, at("192.0.2.21", 1), at("192.0.2.22", 5)), NAT, MARKED, HASHED);
        Report report = reconciler.edit(with(ConnectionTracking.UNTRACKED, weighted));

        assertThat(report.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
        assertThat(report.untracked().entries()).contains(new Report.ReadBack(3, Optional.of(3)));
    }

    @Test
    void anEditThatChangesWhatConntrackPassesOverLooksAtEverything() throws Exception {
        standingOn(with(ConnectionTracking.UNTRACKED, BASE));

        Report report = reconciler.edit(with(ConnectionTracking.UNTRACKED, director(PLAIN, NAT, MARKED, HASHED, NEW)));

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(report.untracked().entries()).contains(new Report.ReadBack(4, Optional.of(4)));
    }

    @Test
    void aServiceThatFailedIsTriedWithALookAtEverything() throws Exception {
        ipvs.refuse(command -> command.changes().equals(WEB_KEY), Errno.EINVAL);
        standingOn(BASE);
        ipvs.refuse(command -> false, Errno.EINVAL);

        Report report = reconciler.edit(director(dr(WEB, at("192.0.2.21", 2)), NAT, MARKED, HASHED));

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(report.sliceProblems()).isEmpty();
    }

    @Test
    void theProblemOfAnotherServiceStays() throws Exception {
        ipvs.refuse(command -> command.changes().equals(WEB_KEY), Errno.EINVAL);
        standingOn(BASE);

        Report report = reconciler.edit(director(PLAIN, nat(behind("10.0.0.1", 5)), MARKED, HASHED));

        assertThat(report.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
        assertThat(report.sliceProblems()).containsOnlyKeys(new SliceName("shop", "s0"));
    }

    @Test
    void aPortThatMaySettleAConflictLooksAtEverything() throws Exception {
        standingOn(director(PLAIN, NAT, dr(WEB, at("192.0.2.29", 1))));

        Report report = reconciler.edit(director(onPorts(443), NAT, dr(WEB, at("192.0.2.29", 1))));

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(report.sliceProblems()).isEmpty();
    }

    @Test
    void natOverIpv6IsAnEditOfServicesAloneWhereTheNodeForwards() throws Exception {
        settings.with(KernelSetting.IPV6_FORWARDING, 1);
        standingOn(director(natOverIpv6(1)));

        assertThat(reconciler.edit(director(natOverIpv6(2))).extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
    }

    @Test
    void natOverIpv6LooksAtEverythingWhereTheNodeDoesNotForward() throws Exception {
        VirtualServerSliceSpec plain = dr("2001:db8::101", at("2001:db8::21", 1));
        standingOn(director(plain));

        assertThat(reconciler.edit(director(plain, natOverIpv6(2))).extent()).isEqualTo(Report.Extent.EVERYTHING);
    }

    @Test
    void aRealServersPartIsEditedWithoutALookWhileItHoldsTheSameVips() throws Exception {
        standingOn(realServer(dr(WEB, on(NODE, "192.0.2.21", Phase.SERVING))));

        Report report = reconciler.edit(
                realServer(dr(WEB, on(NODE, "192.0.2.21", Phase.SERVING), on("n2", "192.0.2.22", Phase.SERVING))));

        assertThat(report.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
        assertThat(ipvs.takeAsked()).isZero();
    }

    @Test
    void aRealServerThatIsToHoldAnotherVipLooksAtEverything() throws Exception {
        standingOn(realServer(dr(WEB, on(NODE, "192.0.2.21", Phase.SERVING))));

        Report report = reconciler.edit(realServer(
                dr(WEB, on(NODE, "192.0.2.21", Phase.SERVING)),
                dr("192.0.2.101", on(NODE, "192.0.2.21", Phase.SERVING))));

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(links.state().addresses()).anyMatch(held -> held.address().equals(IpAddress.parse("192.0.2.101")));
    }

    @Test
    void theFirstPassLooksAtEverything() throws Exception {
        assertThat(reconciler.edit(BASE).extent()).isEqualTo(Report.Extent.EVERYTHING);
    }

    @Test
    void aNewVipIsOfferedOnlyOnceItsServiceStands() throws Exception {
        standingOn(BASE);
        election.told().clear();

        reconciler.edit(director(PLAIN, NAT, MARKED, HASHED, NEW));

        assertThat(election.told()).singleElement().satisfies(told -> {
            assertThat(told.vips()).contains(IpAddress.parse("192.0.2.104")).hasSize(5);
            assertThat(told.servicesInKernel()).isEqualTo(5);
        });
    }

    @Test
    void anEditInPlaceTellsTheElectionNothing() throws Exception {
        standingOn(BASE);
        election.told().clear();

        reconciler.edit(director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED));

        assertThat(election.told()).isEmpty();
    }

    @Test
    void aNewServiceIsInTheLedgerBeforeTheKernelHasIt() throws Exception {
        standingOn(BASE);
        ipvs.refuse(
                command -> {
                    assertThat(ledger()).contains(command.changes());
                    return false;
                },
                Errno.EINVAL);

        reconciler.edit(director(PLAIN, NAT, MARKED, HASHED, NEW));

        assertThat(ipvs.takeExecuted()).hasSize(2);
    }

    @Test
    void aNewVipWhoseServiceTheKernelRefusesIsNeverOffered() throws Exception {
        standingOn(BASE);
        election.told().clear();
        ipvs.refuse(command -> command.changes().toString().contains("192.0.2.104"), Errno.ENOENT);

        Report report = reconciler.edit(director(PLAIN, NAT, MARKED, HASHED, NEW));

        assertThat(report.sliceProblems()).hasSize(1);
        assertThat(election.told()).noneMatch(told -> told.vips().contains(IpAddress.parse("192.0.2.104")));
    }

    @Test
    void aServiceWhoseDeletionTheKernelRefusesStaysOurs() throws Exception {
        standingOn(director(onPorts(80, 443), NAT, MARKED, HASHED));
        ipvs.refuse(command -> command.changes().equals(WEB_KEY), Errno.ENOMEM);

        reconciler.edit(director(onPorts(443), NAT, MARKED, HASHED));

        assertThat(ledger()).contains(WEB_KEY);
        ipvs.refuse(command -> false, Errno.ENOMEM);
        reconciler.reconcile(director(onPorts(443), NAT, MARKED, HASHED));
        assertThat(ipvs.services()).doesNotContain(WEB_KEY);
    }

    @Test
    void aServiceThatIsGoneIsNoLongerInTheLedger() throws Exception {
        standingOn(BASE);

        reconciler.edit(director(onPorts(443), NAT, MARKED, HASHED));

        assertThat(ledger()).doesNotContain(WEB_KEY);
    }

    @Test
    void aServiceThatStandsAlreadyIsAdoptedInPlaceAndForeignNoMore() throws Exception {
        VirtualServerKey key = new VirtualServerKey.AddressAndPort(
                io.lvsoperator.agent.ipvs.Protocol.TCP, IpAddress.parse("192.0.2.104"), 80);
        ipvs.execute(new IpvsCommand.AddService(
                new VirtualServer(key, VirtualServerConfig.of(Scheduler.WLC, AddressFamily.IPV4))));
        standingOn(BASE);

        Report report = reconciler.edit(director(PLAIN, NAT, MARKED, HASHED, NEW));

        assertThat(report.adopted()).containsExactly(key);
        assertThat(report.foreignServices()).isZero();
        assertThat(ipvs.takeExecuted())
                .extracting(IpvsCommand::toString)
                .containsExactly("set TCP 192.0.2.104:80", "add destination 192.0.2.21:80 of TCP 192.0.2.104:80");
    }

    @Test
    void aServiceThatSomebodyDeletedHasEverythingLookedAtAtOnce() throws Exception {
        standingOn(BASE);
        ipvs.flush();

        Assignment edited = director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED);
        Report report = reconciler.edit(edited);

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(ipvs.table().servers()).hasSize(5);
    }

    @Test
    void whatSomebodyElseWasQuickerWithHasEverythingLookedAtAtOnce() throws Exception {
        standingOn(BASE);
        ipvs.refuse(new OnceOnly(), Errno.ENOENT);

        Report report =
                reconciler.edit(director(dr(WEB, at("192.0.2.21", 3), at("192.0.2.22", 1)), NAT, MARKED, HASHED));

        assertThat(report.extent()).isEqualTo(Report.Extent.EVERYTHING);
        assertThat(report.reached()).isTrue();
        assertThat(report.done())
                .isEqualTo(Map.of(new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.DESTINATION), 1));
    }

    /** Somebody interferes with the first command. */
    private static final class OnceOnly implements Predicate<IpvsCommand> {
        private boolean done;

        @Override
        public boolean test(IpvsCommand command) {
            boolean first = !done;
            done = true;
            return first;
        }
    }

    @Test
    void aRefusedEditIsReportedAsByALookAtEverything() throws Exception {
        standingOn(BASE);
        ipvs.refuse(command -> command.changes().equals(WEB_KEY), Errno.EINVAL);

        Report report = reconciler.edit(director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED));

        assertThat(report.sliceProblems()).containsOnlyKeys(new SliceName("shop", "s0"));
    }

    @Test
    void aKernelThatCannotBeReadDeletesNothing() throws Exception {
        standingOn(BASE);
        ipvs.becomeUnreadable(new NoAnswerException("look at a service", "timed out"));

        Report report = reconciler.edit(director(onPorts(443), NAT, MARKED, HASHED));

        assertThat(report.nodeProblem()).isPresent();
        assertThat(ipvs.takeExecuted()).isEmpty();
    }

    @Test
    void aModuleThatIsGoneIsSaid() throws Exception {
        standingOn(BASE);
        ipvs.becomeUnavailable(IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT);

        Report report = reconciler.edit(director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED));

        assertThat(report.fleetProblems()).isNotEmpty();
    }

    @Test
    void whatAStrangerDoesElsewhereIsLeftToTheNextLookAndCalledDriftThere() throws Exception {
        standingOn(BASE);
        ipvs.execute(new IpvsCommand.DeleteService(new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 10)));
        Assignment edited = director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED);

        Report edit = reconciler.edit(edited);
        Report look = reconciler.reconcile(edited);

        assertThat(edit.drift()).isFalse();
        assertThat(look.drift()).isTrue();
        assertThat(look.first()).contains("add IPv4 firewall mark 10");
    }

    @Test
    void aDigestIsLeftOutWhileItsTablesAreEditedAndKeptOtherwise() throws Exception {
        standingOn(BASE);
        Map<String, String> before = reconciler.reconcile(BASE).hashDigests();

        Report other = reconciler.edit(director(dr(WEB, at("192.0.2.21", 3)), NAT, MARKED, HASHED));
        Report hashed = reconciler.edit(director(
                dr(WEB, at("192.0.2.21", 3)),
                NAT,
                MARKED,
                slice(ForwardingMethod.DR, SchedulerName.MH, Phase.SERVING, "192.0.2.103", 80, at("192.0.2.22", 1))));

        assertThat(other.hashDigests()).isEqualTo(before).isNotEmpty();
        assertThat(hashed.hashDigests()).isEmpty();
    }

    /** Reached, and looked at once more. */
    private void standingOn(Assignment assignment) throws Exception {
        reconciler.reconcile(assignment);
        reconciler.reconcile(assignment);
        ipvs.takeExecuted();
        ipvs.takeAsked();
    }

    private Set<VirtualServerKey> ledger() {
        try {
            return new StateDirectory(directory).loadLedger().services();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Arguments edit(String what, VirtualServerSliceSpec... slices) {
        return Arguments.of(what, director(slices));
    }

    private static VirtualServerSliceSpec nat(SliceRealServer... realServers) {
        VirtualServerSliceSpec spec = dr("192.0.2.101");
        return spec.with(spec.addresses(), List.of(realServers));
    }

    private static VirtualServerSliceSpec natOverIpv6(int weight) {
        return slice(
                ForwardingMethod.NAT,
                SchedulerName.RR,
                Phase.SERVING,
                "2001:db8::100",
                8080,
                at("2001:db8::21", weight));
    }

    private static VirtualServerSliceSpec.SliceAddress serving(String vip) {
        return new VirtualServerSliceSpec.SliceAddress(vip, Phase.SERVING);
    }

    private static SliceRealServer limited(String address) {
        return new SliceRealServer(
                address,
                null,
                1,
                new VirtualServiceSpec.ConnectionLimits(500, 400),
                ForwardingMethod.DR,
                Phase.SERVING);
    }

    private static VirtualServerSliceSpec onPorts(int... ports) {
        return web(
                IntStream.of(ports)
                        .mapToObj(port -> new SlicePort(Protocol.TCP, port, port))
                        .toList(),
                SchedulerName.RR,
                List.of(),
                Optional.empty());
    }

    private static VirtualServerSliceSpec scheduled(SchedulerName scheduler, List<SchedulerFlag> flags) {
        return web(List.of(new SlicePort(Protocol.TCP, 80, 80)), scheduler, flags, Optional.empty());
    }

    private static VirtualServerSliceSpec persistent() {
        return web(
                List.of(new SlicePort(Protocol.TCP, 80, 80)),
                SchedulerName.RR,
                List.of(),
                Optional.of(new VirtualServiceSpec.Persistence(60, 24, 64, PersistenceEngine.NONE)));
    }

    private static VirtualServerSliceSpec web(
            List<SlicePort> ports,
            SchedulerName scheduler,
            List<SchedulerFlag> flags,
            Optional<VirtualServiceSpec.Persistence> persistence) {
        return new VirtualServerSliceSpec(
                PLAIN.fleet(),
                2L,
                PLAIN.addresses(),
                ports,
                null,
                scheduler,
                flags,
                false,
                persistence.orElse(null),
                PLAIN.realServers(),
                null);
    }
}
