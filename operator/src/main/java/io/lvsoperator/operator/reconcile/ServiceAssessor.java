package io.lvsoperator.operator.reconcile;

import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.SchedulerFlag;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
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
import java.util.TreeMap;
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
            AddressClaim claim = Claims.of(service);
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
            return serve(service, compiled);
        }
        VirtualServerSliceSpec served = of.served();
        boolean keep = refusal.get().reason().consequence() == Refusal.Consequence.KEEP && served != null;
        return keep && served != null ? Target.asAccepted(served) : new Target.Withdraw();
    }

    private static Target serve(VirtualService service, CompiledService compiled) {
        VirtualServiceSpec spec = service.getSpec();
        List<SchedulerFlag> flags =
                spec.scheduler().flags() == null ? List.of() : spec.scheduler().flags();
        return new Target.Serve(
                spec.fleetRef().name(),
                service.getMetadata().getGeneration(),
                Services.addresses(service),
                spec.ports().stream()
                        .map(p -> new SlicePort(p.protocol(), p.port(), p.realServerPort()))
                        .toList(),
                spec.scheduler().name(),
                flags,
                spec.forwarding().method(),
                spec.persistence() == null ? null : spec.persistence().timeoutSeconds(),
                compiled.realServers().stream()
                        .map(r -> new Target.RealServer(r.address().text(), r.node(), r.weight()))
                        .toList(),
                spec.metrics() == null ? null : spec.metrics().detail());
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

    private Map<String, Capabilities> capabilities(String fleet) {
        Map<String, Capabilities> byNode = new TreeMap<>();
        for (AgentView agent : cluster.agents(fleet)) {
            if (agent.isReady()
                    && agent.directs(fleet)
                    && agent.status() != null
                    && agent.status().capabilities() != null) {
                byNode.put(agent.node(), agent.status().capabilities());
            }
        }
        return byNode;
    }

    private List<AddressClaim> holders(AddressClaim claim) {
        return claim.addresses().stream()
                .map(IpAddress::text)
                .flatMap(address -> cluster.slices.byIndex(Cluster.BY_ADDRESS, address).stream())
                .distinct()
                .map(Claims::of)
                .toList();
    }

    /** Other services that want one of the addresses, could have it, and hold nothing yet. */
    private List<AddressClaim> newcomers(VirtualService service, AddressClaim claim) {
        ServiceKey own = Services.key(service);
        return claim.addresses().stream()
                .flatMap(address -> services.withAddress(address.text()).stream())
                .filter(other ->
                        !Services.key(other).equals(own) && other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> cluster.slice(Services.key(other)).isEmpty())
                .filter(other -> Acceptance.refusal(caseOf(other)).isEmpty())
                .map(Claims::of)
                .distinct()
                .toList();
    }
}
