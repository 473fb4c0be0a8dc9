package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static io.lvsoperator.agent.kernel.Assignments.none;
import static io.lvsoperator.agent.kernel.Assignments.syncing;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.kernel.FakeSyncDaemons;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSyncTest {
    private static final Assignment SYNCING = syncing(51, director(dr("192.0.2.100", at("192.0.2.21", 1))));

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");
    private final FakeSyncDaemons daemons = new FakeSyncDaemons();

    @TempDir
    Path directory;

    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        Kernel kernel = new Kernel(ipvs, daemons, OwnTables.NONE, links, new FakeSettings());
        reconciler = new Reconciler(kernel, new FakeElection(ipvs), new StateDirectory(directory), NODE);
    }

    @Test
    void theDaemonsRunAsTheFleetAsksAndThatIsNoDrift() throws Exception {
        Report report = reconciler.reconcile(SYNCING);

        assertThat(daemons.takeDone()).containsExactly("start master", "start backup");
        assertThat(report.sync()).isEqualTo(new Report.Sync(true, Optional.empty()));
        assertThat(report.drift()).isFalse();
        assertThat(report.done())
                .containsEntry(new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.SYNC_DAEMON), 2);
    }

    @Test
    void oneThatSomebodyStopsIsStartedAgainAndThatIsDrift() throws Exception {
        reconciler.reconcile(SYNCING);
        daemons.takeDone();
        daemons.vanish(SyncRole.BACKUP);

        Report report = reconciler.reconcile(SYNCING);

        assertThat(daemons.takeDone()).containsExactly("start backup");
        assertThat(report.drift()).isTrue();
        assertThat(report.first()).singleElement().asString().startsWith("start the backup connection sync daemon");
    }

    @Test
    void anAgentThatStartsAnewStopsWhatItStartedBefore() throws Exception {
        reconciler.reconcile(SYNCING);
        daemons.takeDone();
        start();

        Report report = reconciler.reconcile(none());

        assertThat(daemons.takeDone()).containsExactly("stop master", "stop backup");
        assertThat(report.sync()).isEqualTo(Report.Sync.NOT_ASKED);
        assertThat(new StateDirectory(directory).loadLedger().syncDaemons()).isEmpty();
    }

    @Test
    void aKernelThatNobodyAsksForItIsNotAskedAboutIt() throws Exception {
        daemons.fail(new NoAnswerException("list", "a test"));

        Report report = reconciler.reconcile(director(dr("192.0.2.100", at("192.0.2.21", 1))));

        assertThat(report.sync()).isEqualTo(Report.Sync.NOT_ASKED);
        assertThat(report.reached()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "EPERM, capability NET_ADMIN",
        "EINVAL, a real server of the other address family",
        "EADDRNOTAVAIL, is up and has an address",
    })
    void aRefusalIsToldAndEverythingElseIsDone(Errno errno, String wayOut) throws Exception {
        daemons.refuse(errno);

        Report report = reconciler.reconcile(SYNCING);

        assertThat(report.sync().problem()).get().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Problem.Reason.CONNECTION_SYNC_FAILED);
            assertThat(problem.message()).contains("node " + NODE, wayOut);
        });
        assertThat(report.reached()).isTrue();
        assertThat(report.fleetProblems()).isEmpty();
        assertThat(ipvs.table().servers()).hasSize(2);
    }

    @Test
    void aDaemonThatCannotBeStoppedIsALeftover() throws Exception {
        reconciler.reconcile(SYNCING);
        daemons.refuse(Errno.EPERM);

        Report report = reconciler.reconcile(none());

        assertThat(report.reached()).isFalse();
        assertThat(new StateDirectory(directory).loadLedger().syncDaemons()).hasSize(2);
    }

    @Test
    void silenceOfTheKernelIsTold() throws Exception {
        daemons.fail(new NoAnswerException("list the connection sync daemons", "a test"));

        Report report = reconciler.reconcile(SYNCING);

        assertThat(report.sync().problem())
                .get()
                .extracting(Problem::message)
                .asString()
                .contains("cannot be read", "the agent tries again");
        assertThat(report.reached()).isTrue();
    }

    @Test
    void anotherProgramsDaemonIsLeftAlone() throws Exception {
        daemons.with(new SyncDaemon(SyncRole.MASTER, "eth1", 9, SyncDaemon.group(AddressFamily.IPV4)));

        Report report = reconciler.reconcile(SYNCING);
        reconciler.reconcile(none());

        assertThat(report.sync().problem())
                .get()
                .extracting(Problem::reason)
                .isEqualTo(Problem.Reason.CONNECTION_SYNC_FOREIGN);
        assertThat(daemons.takeDone()).containsExactly("start backup", "stop backup");
    }
}
