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
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fewest changes that bring the IPVS table to the desired services. Everything is edited in place, additions come before
 * deletions, and a service that is neither desired nor ours is not touched.
 */
final class IpvsPlanner {
    private final IpvsTable table;
    private final List<Step> additions = new ArrayList<>();
    private final List<Step> deletions = new ArrayList<>();

    private IpvsPlanner(IpvsTable table) {
        this.table = table;
    }

    /** The steps; {@code ours} are the services that may be deleted when they are no longer desired. */
    static List<Step> steps(
            Map<VirtualServerKey, DesiredState.Service> desired, IpvsTable table, Set<VirtualServerKey> ours) {
        IpvsPlanner planner = new IpvsPlanner(table);
        desired.values().forEach(planner::planService);
        table.servers().keySet().stream()
                .filter(key -> !desired.containsKey(key) && ours.contains(key))
                .forEach(key -> planner.deletions.add(
                        new Step.ChangeIpvs(new IpvsCommand.DeleteService(key), Optional.empty())));
        List<Step> steps = new ArrayList<>(planner.additions);
        steps.addAll(planner.deletions);
        return steps;
    }

    private void planService(DesiredState.Service service) {
        VirtualServerKey key = service.server().key();
        ObservedServer observed = table.servers().get(key);
        Map<DestinationKey, DestinationConfig> present = new HashMap<>();
        if (observed == null) {
            add(new IpvsCommand.AddService(service.server()), service.origin());
        } else {
            if (!observed.server().config().equals(service.server().config())) {
                add(new IpvsCommand.SetService(service.server()), service.origin());
            }
            for (ObservedDestination destination : observed.destinations()) {
                present.put(
                        destination.destination().key(),
                        destination.destination().config());
            }
        }
        planDestinations(service, present);
    }

    private void planDestinations(DesiredState.Service service, Map<DestinationKey, DestinationConfig> present) {
        VirtualServerKey key = service.server().key();
        service.destinations().forEach((destination, config) -> {
            DestinationConfig found = present.get(destination);
            if (found == null) {
                add(new IpvsCommand.AddDestination(key, new Destination(destination, config)), service.origin());
            } else if (!found.equals(config)) {
                add(new IpvsCommand.SetDestination(key, new Destination(destination, config)), service.origin());
            }
        });
        present.keySet().stream()
                .filter(destination -> !service.destinations().containsKey(destination))
                .forEach(destination -> deletions.add(new Step.ChangeIpvs(
                        new IpvsCommand.DeleteDestination(key, destination), Optional.of(service.origin()))));
    }

    private void add(IpvsCommand command, SliceName origin) {
        additions.add(new Step.ChangeIpvs(command, Optional.of(origin)));
    }
}
