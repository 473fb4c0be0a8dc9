package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec.DirectorRole;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The addresses that directors send their adverts from. What a node reports counts; while it reports none, as an agent that starts,
 * what it was told last.
 */
public final class SourceAddresses {
    private record Router(String node, String fleet, AddressFamily family) {}

    private final Map<Router, String> addresses = new HashMap<>();

    /**
     * Takes them together.
     *
     * @param current roles that nodes have now, by node name
     * @param reported virtual routers that nodes report, by node name
     */
    public SourceAddresses(Map<String, LvsNodeSpec> current, Map<String, List<VirtualRouterStatus>> reported) {
        current.forEach((node, spec) -> spec.directorRoles().forEach(role -> told(node, role)));
        reported.forEach((node, routers) -> routers.stream()
                .filter(router -> router.sourceAddress() != null)
                .forEach(router -> addresses.put(
                        new Router(node, router.fleet(), router.family()),
                        Objects.requireNonNull(router.sourceAddress()))));
    }

    private void told(String node, DirectorRole role) {
        role.virtualRouters().stream()
                .filter(router -> router.sourceAddress() != null)
                .forEach(router -> addresses.put(
                        new Router(node, role.fleet(), router.family()),
                        Objects.requireNonNull(router.sourceAddress())));
    }

    Optional<String> of(String node, String fleet, AddressFamily family) {
        return Optional.ofNullable(addresses.get(new Router(node, fleet, family)));
    }

    List<String> of(List<String> nodes, String fleet, AddressFamily family) {
        return nodes.stream()
                .flatMap(node -> of(node, fleet, family).stream())
                .sorted()
                .toList();
    }
}
