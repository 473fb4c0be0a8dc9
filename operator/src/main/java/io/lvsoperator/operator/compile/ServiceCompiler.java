package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LabelSelector;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.compile.CompiledService.RealServer;
import io.lvsoperator.operator.compile.CompiledService.Unresolved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resolves the real-server sources of a service. */
public final class ServiceCompiler {
    private final VirtualServiceSpec service;
    private final FleetView fleet;
    private final List<NodeView> nodes;
    private final SortedSet<AddressFamily> families;
    private final Map<IpAddress, RealServer> realServers = new LinkedHashMap<>();
    private final List<Unresolved> unresolved = new ArrayList<>();

    private ServiceCompiler(VirtualServiceSpec service, FleetView fleet, List<NodeView> nodes) {
        this.service = service;
        this.fleet = fleet;
        this.nodes = nodes.stream().sorted(Comparator.comparing(NodeView::name)).toList();
        this.families = service.addresses().stream()
                .map(a -> IpAddress.of(a.value()).family())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Compiles; where two sources give one address, the first of them counts. */
    public static CompiledService compile(VirtualServiceSpec service, FleetView fleet, List<NodeView> nodes) {
        return new ServiceCompiler(service, fleet, nodes).compile();
    }

    private CompiledService compile() {
        List<RealServerSource> sources = service.realServers();
        for (int i = 0; i < sources.size(); i++) {
            resolve(i, sources.get(i));
        }
        List<RealServer> ordered = realServers.values().stream()
                .sorted(Comparator.comparing(RealServer::address))
                .toList();
        return new CompiledService(ordered, unresolved.stream().distinct().toList());
    }

    private void resolve(int index, RealServerSource source) {
        if (source.address() != null) {
            add(realServer(source, IpAddress.of(source.address()), null));
        }
        if (source.nodes() != null) {
            resolveNodes(index, source, source.nodes().selector());
        }
    }

    private RealServer realServer(RealServerSource source, IpAddress address, @Nullable String node) {
        ForwardingMethod method = source.forwarding() == null
                ? service.forwarding().method()
                : source.forwarding().method();
        return new RealServer(address, node, source.weight(), source.connectionLimits(), method);
    }

    private void resolveNodes(int index, RealServerSource source, LabelSelector selector) {
        List<NodeView> matching = nodes.stream()
                .filter(node -> selector.matches(node.labels()) && fleet.admitsAsRealServer(node))
                .toList();
        if (matching.isEmpty()) {
            unresolved.add(new Unresolved.NoNodesMatch(index, text(selector)));
        }
        for (NodeView node : matching) {
            for (AddressFamily family : families) {
                node.internalAddress(family)
                        .ifPresentOrElse(
                                address -> add(realServer(source, address, node.name())),
                                () -> unresolved.add(new Unresolved.NoNodeAddress(node.name(), family)));
            }
        }
    }

    private void add(RealServer realServer) {
        realServers.putIfAbsent(realServer.address(), realServer);
    }

    /** A selector as kubectl takes it after {@code -l}. */
    static String text(LabelSelector selector) {
        List<String> parts = new ArrayList<>();
        if (selector.matchLabels() != null) {
            new java.util.TreeMap<>(selector.matchLabels()).forEach((key, value) -> parts.add(key + "=" + value));
        }
        if (selector.matchExpressions() != null) {
            selector.matchExpressions().forEach(r -> parts.add(text(r)));
        }
        return String.join(",", parts);
    }

    private static String text(LabelSelector.Requirement requirement) {
        String values = requirement.values() == null ? "" : String.join(",", requirement.values());
        return switch (requirement.operator()) {
            case IN -> requirement.key() + " in (" + values + ")";
            case NOT_IN -> requirement.key() + " notin (" + values + ")";
            case EXISTS -> requirement.key();
            case DOES_NOT_EXIST -> "!" + requirement.key();
        };
    }
}
