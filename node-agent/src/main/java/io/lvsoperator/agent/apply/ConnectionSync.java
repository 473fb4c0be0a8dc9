package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.DesiredState.DirectedFleet;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.SyncDaemons;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.plan.SyncPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the kernel's connection synchronization daemons as fleets ask. */
final class ConnectionSync {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSync.class);

    private final SyncDaemons daemons;
    private final String nodeName;

    ConnectionSync(SyncDaemons daemons, String nodeName) {
        this.daemons = daemons;
        this.nodeName = nodeName;
    }

    /**
     * What became of it.
     *
     * @param done number of changes, by kind
     * @param words the same in words
     * @param repaired whether the changes put right what was there before
     * @param leftover whether a daemon may run that shall not
     * @param notSaved why the ledger could not be written
     */
    record Outcome(
            Map<Applied.Change, Integer> done,
            List<String> words,
            Report.Sync sync,
            boolean repaired,
            boolean leftover,
            Optional<Problem> notSaved) {
        static final Outcome NOTHING =
                new Outcome(Map.of(), List.of(), Report.Sync.NOT_ASKED, false, false, Optional.empty());
    }

    /**
     * Looks at the daemons, and brings them to what is wanted.
     *
     * @param remember writes the ledger, and tells why it cannot
     */
    Outcome bring(
            List<DirectedFleet> directs,
            NetworkState network,
            Ledger ledger,
            Function<Ledger, Optional<Problem>> remember) {
        if (!SyncPlan.concerns(directs, ledger.syncDaemons())) {
            return Outcome.NOTHING;
        }
        boolean asked = directs.stream().anyMatch(fleet -> fleet.syncId().isPresent());
        try {
            SyncPlan plan = SyncPlan.of(directs, network, daemons.daemons(), ledger.syncDaemons(), nodeName);
            return new Run(asked).execute(plan, ledger, remember);
        } catch (IpvsUnavailableException unavailable) {
            return Outcome.NOTHING; // said of the whole table
        } catch (NetlinkException unknown) {
            Problem problem = problem("cannot be read: %s; the agent tries again".formatted(unknown.getMessage()));
            return new Outcome(
                    Map.of(), List.of(), new Report.Sync(asked, Optional.of(problem)), false, !asked, Optional.empty());
        }
    }

    private final class Run {
        private final boolean asked;
        private final Map<Applied.Change, Integer> done = new HashMap<>();
        private final List<String> words = new ArrayList<>();
        private Optional<Problem> refused = Optional.empty();

        Run(boolean asked) {
            this.asked = asked;
        }

        Outcome execute(SyncPlan plan, Ledger ledger, Function<Ledger, Optional<Problem>> remember)
                throws NetlinkException, IpvsUnavailableException {
            Optional<Problem> notSaved = remember.apply(ledger.withSyncDaemons(plan.before()));
            for (SyncPlan.Change step : plan.steps()) {
                if (!isDone(step)) {
                    break;
                }
            }
            if (refused.isEmpty()) {
                notSaved = notSaved.or(() -> remember.apply(ledger.withSyncDaemons(plan.after())));
            }
            Optional<Problem> problem =
                    refused.or(() -> plan.problems().stream().findFirst());
            boolean leftover = refused.isPresent() && plan.wanted().isEmpty();
            boolean repaired = !done.isEmpty() && ledger.syncDaemons().equals(plan.after());
            return new Outcome(done, words, new Report.Sync(asked, problem), repaired, leftover, notSaved);
        }

        private boolean isDone(SyncPlan.Change step) throws NetlinkException, IpvsUnavailableException {
            try {
                switch (step) {
                    case SyncPlan.Start(var daemon) -> {
                        daemons.start(daemon);
                        count(Applied.Operation.ADD, step);
                    }
                    case SyncPlan.Stop(var daemon) -> {
                        daemons.stop(daemon.role());
                        count(Applied.Operation.DELETE, step);
                    }
                }
                LOG.info("done: {}", step);
                return true;
            } catch (RefusedException e) {
                LOG.warn("refused: {}: {}", step, e.getMessage());
                refused = Optional.of(refusal(e.error()));
                return false;
            }
        }

        private void count(Applied.Operation operation, SyncPlan.Change step) {
            done.merge(new Applied.Change(operation, Applied.ObjectKind.SYNC_DAEMON), 1, Integer::sum);
            words.add(step.toString());
        }
    }

    private Problem refusal(NetlinkError error) {
        if (error.is(Errno.EPERM)) {
            return problem("may not be changed by the agent (%s): give its container the capability NET_ADMIN"
                    .formatted(error));
        }
        if (error.is(Errno.EINVAL)) {
            return problem(
                    "cannot be had (%s): the kernel refuses it while a virtual server has a real server of the other address family, so remove that, or set spec.connectionSync.enabled of the fleet to false"
                            .formatted(error));
        }
        return problem(
                "cannot be had (%s): see that the fleet's interface is up and has an address, or set spec.connectionSync.enabled of the fleet to false"
                        .formatted(error));
    }

    private Problem problem(String what) {
        return new Problem(
                Problem.Reason.CONNECTION_SYNC_FAILED,
                "connection synchronization on node %s %s".formatted(nodeName, what));
    }
}
