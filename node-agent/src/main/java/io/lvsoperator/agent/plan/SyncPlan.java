package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState.DirectedFleet;
import io.lvsoperator.agent.desired.InterfaceChoice;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.plan.Ledger.StartedSync;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way to the connection synchronization that fleets ask for. Both daemons run on every director, whether it is Active or not:
 * nothing has to be done when that changes, and a failover goes as well in the other direction.
 *
 * @param steps in the order in which they have to be done
 * @param before daemons that are ours, to be on disk before the first step
 * @param after daemons that are ours, to be on disk once every step was done
 * @param wanted the daemons that shall run
 * @param problems why they cannot, or not as every fleet asks
 */
public record SyncPlan(
        List<Change> steps,
        Map<SyncRole, StartedSync> before,
        Map<SyncRole, StartedSync> after,
        List<SyncDaemon> wanted,
        List<Problem> problems) {

    public SyncPlan {
        steps = List.copyOf(steps);
        before = Map.copyOf(before);
        after = Map.copyOf(after);
        wanted = List.copyOf(wanted);
        problems = List.copyOf(problems);
    }

    /** One change of the kernel. */
    public sealed interface Change {}

    /** Starts a daemon. */
    public record Start(SyncDaemon daemon) implements Change {
        @Override
        public String toString() {
            return "start the " + daemon;
        }
    }

    /** Stops a daemon. */
    public record Stop(SyncDaemon daemon) implements Change {
        @Override
        public String toString() {
            return "stop the " + daemon;
        }
    }

    /** Whether there can be anything to do, so that the kernel has to be asked. */
    public static boolean concerns(List<DirectedFleet> directs, Map<SyncRole, StartedSync> own) {
        return !own.isEmpty()
                || directs.stream().anyMatch(fleet -> fleet.syncId().isPresent());
    }

    /**
     * Plans.
     *
     * @param directs the fleets that the node directs, the one that decides first
     * @param running daemons in the kernel
     * @param own those that this agent started
     */
    public static SyncPlan of(
            List<DirectedFleet> directs,
            NetworkState network,
            List<SyncDaemon> running,
            Map<SyncRole, StartedSync> own,
            String nodeName) {
        List<Asking> asking = new ArrayList<>();
        boolean mayBeForAnother = false;
        for (DirectedFleet fleet : directs) {
            if (fleet.syncId().isEmpty()) {
                continue;
            }
            switch (fleet.network().resolve(network, nodeName)) {
                case InterfaceChoice.Found(Link link) ->
                    asking.add(new Asking(fleet.fleet(), link, fleet.syncId().get()));
                // The fleet's own problem. What runs may be for it, and goes on.
                case InterfaceChoice.NotFound _ -> mayBeForAnother |= asking.isEmpty();
            }
        }
        SyncPlan plan = new Planning(network, running, own, nodeName).plan(asking);
        boolean isForAnother =
                mayBeForAnother && !own.isEmpty() && !plan.after().equals(own);
        return isForAnother ? new SyncPlan(List.of(), own, own, List.of(), List.of()) : plan;
    }

    /** A fleet that asks. */
    private record Asking(String fleet, Link link, int syncId) {
        String text() {
            return "sync id %d on %s".formatted(syncId, link.name());
        }
    }

    private static final class Planning {
        private final NetworkState network;
        private final List<SyncDaemon> running;
        private final Map<SyncRole, StartedSync> own;
        private final String nodeName;

        private final List<Change> steps = new ArrayList<>();
        private final Map<SyncRole, StartedSync> after = new EnumMap<>(SyncRole.class);
        private final List<Problem> problems = new ArrayList<>();

        Planning(NetworkState network, List<SyncDaemon> running, Map<SyncRole, StartedSync> own, String nodeName) {
            this.network = network;
            this.running = running;
            this.own = own;
            this.nodeName = nodeName;
        }

        SyncPlan plan(List<Asking> asking) {
            Optional<Asking> deciding = asking.stream().findFirst();
            deciding.ifPresent(first -> asking.stream()
                    .filter(other -> other.syncId() != first.syncId()
                            || other.link().index() != first.link().index())
                    .forEach(other -> problems.add(conflict(first, other))));
            List<SyncDaemon> wanted = new ArrayList<>();
            for (SyncRole role : SyncRole.values()) {
                Optional<StartedSync> daemon = deciding.map(first -> daemon(role, first));
                daemon.ifPresent(d -> wanted.add(d.daemon()));
                bring(role, daemon);
            }
            Map<SyncRole, StartedSync> before = new EnumMap<>(SyncRole.class);
            before.putAll(own);
            before.putAll(after);
            return new SyncPlan(steps, before, after, wanted, problems);
        }

        private StartedSync daemon(SyncRole role, Asking asking) {
            return new StartedSync(
                    new SyncDaemon(
                            role, asking.link().name(), asking.syncId(), SyncDaemon.group(family(asking.link()))),
                    asking.link().index());
        }

        /** A VIP comes and goes, so it does not count. */
        private AddressFamily family(Link link) {
            return Stream.of(AddressFamily.values())
                    .filter(family -> network.addressesOf(link).stream()
                            .filter(held -> !held.isMarkedAsOurs())
                            .anyMatch(held -> held.address().family() == family))
                    .min(Comparator.naturalOrder())
                    .orElse(AddressFamily.IPV4);
        }

        private void bring(SyncRole role, Optional<StartedSync> wanted) {
            Optional<SyncDaemon> present =
                    running.stream().filter(daemon -> daemon.role() == role).findFirst();
            @Nullable StartedSync started = own.get(role);
            if (wanted.isEmpty()) {
                present.filter(daemon -> started != null && started.daemon().equals(daemon))
                        .ifPresent(daemon -> steps.add(new Stop(daemon)));
                return;
            }
            boolean isAsWanted = present.filter(wanted.get().daemon()::equals).isPresent();
            boolean followsItsInterface =
                    started == null || started.interfaceIndex() == wanted.get().interfaceIndex();
            if (present.isPresent() && !isAsWanted && started == null) {
                problems.add(foreign(present.get(), wanted.get().daemon()));
                return;
            }
            if (!isAsWanted || !followsItsInterface) {
                present.ifPresent(daemon -> steps.add(new Stop(daemon)));
                steps.add(new Start(wanted.get().daemon()));
            }
            after.put(role, wanted.get());
        }

        private Problem conflict(Asking first, Asking other) {
            return new Problem(
                    Problem.Reason.CONNECTION_SYNC_CONFLICT,
                    "node %s synchronizes connections with %s, as fleet %s asks, and fleet %s asks for %s: a node has one, so give both fleets one spec.connectionSync.syncId and one interface, or set enabled to false in one of them"
                            .formatted(nodeName, first.text(), first.fleet(), other.fleet(), other.text()));
        }

        private Problem foreign(SyncDaemon present, SyncDaemon wanted) {
            return new Problem(
                    Problem.Reason.CONNECTION_SYNC_FOREIGN,
                    "another program has started the %s on node %s, and the kernel can have no second one with %s: stop it (keepalived's lvs_sync_daemon, or ipvsadm --stop-daemon %s), or set spec.connectionSync.enabled of the fleet to false"
                            .formatted(
                                    present,
                                    nodeName,
                                    "sync id %d on %s".formatted(wanted.syncId(), wanted.interfaceName()),
                                    present.role()));
        }
    }
}
