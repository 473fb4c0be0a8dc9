package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FailedSlice;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.compile.NodeView;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which fleets and services to look at again when something else has changed. */
public final class Triggers {
    private final SimpleInboundEventSource<VirtualService> serviceEvents = new SimpleInboundEventSource<>("related");
    private final SimpleInboundEventSource<DirectorFleet> fleetEvents = new SimpleInboundEventSource<>("related");
    private final Cluster cluster;
    private final Services services;
    private final Unsettled unsettled;

    Triggers(Cluster cluster, Services services, Unsettled unsettled) {
        this.cluster = cluster;
        this.services = services;
        this.unsettled = unsettled;
        cluster.fleets.listen(this::onFleet);
        cluster.nodes.listen(this::onNode);
        cluster.namespaces.listen(this::onNamespace);
        cluster.agentPods.listen(this::onPod);
        cluster.daemonSets.listen(this::onDaemonSet);
        cluster.secrets.listen(this::onSecret);
        cluster.lvsNodes.listen(this::onLvsNode);
        cluster.slices.listen(this::onSlice);
    }

    SimpleInboundEventSource<VirtualService> serviceEvents() {
        return serviceEvents;
    }

    SimpleInboundEventSource<DirectorFleet> fleetEvents() {
        return fleetEvents;
    }

    private void onFleet(@Nullable DirectorFleet before, @Nullable DirectorFleet after) {
        boolean same = same(before, after, f -> f.getMetadata().getGeneration())
                && same(before, after, f -> f.getMetadata().getDeletionTimestamp());
        if (!same) {
            // Another fleet may get, or lose, a virtual router id by this.
            allFleets();
            servicesOf(Set.of(either(before, after).getMetadata().getName()));
        }
    }

    private void onNode(@Nullable Node before, @Nullable Node after) {
        boolean same = same(
                        before,
                        after,
                        n -> Objects.requireNonNullElse(n.getMetadata().getLabels(), Set.of()))
                && same(before, after, Views::internalAddresses)
                && same(before, after, AgentReadiness::isReady)
                && same(before, after, n -> n.getMetadata().getUid());
        if (same) {
            return;
        }
        allFleets();
        Set<String> concerned =
                new TreeSet<>(fleetsOfNode(either(before, after).getMetadata().getName()));
        cluster.fleetViews().stream()
                .filter(fleet -> Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                        .flatMap(Optional::stream)
                        .map(Views::of)
                        .anyMatch((NodeView n) -> fleet.choosesAsDirector(n) || fleet.choosesAsRealServer(n)))
                .forEach(fleet -> concerned.add(fleet.name()));
        servicesOf(concerned);
    }

    private void onNamespace(@Nullable Namespace before, @Nullable Namespace after) {
        if (!same(before, after, n -> Objects.requireNonNullElse(n.getMetadata().getLabels(), Set.of()))) {
            services.ofNamespace(either(before, after).getMetadata().getName()).forEach(s -> service(Services.key(s)));
        }
    }

    private void onPod(@Nullable Pod before, @Nullable Pod after) {
        boolean same = same(before, after, AgentReadiness::isReady)
                && same(before, after, p -> Optional.ofNullable(p.getSpec().getNodeName()));
        String node = either(before, after).getSpec().getNodeName();
        if (!same && node != null) {
            Set<String> fleets = fleetsOfNode(node);
            fleets.forEach(this::fleet);
            servicesOf(fleets);
        }
    }

    private void onDaemonSet(@Nullable DaemonSet before, @Nullable DaemonSet after) {
        if (!same(before, after, d -> d.getMetadata().getGeneration())) {
            allFleets();
        }
    }

    private void onSecret(@Nullable Secret before, @Nullable Secret after) {
        if (!same(before, after, s -> Objects.requireNonNullElse(s.getData(), Map.of()))) {
            allFleets();
        }
    }

    private void onLvsNode(@Nullable LvsNode before, @Nullable LvsNode after) {
        Set<String> fleets = new TreeSet<>();
        Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                .flatMap(Optional::stream)
                .forEach(node -> fleets.addAll(Cluster.fleetsOf(node)));
        boolean onlyFigures = same(before, after, Views::spec) && same(before, after, Triggers::withoutFigures);
        if (onlyFigures) {
            fleets.forEach(fleet -> unsettled.of(fleet).forEach(this::service));
        } else if (fleets.isEmpty()) {
            // Clean, and without a role: any fleet's pass will take the label and the LvsNode away.
            allFleets();
        } else {
            fleets.forEach(this::fleet);
            servicesOf(fleets);
        }
        Set<FailedSlice> failed = new HashSet<>(failedSlices(before));
        failed.addAll(failedSlices(after));
        if (!same(before, after, Triggers::failedSlices)) {
            failed.forEach(f -> service(new ServiceKey(f.namespace(), f.name())));
        }
        if (!same(before, after, Triggers::notAnswering)) {
            Stream.of(notAnswering(before), notAnswering(after))
                    .flatMap(Set::stream)
                    .map(n -> new ServiceKey(n.namespace(), n.name()))
                    .distinct()
                    .forEach(this::service);
        }
    }

