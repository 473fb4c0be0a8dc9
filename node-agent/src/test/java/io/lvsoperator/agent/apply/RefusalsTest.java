package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every no that the kernel has for a command: who hears of it, what goes on, and what becomes of it when the kernel gives in. */
class RefusalsTest {
    private static final SliceName REFUSED = new SliceName("shop", "s0");
    private static final Assignment TWO_SERVICES =
            director(dr("192.0.2.100", at("192.0.2.21", 1)), dr("192.0.2.101", at("192.0.2.22", 1)));

    private final FakeIpvs ipvs = new FakeIpvs();
    private Reconciler reconciler;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");
        reconciler = new Reconciler(
                ipvs, links, new FakeSettings(), new FakeElection(ipvs), new StateDirectory(directory), NODE);
    }

    @ParameterizedTest
    @EnumSource(names = {"EINVAL", "ERANGE", "ENOBUFS", "EMSGSIZE", "EINTR", "ENOMEM", "EBUSY", "EOPNOTSUPP"})
    void aRefusalFailsItsSliceAloneWithTheKernelsError(Errno errno) throws Exception {
        ipvs.refuse(RefusalsTest::concernsTheFirst, errno);

        Report report = reconciler.reconcile(TWO_SERVICES);

        assertThat(report.sliceProblems())
                .containsOnlyKeys(REFUSED)
                .extractingByKey(REFUSED)
                .satisfies(problem -> {
                    assertThat(problem.reason()).isEqualTo(Problem.Reason.KERNEL_REFUSED);
                    assertThat(problem.message()).contains("node d1").contains(errno.name());
                });
        assertThat(ipvs.table().servers().keySet()).extracting(Object::toString).contains("TCP 192.0.2.101:80");
        assertThat(report.reached()).as("the rest of the assignment").isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"EINVAL", "ERANGE", "ENOBUFS", "EMSGSIZE", "EINTR", "EPERM", "EEXIST", "ESRCH", "ENOENT"})
    void whatTheKernelGivesInToIsThereAfterTheNextPass(Errno errno) throws Exception {
        ipvs.refuse(RefusalsTest::concernsTheFirst, errno);
        reconciler.reconcile(TWO_SERVICES);

        ipvs.refuse(command -> false, errno);
        Report report = reconciler.reconcile(TWO_SERVICES);

        assertThat(report.sliceProblems()).isEmpty();
        assertThat(report.reached()).isTrue();
        assertThat(ipvs.table().servers()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"EEXIST", "ESRCH"})
    void whatSomebodyElseWasQuickerWithIsLookedAtAgainAndNeverCalledDone(Errno errno) throws Exception {
        ipvs.refuse(RefusalsTest::addsARealServerOfTheFirst, errno);

        Report report = reconciler.reconcile(TWO_SERVICES);

        assertThat(report.reached()).isFalse();
        assertThat(report.sliceProblems()).isEmpty();
        assertThat(ipvs.takeExecuted())
                .filteredOn(RefusalsTest::addsARealServerOfTheFirst)
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = "EPERM")
    void aMissingCapabilityIsSaidWithTheWayOut(Errno errno) throws Exception {
        ipvs.refuse(RefusalsTest::concernsTheFirst, errno);

        Report report = reconciler.reconcile(TWO_SERVICES);

        assertThat(report.sliceProblems()).extractingByKey(REFUSED).satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.NO_PERMISSION);
            assertThat(problem.message()).contains("NET_ADMIN");
        });
    }

    private static boolean concernsTheFirst(IpvsCommand command) {
        return command.changes().toString().equals("TCP 192.0.2.100:80");
    }

    private static boolean addsARealServerOfTheFirst(IpvsCommand command) {
        return command instanceof IpvsCommand.AddDestination && concernsTheFirst(command);
    }
}
