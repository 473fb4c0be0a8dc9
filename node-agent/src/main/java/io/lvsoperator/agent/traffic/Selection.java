package io.lvsoperator.agent.traffic;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.api.v1alpha1.MetricsDetail;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What gets series: our services first, then their real servers, each in the order of namespace and name and as far as its
 * VirtualService wants and the limit allows. Always the same ones are left out, so that no series comes and goes.
 *
 * @param virtualServersLeftOut series of virtual servers that were wanted and are not there
 * @param realServersLeftOut series of real servers that were wanted and are not there
 */
record Selection(
        List<Subject> virtualServers, List<Subject> realServers, int virtualServersLeftOut, int realServersLeftOut) {

    static Selection of(Comparison comparison, Assignment assignment, int limit) {
        Map<SliceName, MetricsDetail> details = details(assignment);
        List<Subject> virtualServers = new ArrayList<>();
        List<Subject> realServers = new ArrayList<>();
        for (DesiredState.Service service : comparison.desired().services().values()) {
            ObservedServer observed =
                    comparison.table().servers().get(service.server().key());
            MetricsDetail detail = details.getOrDefault(service.origin(), MetricsDetail.REAL_SERVER);
            if (observed == null || detail == MetricsDetail.NONE) {
                continue;
            }
            virtualServers.add(subject(service, observed));
            if (detail == MetricsDetail.REAL_SERVER) {
                observed.destinations().stream()
                        .filter(d -> service.destinations()
                                .containsKey(d.destination().key()))
                        .forEach(d -> realServers.add(subject(service, d)));
            }
        }
        int roomForServers = limit / Family.OF_VIRTUAL_SERVER.size();
        int servers = Math.min(virtualServers.size(), roomForServers);
        int roomForReal = (limit - servers * Family.OF_VIRTUAL_SERVER.size()) / Family.OF_REAL_SERVER.size();
        int real = Math.min(realServers.size(), roomForReal);
        return new Selection(
                virtualServers.subList(0, servers),
                realServers.subList(0, real),
                (virtualServers.size() - servers) * Family.OF_VIRTUAL_SERVER.size(),
                (realServers.size() - real) * Family.OF_REAL_SERVER.size());
    }

    /** Those that say something other than the default. */
    private static Map<SliceName, MetricsDetail> details(Assignment assignment) {
        Map<SliceName, MetricsDetail> details = new HashMap<>();
        assignment.fleets().values().stream()
                .flatMap(fleet -> fleet.slices().stream())
                .forEach(slice -> {
                    MetricsDetail detail = slice.spec().metrics();
                    if (detail != null) {
                        details.put(slice.name(), detail);
                    }
                });
        return details;
    }

    private static Subject subject(DesiredState.Service service, ObservedServer observed) {
        ConnectionCounts all = observed.destinations().stream()
                .map(ObservedDestination::connections)
                .reduce(ConnectionCounts.ZERO, Selection::sum);
        return new Subject(labels(service), observed.statistics(), all, 0);
    }

    private static Subject subject(DesiredState.Service service, ObservedDestination observed) {
        return new Subject(
                labels(service).add("real_server", observed.destination().key().toString()),
                observed.statistics(),
                observed.connections(),
                observed.destination().config().weight());
    }

    private static ConnectionCounts sum(ConnectionCounts one, ConnectionCounts other) {
        return new ConnectionCounts(
                one.active() + other.active(),
                one.inactive() + other.inactive(),
                one.persistent() + other.persistent());
    }

    private static Labels labels(DesiredState.Service service) {
        Labels named = Labels.of(
                "namespace",
                service.origin().namespace(),
                "virtual_service",
                service.origin().name());
        return switch (service.server().key()) {
            case VirtualServerKey.AddressAndPort key ->
                named.add("vip", key.address().toString())
                        .add("port", Integer.toString(key.port()))
                        .add("protocol", key.protocol().toString());
            case VirtualServerKey.FirewallMark(var family, var mark) ->
                named.add("firewall_mark", Integer.toUnsignedString(mark)).add("family", family.name());
        };
    }
}
