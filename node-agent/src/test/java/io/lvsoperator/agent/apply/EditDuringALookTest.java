package io.lvsoperator.agent.apply;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A look at everything makes a request for each service, and what is edited meanwhile does not wait for the last of them. */
class EditDuringALookTest {
    private static final int SERVICES = 5;
    private static final Assignment BASE = weights(1, 1, 1, 1, 1);

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");

    @TempDir
    Path directory;

    private Reconciler reconciler;

    @BeforeEach
    void stand() throws IOException, InterruptedException {
        reconciler = new Reconciler(
                ipvs, links, new FakeSettings(), new FakeElection(ipvs), new StateDirectory(directory), NODE);
        reconciler.reconcile(BASE);
        reconciler.reconcile(BASE);
        ipvs.takeExecuted();
        ipvs.takeAsked();
    }

    /** Of a service that the look has seen already, that it sees next, and of the last one; both before and behind the pause. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void goesInBetweenTheRequestsOfTheLookWithOneOperation(int service) throws Exception {
        Meanwhile edits = new Meanwhile().at(2, withWeight(service, 7));

        Report look = reconciler.reconcile(BASE, edits);

        assertThat(edits.done).singleElement().satisfies(edit -> {
            assertThat(edit.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
            assertThat(edit.reached()).isTrue();
        });
        assertThat(ipvs.takeExecuted())
                .extracting(IpvsCommand::toString)
                .containsExactly("set destination 192.0.2.21:80 of " + key(service));
        assertThat(look.done()).isEmpty();
        assertThat(look.drift()).isFalse();
        assertThat(look.assignment()).isEqualTo(withWeight(service, 7));
    }

    @Test
    void theLookIsComparedWithTheLatestEdit() throws Exception {
        Meanwhile edits = new Meanwhile().at(1, withWeight(0, 7)).at(3, weights(8, 1, 1, 1, 9));

        Report look = reconciler.reconcile(BASE, edits);

        assertThat(edits.done).hasSize(2);
        assertThat(ipvs.takeExecuted()).hasSize(3);
        assertThat(look.done()).isEmpty();
        assertThat(new StateDirectory(directory).loadAssignment(NODE)).contains(weights(8, 1, 1, 1, 9));
    }

    @Test
    void theNextEditStartsFromTheOneDuringTheLook() throws Exception {
        reconciler.reconcile(BASE, new Meanwhile().at(2, withWeight(0, 7)));
        ipvs.takeExecuted();

        Report next = reconciler.edit(withWeight(0, 8));

        assertThat(next.extent()).isEqualTo(Report.Extent.EDITED_SERVICES);
        assertThat(ipvs.takeExecuted()).hasSize(1);
    }

    @Test
    void whatAStrangerDidIsPutRightByTheSamePass() throws Exception {
        ipvs.execute(new IpvsCommand.DeleteService(key(4)));
        ipvs.takeExecuted();

        Report look = reconciler.reconcile(BASE, new Meanwhile().at(2, withWeight(0, 7)));

        assertThat(look.drift()).isTrue();
        assertThat(look.first()).contains("add " + key(4));
        assertThat(reconciler.reconcile(withWeight(0, 7)).done()).isEmpty();
    }

    @Test
    void aNewServiceOfAVipThatStandsComesAtOnceAndIsNotAddedTwice() throws Exception {
        List<VirtualServerSliceSpec> specs = specs(1, 1, 1, 1, 1);
        specs.set(0, onTwoPorts(specs.getFirst()));
        Assignment more = director(specs.toArray(VirtualServerSliceSpec[]::new));

        Report look = reconciler.reconcile(BASE, new Meanwhile().at(2, more));

        assertThat(ipvs.takeExecuted()).hasSize(2);
        assertThat(look.done()).isEmpty();
    }

    @Test
    void anEditThatIsAboutMoreThanServicesIsLeftToThePass() throws Exception {
        List<VirtualServerSliceSpec> specs = specs(1, 1, 1, 1, 1);
        specs.add(dr("192.0.2.200", at("192.0.2.21", 1)));
        Assignment withNewVip = director(specs.toArray(VirtualServerSliceSpec[]::new));
        Meanwhile edits = new Meanwhile().at(2, withNewVip);

        Report look = reconciler.reconcile(BASE, edits);

        assertThat(edits.done).isEmpty();
        assertThat(look.assignment()).isEqualTo(withNewVip);
        assertThat(look.drift()).isFalse();
        assertThat(ipvs.services()).as("with the placeholder").hasSize(SERVICES + 2);
    }

    @Test
    void nothingIsEditedBeforeTheNodeHasReachedAnything() throws Exception {
        Reconciler fresh = new Reconciler(
                ipvs, links, new FakeSettings(), new FakeElection(ipvs), new StateDirectory(directory), NODE);
        Meanwhile edits = new Meanwhile().at(1, withWeight(0, 7));

        fresh.reconcile(BASE, edits);

        assertThat(edits.asked).as("nothing was taken that nobody carries out").isZero();
    }

    @Test
    void anEditThatTheKernelRefusesIsReportedByThePass() throws Exception {
        ipvs.refuse(command -> command.changes().equals(key(0)), Errno.EINVAL);
        Meanwhile edits = new Meanwhile().at(2, withWeight(0, 7));

        Report look = reconciler.reconcile(BASE, edits);

        assertThat(edits.done).isEmpty();
        assertThat(look.sliceProblems()).hasSize(1);
    }

    @Test
    void aLookThatFailsAfterAnEditLeavesWhatItIsUnknown() throws Exception {
        Meanwhile edits = new Meanwhile()
                .at(2, withWeight(0, 7))
                .then(() -> ipvs.becomeUnreadable(new NoAnswerException("list the destinations", "nothing came")));

        Report look = reconciler.reconcile(BASE, edits);

        assertThat(look.nodeProblem()).isPresent();
        ipvs.becomeUnreadable(null);
        assertThat(reconciler.edit(withWeight(0, 7)).extent()).isEqualTo(Report.Extent.EVERYTHING);
    }

    /** Edits that come at certain pauses of the look. */
    private static final class Meanwhile implements Edits {
        private final List<Optional<Assignment>> script = new ArrayList<>();
        private final List<Report> done = new ArrayList<>();
        private Runnable then = () -> {};
        private int asked;

