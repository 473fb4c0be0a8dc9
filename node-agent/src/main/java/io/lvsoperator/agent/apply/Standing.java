package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.plan.Observed;
import io.lvsoperator.agent.plan.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an edit can start from: all that is known since a pass reached its assignment. The large maps are those of the last look at
 * everything; what edits have changed since is kept beside them.
 *
 * @param assignment that the kernel was brought to
 * @param looked what was desired at the last look at everything
 * @param observed what that look saw, before anything was changed
 * @param table the IPVS table of it
 * @param directs as they are desired now
 * @param services that were edited since; empty for those that are gone
 * @param servers as they were seen since; empty for those that are gone
 * @param report the last one
 */
record Standing(
        Assignment assignment,
        DesiredState looked,
        Observed observed,
        IpvsTable table,
        List<DesiredState.DirectedFleet> directs,
        Map<VirtualServerKey, Optional<DesiredState.Service>> services,
        Map<VirtualServerKey, Optional<ObservedServer>> servers,
        Report report) {

    /** After a pass over everything; empty when something of it is left to be done. */
    static Optional<Standing> of(Assignment assignment, DesiredState desired, Observed observed, Report report) {
        return report.reached()
                        && report.nodeProblem().isEmpty()
                        && report.fleetProblems().isEmpty()
                        && observed.ipvs() instanceof Observed.Table(var table)
                ? Optional.of(new Standing(
                        assignment, desired, observed, table, desired.directs(), Map.of(), Map.of(), report))
                : Optional.empty();
    }

    /** What is desired under this key now. */
    Optional<DesiredState.Service> service(VirtualServerKey key) {
        return services.getOrDefault(key, Optional.ofNullable(looked.services().get(key)));
    }

    /** Whether the kernel was seen to have it. */
    boolean sawServer(VirtualServerKey key) {
        return servers.containsKey(key)
                ? servers.get(key).isPresent()
                : table.servers().containsKey(key);
    }

    /**
     * After an edit.
     *
     * @param found the services that it looked at, as they were before it
     */
    Standing after(Assignment next, Focus.Services edited, List<ObservedServer> found, Plan plan, Applied applied) {
        Map<VirtualServerKey, Optional<DesiredState.Service>> servicesNow = new HashMap<>(services);
        edited.wanted().forEach((key, service) -> servicesNow.put(key, Optional.of(service)));
        edited.gone().forEach(key -> servicesNow.put(key, Optional.empty()));
        Map<VirtualServerKey, Optional<ObservedServer>> serversNow = new HashMap<>(servers);
        found.forEach(server -> serversNow.put(server.server().key(), Optional.of(server)));
        edited.gone().forEach(key -> serversNow.put(key, Optional.empty()));
        List<DesiredState.DirectedFleet> directsNow = edited.directs(directs);
        return new Standing(
                next,
                looked,
                observed,
                table,
                directsNow,
                servicesNow,
                serversNow,
                report(next, edited, plan, applied, comparison(looked, table, directsNow, servicesNow, serversNow)));
    }

    /** Holds on to no earlier standing, or there would be a chain of them. */
    private static Comparison comparison(
            DesiredState looked,
            IpvsTable table,
            List<DesiredState.DirectedFleet> directs,
            Map<VirtualServerKey, Optional<DesiredState.Service>> services,
            Map<VirtualServerKey, Optional<ObservedServer>> servers) {
        return new Comparison(
                () -> new DesiredState(
                        overlaid(looked.services(), services),
                        directs,
                        looked.serves(),
                        looked.settings(),
                        looked.rejected()),
                () -> new IpvsTable(overlaid(table.servers(), servers)));
    }

    private Report report(Assignment next, Focus.Services edited, Plan plan, Applied applied, Comparison comparison) {
        Map<String, String> digests = new HashMap<>(report.hashDigests());
        digests.keySet().removeAll(hashedFleets(edited));
        int takenOver = (int) plan.adopted().stream().filter(this::sawServer).count();
        return new Report(
                next,
                true,
                Optional.empty(),
                Map.of(),
                report.sliceProblems(),
                report.settingProblems(),
                report.settings(),
                applied.done(),
                applied.first(),
                false,
                plan.adopted(),
                report.foreignServices() - takenOver,
                digests,
                Optional.of(comparison),
                report.untracked(),
                report.sync(),
                Report.Extent.EDITED_SERVICES,
                Duration.ZERO);
    }

    /** The fleets whose hash tables may be others now. */
    private Set<String> hashedFleets(Focus.Services edited) {
        Set<String> fleets = new HashSet<>();
        for (VirtualServerKey key : edited.keys()) {
            service(key).filter(DesiredState.Service::isHashed).ifPresent(service -> fleets.add(service.fleet()));
            Optional.ofNullable(edited.wanted().get(key))
                    .filter(DesiredState.Service::isHashed)
                    .ifPresent(service -> fleets.add(service.fleet()));
        }
        return fleets;
    }

    private static <V> Map<VirtualServerKey, V> overlaid(
            Map<VirtualServerKey, V> base, Map<VirtualServerKey, Optional<V>> changes) {
        Map<VirtualServerKey, V> all = new LinkedHashMap<>(base);
        changes.forEach((key, value) -> value.ifPresentOrElse(now -> all.put(key, now), () -> all.remove(key)));
        return all;
    }
}
