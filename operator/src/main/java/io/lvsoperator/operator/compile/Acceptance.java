package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.AllowedNamespaces;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.NamespacesFrom;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.operator.address.AddressClaim;
import io.lvsoperator.operator.address.AddressConflict;
import io.lvsoperator.operator.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides whether a service is accepted, as far as that is not a matter between services. */
public final class Acceptance {
    private Acceptance() {}

    /**
     * All that decides about one service.
     *
     * @param fleet null when there is none of that name
     * @param namespaceLabels labels of the service's namespace
     * @param nodes all nodes
     * @param compiled the service's real servers; null when there is no fleet to compile for
     * @param capabilities what the kernels of the fleet's directors offer, as last reported, by node
     * @param served the service's slice; null when there is none
     */
    public record Case(
            String namespace,
            VirtualServiceSpec service,
            @Nullable FleetView fleet,
            Map<String, String> namespaceLabels,
            List<NodeView> nodes,
            @Nullable CompiledService compiled,
            Map<String, Capabilities> capabilities,
            @Nullable VirtualServerSliceSpec served) {

        /** Whether the directors have, or are about to have, this service with this scheduler already. */
        private boolean isServedWithScheduler() {
            return served != null
                    && !served.addresses().isEmpty()
                    && served.scheduler() == service.scheduler().name();
        }
    }

    /** Families of the VIPs of a service that directors do not have, and are not about to have, of it already. */
    private static Set<AddressFamily> newFamilies(Case of) {
        Set<AddressFamily> families = of.service().addresses().stream()
                .map(a -> IpAddress.of(a.value()).family())
                .collect(Collectors.toCollection(TreeSet::new));
        if (of.served() != null) {
            of.served()
                    .addresses()
                    .forEach(a -> families.remove(IpAddress.of(a.value()).family()));
        }
        return families;
    }

    /** The first thing that speaks against a service. */
    public static Optional<Refusal> refusal(Case of) {
        FleetView fleet = of.fleet();
        CompiledService compiled = of.compiled();
        if (fleet == null || compiled == null || fleet.deleting()) {
            return Optional.of(fleetNotFound(of, fleet != null));
        }
        return namespaceNotAllowed(of, fleet)
                .or(() -> directorIsRealServer(of, fleet))
                .or(() -> tooManyRealServers(compiled))
                .or(() -> ipvsNotAvailable(of))
                .or(() -> schedulerNotAvailable(of))
                .or(() -> addressFamilyNotAvailable(of));
    }

    /** A conflict of addresses as a refusal. */
    public static Refusal refusal(AddressConflict conflict, AddressClaim claim) {
        AddressClaim holder = conflict.holder();
        String relation = conflict.held() ? "is served by" : "is also asked for by the older";
        boolean mayShare = holder.service().namespace().equals(claim.service().namespace())
                && holder.fleet().equals(claim.fleet());
        boolean overMark = claim.firewallMark()
                .map(AddressClaim::text)
                .filter(conflict.contested()::equals)
                .isPresent();
        String rule = overMark
                ? "A director balances a firewall mark once in each family."
                        + " Choose another mark, or delete the other one."
                : mayShare
                        ? "Choose another port or another address, or delete the other one."
                        : "Services share an address, over different ports, only within one namespace and one fleet."
                                + " Choose another address, or delete the other one.";
        return new Refusal(
                Refusal.Reason.ADDRESS_CONFLICT,
                conflict.contested() + " " + relation + " VirtualService " + holder.service() + " (fleet "
                        + holder.fleet() + "). " + rule);
    }

    private static Refusal fleetNotFound(Case of, boolean deleting) {
        String name = of.service().fleetRef().name();
        return new Refusal(
                Refusal.Reason.FLEET_NOT_FOUND,
                deleting
                        ? "spec.fleetRef.name: DirectorFleet '" + name
                                + "' is being deleted, so the addresses are withdrawn. Create the fleet again, or delete this service."
                        : "spec.fleetRef.name: there is no DirectorFleet '" + name
                                + "'. Create it, or delete this service and create it with a fleet that exists.");
    }