        Meanwhile at(int pause, Assignment edited) {
            while (script.size() <= pause) {
                script.add(Optional.empty());
            }
            script.set(pause, Optional.of(edited));
            return this;
        }

        Meanwhile then(Runnable afterAnEdit) {
            then = afterAnEdit;
            return this;
        }

        @Override
        public Optional<Assignment> next() {
            return asked < script.size() ? script.get(asked++) : Optional.empty();
        }

        @Override
        public void done(Report report) {
            done.add(report);
            then.run();
        }
    }

    private static VirtualServerKey key(int service) {
        return new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2." + (100 + service)), 80);
    }

    private static Assignment withWeight(int service, int weight) {
        int[] weights = {1, 1, 1, 1, 1};
        weights[service] = weight;
        return weights(weights);
    }

    private static Assignment weights(int... weights) {
        return director(specs(weights).toArray(VirtualServerSliceSpec[]::new));
    }

    private static List<VirtualServerSliceSpec> specs(int... weights) {
        List<VirtualServerSliceSpec> specs = new ArrayList<>();
        for (int weight : weights) {
            specs.add(dr("192.0.2." + (100 + specs.size()), at("192.0.2.21", weight)));
        }
        return specs;
    }

    private static VirtualServerSliceSpec onTwoPorts(VirtualServerSliceSpec spec) {
        return new VirtualServerSliceSpec(
                spec.fleet(),
                2L,
                spec.addresses(),
                List.of(
                        new SlicePort(io.lvsoperator.api.v1alpha1.Protocol.TCP, 80, 80),
                        new SlicePort(io.lvsoperator.api.v1alpha1.Protocol.TCP, 443, 443)),
                null,
                SchedulerName.RR,
                List.of(),
                false,
                null,
                spec.realServers(),
                null);
    }
}
