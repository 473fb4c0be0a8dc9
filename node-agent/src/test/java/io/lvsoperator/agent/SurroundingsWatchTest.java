package io.lvsoperator.agent;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.apply.Applied;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.Firewall;
import io.lvsoperator.agent.firewall.Ruleset;
import io.lvsoperator.agent.kernel.Assignments;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.kernel.FakeSettings;
import io.lvsoperator.agent.kernel.Reports;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.surroundings.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SurroundingsWatchTest {
    private static final Map<Applied.Change, Integer> SERVICE_ADDED =
            Map.of(new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.SERVICE), 1);

    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore looks = new Semaphore(0);
    private final Semaphore changes = new Semaphore(0);
    private volatile boolean unknown;
    private final Semaphore held = new Semaphore(1);
    private final Firewall firewall = () -> {
        looks.release();
        held.acquireUninterruptibly();
        held.release();
        if (unknown) {
            throw new NoAnswerException("list the chains of the firewall", "a test");
        }
        return Ruleset.EMPTY;
    };
    private final SurroundingsWatch watch = new SurroundingsWatch(
            firewall, new FakeLinks().with(5, "kube-ipvs0"), new FakeSettings(), NODE, nanos::get, changes::release);

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void looksAtOnceAndThenEveryHalfMinute() throws Exception {
        watch.after(pass(false));
        awaitOne(changes);
        advance(Duration.ofSeconds(29));
        watch.after(pass(false));
        advance(Duration.ofSeconds(1));
        watch.after(pass(false));
        watch.close();

        assertThat(looks.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.after(pass(false)).kubeProxy()).contains("ipvs");
        assertThat(looks.availablePermits()).isZero();
    }

    @Test
    void aDeletionIsToldAtOnceAndForgottenAfterFiveQuietMinutes() throws Exception {
        watch.after(pass(false));
        awaitOne(changes);

        watch.after(pass(true));
        awaitOne(changes);
        assertThat(reasons(watch.after(pass(false)))).containsExactly(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE);

        advance(Duration.ofMinutes(5));
        watch.after(pass(false));
        awaitOne(changes);
        assertThat(reasons(watch.after(pass(false)))).isEmpty();
    }

    @Test
    void whatCannotBeReadIsTakenToBeAsItWas() throws Exception {
        watch.after(pass(true));
        awaitOne(changes);

        unknown = true;
        advance(Duration.ofMinutes(6));
        watch.after(pass(false));
        awaitOne(changes);

        assertThat(reasons(watch.after(pass(false)))).containsExactly(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE);
    }

    @Test
    void thatItCannotBeReadIsSaidUntilItCan() throws Exception {
        unknown = true;
        watch.after(pass(false));
        awaitOne(changes);
        assertThat(watch.after(pass(false)).unknown())
                .map(Problem::reason)
                .contains(Problem.Reason.SURROUNDINGS_UNKNOWN);

        unknown = false;
        advance(Duration.ofSeconds(30));
        watch.after(pass(false));
        awaitOne(changes);

        assertThat(watch.after(pass(false)).unknown()).isEmpty();
    }

    @Test
    void whileALookTakesLongOneMoreWaitsThatKnowsTheLatest() throws Exception {
        held.acquire();
        watch.after(pass(false));
        awaitOne(looks);
        for (int pass = 0; pass < 20; pass++) {
            watch.after(changedTable());
        }
        watch.after(pass(true));
        held.release();
        watch.close();

        awaitOne(looks);
        awaitOne(changes);
        awaitOne(changes);
        assertThat(reasons(watch.after(pass(false)))).containsExactly(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE);
        assertThat(looks.availablePermits()).as("looks beyond these two").isZero();
    }

    private static Report changedTable() {
        return Reports.of(Assignments.director())
                .repaired(Map.of(new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.FIREWALL_TABLE), 1))
                .report();
    }

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private static void awaitOne(Semaphore semaphore) throws InterruptedException {
        assertThat(semaphore.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    private static List<Problem.Reason> reasons(Surroundings surroundings) {
        return surroundings.problems().stream().map(Problem::reason).toList();
    }

    private static Report pass(boolean servicesPutBack) {
        return Reports.of(Assignments.director())
                .repaired(servicesPutBack ? SERVICE_ADDED : Map.of())
                .report();
    }
}