    private static Optional<Refusal> namespaceNotAllowed(Case of, FleetView fleet) {
        AllowedNamespaces allowed = fleet.spec().allowedNamespaces();
        boolean isAllowed = allowed.from() == NamespacesFrom.ALL
                || (allowed.selector() != null && allowed.selector().matches(of.namespaceLabels()));
        if (isAllowed) {
            return Optional.empty();
        }
        String selector = allowed.selector() == null ? "" : ServiceCompiler.text(allowed.selector());
        return Optional.of(new Refusal(
                Refusal.Reason.NAMESPACE_NOT_ALLOWED,
                "DirectorFleet '" + fleet.name() + "' takes services only from namespaces with labels '" + selector
                        + "', which namespace '" + of.namespace()
                        + "' does not have. Label the namespace, or widen the fleet's spec.allowedNamespaces."));
    }

    private static Optional<Refusal> directorIsRealServer(Case of, FleetView fleet) {
        List<IpAddress> asked = of.service().realServers().stream()
                .map(RealServerSource::address)
                .flatMap(Stream::ofNullable)
                .map(IpAddress::of)
                .toList();
        return of.nodes().stream()
                .filter(fleet::choosesAsDirector)
                .flatMap(node -> node.internalAddresses().stream()
                        .filter(asked::contains)
                        .map(address -> new Refusal(
                                Refusal.Reason.DIRECTOR_IS_REAL_SERVER,
                                "spec.realServers: " + address + " is node '" + node.name() + "', a director of fleet '"
                                        + fleet.name()
                                        + "'. Directors that are real servers too send a connection round in a loop between"
                                        + " them. Remove the address, or take the node out of the fleet's directors.")))
                .findFirst();
    }

    private static Optional<Refusal> tooManyRealServers(CompiledService compiled) {
        int count = compiled.realServers().size();
        return count <= Api.MAX_REAL_SERVERS
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Reason.TOO_MANY_REAL_SERVERS,
                        "spec.realServers gives " + count + " real servers, and a service can have "
                                + Api.MAX_REAL_SERVERS
                                + ". Narrow the node selectors, or divide the service over several addresses."));
    }

    private static Optional<Refusal> ipvsNotAvailable(Case of) {
        if (of.isServedWithScheduler()) {
            return Optional.empty();
        }
        return nodesWhere(of, c -> c.ipvsVersion() == null)
                .map(nodes -> new Refusal(
                        Refusal.Reason.IPVS_NOT_AVAILABLE,
                        "the kernel of director " + nodes
                                + " has no ip_vs. Install the kernel's module package and load ip_vs there, or take the node"
                                + " out of the fleet's directors."));
    }

    private static Optional<Refusal> schedulerNotAvailable(Case of) {
        if (of.isServedWithScheduler()) {
            return Optional.empty();
        }
        SchedulerName scheduler = of.service().scheduler().name();
        return nodesWhere(of, c -> !c.schedulers().contains(scheduler))
                .map(nodes -> new Refusal(
                        Refusal.Reason.SCHEDULER_NOT_AVAILABLE,
                        "spec.scheduler.name: the kernel of director " + nodes + " has no scheduler '"
                                + scheduler.kernelName() + "' (module ip_vs_" + scheduler.kernelName()
                                + "). Choose another scheduler, or install the module there."));
    }

    private static Optional<Refusal> addressFamilyNotAvailable(Case of) {
        return newFamilies(of).stream()
                .flatMap(family -> nodesWhere(of, c -> DirectorNeeds.lacks(c, family)).stream()
                        .map(nodes -> new Refusal(
                                Refusal.Reason.ADDRESS_FAMILY_NOT_AVAILABLE,
                                "spec.addresses: the kernel of director " + nodes + " does not balance "
                                        + DirectorNeeds.text(family)
                                        + ". Switch it on there, or remove the address of that family.")))
                .findFirst();
    }

    private static Optional<String> nodesWhere(Case of, Predicate<Capabilities> lacks) {
        String nodes = of.capabilities().entrySet().stream()
                .filter(entry -> lacks.test(entry.getValue()))
                .map(entry -> "'" + entry.getKey() + "'")
                .sorted()
                .collect(Collectors.joining(", "));
        return nodes.isEmpty() ? Optional.empty() : Optional.of(nodes);
    }
}
