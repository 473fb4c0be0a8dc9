package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fewest changes that bring the IPVS table to the desired services. Everything is edited in place (but for what
 * {@link HashOrder} says), additions come before deletions, and a service that is neither desired nor ours is not touched.
 */
final class IpvsPlanner {
    private final IpvsTable table;
    private final Set<VirtualServerKey> ours;
    private final List<Step> additions = new ArrayList<>();
    private final List<Step> deletions = new ArrayList<>();

    private IpvsPlanner(IpvsTable table, Set<VirtualServerKey> ours) {
        this.table = table;
        this.ours = ours;
    }

    /**
     * The steps.
     *
     * @param held families of which the kernel shall keep its hooks, so that no connection is reset while services come and go
     * @param ours the services that may be deleted when they are no longer desired
     */
    static List<Step> steps(
            Map<VirtualServerKey, DesiredState.Service> desired,
            Set<AddressFamily> held,
            IpvsTable table,
            Set<VirtualServerKey> ours) {
        IpvsPlanner planner = new IpvsPlanner(table, ours);
        held.forEach(
                family -> planner.planService(Placeholder.of(family), Map.of(), anyOrigin(desired.values(), family)));
        desired.values()
                .forEach(service ->
                        planner.planService(service.server(), service.destinations(), Optional.of(service.origin())));
        planner.planDeletions(desired.keySet(), held);
        List<Step> steps = new ArrayList<>(planner.additions);
        steps.addAll(planner.deletions);
        return steps;
    }

    /** Where the kernel lacks a family, its placeholder fails as and with the services that it stands for. */
    private static Optional<SliceName> anyOrigin(Iterable<DesiredState.Service> services, AddressFamily family) {
        for (DesiredState.Service service : services) {
            if (service.server().key().family() == family) {
                return Optional.of(service.origin());
            }
        }
        return Optional.empty();
    }

    /** The placeholders go last: the hooks go with them. */
    private void planDeletions(Set<VirtualServerKey> desired, Set<AddressFamily> held) {
        List<VirtualServerKey> released = new ArrayList<>();
        for (VirtualServerKey key : table.servers().keySet()) {
            if (Placeholder.is(key)) {
                if (!held.contains(key.family()) && ours.contains(key)) {
                    released.add(key);
                }
            } else if (!desired.contains(key) && ours.contains(key)) {
                delete(key);
            }
        }
        released.forEach(this::delete);
    }

    private void delete(VirtualServerKey key) {
        deletions.add(new Step.ChangeIpvs(new IpvsCommand.DeleteService(key), Optional.empty()));
    }

    private void planService(
            VirtualServer server, Map<DestinationKey, DestinationConfig> wanted, Optional<SliceName> origin) {
        @Nullable ObservedServer observed = table.servers().get(server.key());
        if (observed == null) {
            add(new IpvsCommand.AddService(server), origin);
            wanted.forEach((key, config) ->
                    add(new IpvsCommand.AddDestination(server.key(), new Destination(key, config)), origin));
        } else {
            if (!observed.server().config().equals(server.config())) {
                add(new IpvsCommand.SetService(server), origin);
            }
            boolean hashed = HashOrder.matters(server);
            if (hashed || !areAsWanted(observed.destinations(), wanted)) {
                planDestinations(
                        server.key(),
                        wanted,
                        present(observed),
                        hashed ? HashOrder.toAddAgain(wanted, observed, ours.contains(server.key())) : Set.of(),
                        origin);
            }
        }
    }

    private static Map<DestinationKey, DestinationConfig> present(ObservedServer observed) {
        Map<DestinationKey, DestinationConfig> present = new HashMap<>();
        for (ObservedDestination destination : observed.destinations()) {
            present.put(
                    destination.destination().key(), destination.destination().config());
        }
        return present;
    }

    /** Almost always so: told apart first, it costs a pass over thousands of services no maps. */
    private static boolean areAsWanted(
            List<ObservedDestination> present, Map<DestinationKey, DestinationConfig> wanted) {
        if (present.size() != wanted.size()) {
            return false;
        }
        for (ObservedDestination observed : present) {
            Destination destination = observed.destination();
            if (!destination.config().equals(wanted.get(destination.key()))) {
                return false;
            }
        }
        return true;
    }

    private void planDestinations(
            VirtualServerKey key,
            Map<DestinationKey, DestinationConfig> wanted,
            Map<DestinationKey, DestinationConfig> present,
            Set<DestinationKey> again,
            Optional<SliceName> origin) {
        wanted.forEach((destination, config) -> {
            @Nullable DestinationConfig found = present.get(destination);
            if (again.contains(destination)) {
                add(new IpvsCommand.DeleteDestination(key, destination), origin);
                add(new IpvsCommand.AddDestination(key, new Destination(destination, config)), origin);
            } else if (found == null) {
                add(new IpvsCommand.AddDestination(key, new Destination(destination, config)), origin);
            } else if (!found.equals(config)) {
                add(new IpvsCommand.SetDestination(key, new Destination(destination, config)), origin);
            }
        });
        present.keySet().stream()
                .filter(destination -> !wanted.containsKey(destination))
                .forEach(destination -> deletions.add(
                        new Step.ChangeIpvs(new IpvsCommand.DeleteDestination(key, destination), origin)));
    }

    private void add(IpvsCommand command, Optional<SliceName> origin) {
        additions.add(new Step.ChangeIpvs(command, origin));
    }
}