    private void onSlice(@Nullable VirtualServerSlice before, @Nullable VirtualServerSlice after) {
        VirtualServerSlice slice = either(before, after);
        service(new ServiceKey(
                slice.getMetadata().getNamespace(), slice.getMetadata().getName()));
        boolean sameAddresses = same(before, after, s -> addresses(s))
                && same(before, after, s -> s.getSpec().ports())
                && same(before, after, s -> Optional.ofNullable(s.getSpec().firewallMark()));
        if (!sameAddresses) {
            Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                    .flatMap(Optional::stream)
                    .flatMap(this::rivals)
                    .map(Services::key)
                    .distinct()
                    .forEach(this::service);
        }
        if (!same(before, after, s -> s.getSpec().addresses())
                || !same(before, after, s -> s.getSpec().scheduler())
                || !same(before, after, Views::listedNodes)) {
            fleet(slice.getSpec().fleet());
        }
    }

    /** Services that ask for something that the slice has. */
    private Stream<VirtualService> rivals(VirtualServerSlice slice) {
        return Stream.concat(
                addresses(slice).stream().flatMap(address -> services.withAddress(address).stream()),
                Stream.ofNullable(slice.getSpec().firewallMark())
                        .flatMap(mark -> services.withFirewallMark(mark).stream()));
    }

    private static Set<String> addresses(VirtualServerSlice slice) {
        return slice.getSpec().addresses().stream().map(SliceAddress::value).collect(Collectors.toSet());
    }

    /** What a node reports beyond how far it is with slices. */
    private static Optional<Object> withoutFigures(LvsNode node) {
        LvsNodeStatus status = node.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        List<FleetProgress> fleets = status.fleets() == null ? List.of() : status.fleets();
        return Optional.of(new LvsNodeStatus(
                status.observedGeneration(),
                status.agentVersion(),
                status.capabilities(),
                fleets.stream()
                        .map(p -> new FleetProgress(p.fleet(), null, p.hashDigest(), p.failure(), 0, null))
                        .toList(),
                status.virtualRouters(),
                status.kernelSettings(),
                status.conditions(),
                null,
                null,
                null));
    }

    private static Set<FailedSlice> failedSlices(@Nullable LvsNode node) {
        return Stream.ofNullable(node)
                .map(LvsNode::getStatus)
                .flatMap(Stream::ofNullable)
                .map(LvsNodeStatus::fleets)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .map(FleetProgress::failedSlices)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .collect(Collectors.toSet());
    }

    private static Set<NotAnswering> notAnswering(@Nullable LvsNode node) {
        return Stream.ofNullable(node)
                .map(LvsNode::getStatus)
                .flatMap(Stream::ofNullable)
                .map(LvsNodeStatus::notAnswering)
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .collect(Collectors.toSet());
    }

    private Set<String> fleetsOfNode(String node) {
        return cluster.lvsNodes.get(null, node).map(Cluster::fleetsOf).orElse(Set.of());
    }

    private void allFleets() {
        cluster.fleets.all().forEach(f -> fleet(f.getMetadata().getName()));
    }

    private void servicesOf(Set<String> fleets) {
        fleets.forEach(fleet -> {
            services.ofFleet(fleet).forEach(s -> service(Services.key(s)));
            unsettled.of(fleet).forEach(this::service);
        });
    }

    private void fleet(String name) {
        fleetEvents.propagateEvent(new ResourceID(name));
    }

    private void service(ServiceKey key) {
        serviceEvents.propagateEvent(new ResourceID(key.name(), key.namespace()));
    }

    private static <T extends HasMetadata> T either(@Nullable T before, @Nullable T after) {
        return after != null ? after : Objects.requireNonNull(before);
    }

    private static <T, V> boolean same(@Nullable T before, @Nullable T after, Function<T, V> part) {
        return before != null && after != null && Objects.equals(part.apply(before), part.apply(after));
    }
}
