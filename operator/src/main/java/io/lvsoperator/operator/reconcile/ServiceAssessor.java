package io.lvsoperator.operator.reconcile;

import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.AddressBook;
import io.lvsoperator.operator.address.AddressClaim;
import io.lvsoperator.operator.address.AddressConflict;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.compile.Acceptance;
import io.lvsoperator.operator.compile.CompiledService;
import io.lvsoperator.operator.compile.FleetView;
import io.lvsoperator.operator.compile.NodeView;
import io.lvsoperator.operator.compile.Refusal;
import io.lvsoperator.operator.compile.ServiceCompiler;
import io.lvsoperator.operator.rollout.AgentView;
import io.lvsoperator.operator.rollout.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers what decides about a service, and lets the pure parts decide. */
final class ServiceAssessor {
    private final Cluster cluster;
    private final Services services;
    private final AddressBook book;

    /**
     * What is to become of a service.
     *
     * @param refusal null when it is accepted
     * @param compiled null when there is no fleet to compile for
     * @param provisional whether the refusal rests on something that is about to change by itself
     */
    record Assessment(
            @Nullable Refusal refusal, @Nullable CompiledService compiled, Target target, boolean provisional) {}

    ServiceAssessor(Cluster cluster, Services services, AddressBook book) {
        this.cluster = cluster;
        this.services = services;
        this.book = book;
    }

    Assessment assess(VirtualService service) {
        Acceptance.Case of = caseOf(service);
        Optional<Refusal> refusal = Acceptance.refusal(of);
        boolean provisional = false;
        if (refusal.isPresent()) {
            book.release(Services.key(service));
        } else {
            AddressClaim claim = claimOf(service);
            Optional<AddressConflict> conflict = book.claim(claim, holders(claim), newcomers(service, claim));
            refusal = conflict.map(c -> Acceptance.refusal(c, claim));
            provisional = conflict.filter(c -> !c.held()).isPresent();
        }
        return new Assessment(refusal.orElse(null), of.compiled(), target(service, of, refusal), provisional);
    }

    private Target target(VirtualService service, Acceptance.Case of, Optional<Refusal> refusal) {
        boolean sliceIsDeleted = cluster.slice(Services.key(service))
                .filter(slice -> slice.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
        CompiledService compiled = of.compiled();
        if (sliceIsDeleted || compiled == null) {
            return new Target.Withdraw();
        }
        if (refusal.isEmpty()) {
            return Target.Serve.of(service.getSpec(), service.getMetadata().getGeneration(), compiled);
        }
        VirtualServerSliceSpec served = of.served();
        boolean keep = refusal.get().reason().consequence() == Refusal.Consequence.KEEP && served != null;
        return keep && served != null ? Target.asAccepted(served) : new Target.Withdraw();
    }

    private Acceptance.Case caseOf(VirtualService service) {
        String fleetName = service.getSpec().fleetRef().name();
        @Nullable FleetView fleet = cluster.fleet(fleetName).orElse(null);
        List<NodeView> nodes = cluster.nodeViews();
        @Nullable
        CompiledService compiled = fleet == null ? null : ServiceCompiler.compile(service.getSpec(), fleet, nodes);
        return new Acceptance.Case(
                service.getMetadata().getNamespace(),
                service.getSpec(),
                fleet,
                cluster.namespaceLabels(service.getMetadata().getNamespace()),
                nodes,
                compiled,
                capabilities(fleetName),
                cluster.slice(Services.key(service))
                        .map(VirtualServerSlice::getSpec)
                        .orElse(null));
    }

    /** Of directors that are not ready too: what they were seen to lack they will lack when they are back. */
    private Map<String, Capabilities> capabilities(String fleet) {
        Map<String, Capabilities> byNode = new TreeMap<>();
        for (AgentView agent : cluster.agents(fleet)) {
            if (agent.directs(fleet) && agent.status() != null && agent.status().capabilities() != null) {
                byNode.put(agent.node(), agent.status().capabilities());
            }
        }
        return byNode;
    }

    private List<AddressClaim> holders(AddressClaim claim) {
        Stream<VirtualServerSlice> sharingAnAddress = claim.addresses().stream()
                .map(IpAddress::text)
                .flatMap(address -> cluster.slices.byIndex(Cluster.BY_ADDRESS, address).stream());
        Stream<VirtualServerSlice> sharingTheMark = claim.firewallMark().stream()
                .flatMap(mark -> cluster.slices.byIndex(Cluster.BY_MARK, Long.toString(mark)).stream());
        return Stream.concat(sharingAnAddress, sharingTheMark)
                .distinct()
                .map(slice -> Claims.of(slice, directors(slice.getSpec().fleet())))
                .toList();
    }

    private AddressClaim claimOf(VirtualService service) {
        return Claims.of(service, directors(service.getSpec().fleetRef().name()));
    }

    /** Nodes that the fleet chooses as directors. */
    private Set<String> directors(String fleetName) {
        return cluster.fleet(fleetName)
                .map(fleet -> cluster.nodeViews().stream()
                        .filter(fleet::choosesAsDirector)
                        .map(NodeView::name)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** Other services that want one of the addresses or the mark, could have it, and hold nothing yet. */
    private List<AddressClaim> newcomers(VirtualService service, AddressClaim claim) {
        ServiceKey own = Services.key(service);
        Stream<VirtualService> wantingTheMark =
                claim.firewallMark().stream().flatMap(mark -> services.withFirewallMark(mark).stream());
        return Stream.concat(
                        claim.addresses().stream().flatMap(address -> services.withAddress(address.text()).stream()),
                        wantingTheMark)
                .filter(other ->
                        !Services.key(other).equals(own) && other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> cluster.slice(Services.key(other)).isEmpty())
                .filter(other -> Acceptance.refusal(caseOf(other)).isEmpty())
                .map(this::claimOf)
                .distinct()
                .toList();
    }
}
