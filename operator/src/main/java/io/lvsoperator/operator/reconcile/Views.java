package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.compile.FleetView;
import io.lvsoperator.operator.compile.NodeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From objects of the API to what the compiler reads. */
final class Views {
    private Views() {}

    static FleetView of(DirectorFleet fleet) {
        ObjectMeta metadata = fleet.getMetadata();
        return new FleetView(
                metadata.getName(),
                metadata.getUid(),
                created(metadata),
                metadata.getDeletionTimestamp() != null,
                fleet.getSpec(),
                fleet.getStatus() == null ? null : fleet.getStatus().firstVirtualRouterId());
    }

    static NodeView of(Node node) {
        ObjectMeta metadata = node.getMetadata();
        Map<String, String> labels = metadata.getLabels() == null ? Map.of() : metadata.getLabels();
        return new NodeView(
                metadata.getName(), metadata.getUid(), created(metadata), Map.copyOf(labels), internalAddresses(node));
    }

    static List<IpAddress> internalAddresses(Node node) {
        @Nullable
        List<NodeAddress> addresses =
                node.getStatus() == null ? null : node.getStatus().getAddresses();
        return Stream.ofNullable(addresses)
                .flatMap(List::stream)
                .filter(address -> "InternalIP".equals(address.getType()))
                .flatMap(address -> IpAddress.parse(address.getAddress()).stream())
                .toList();
    }

    /** The roles of a node; an LvsNode whose roles are all gone may come without spec. */
    static LvsNodeSpec spec(LvsNode node) {
        return node.getSpec() == null ? new LvsNodeSpec(List.of(), List.of()) : node.getSpec();
    }

    static Set<String> listedNodes(VirtualServerSlice slice) {
        return slice.getSpec().realServers().stream()
                .map(SliceRealServer::node)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    static Instant created(ObjectMeta metadata) {
        return Optional.ofNullable(metadata.getCreationTimestamp())
                .map(Instant::parse)
                .orElse(Instant.MAX);
    }
}
