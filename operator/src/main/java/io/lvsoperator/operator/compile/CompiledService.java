package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ConnectionLimits;
import io.lvsoperator.operator.address.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The real servers of a service, and what could not be resolved.
 *
 * @param realServers each address once, in the order of addresses
 */
public record CompiledService(List<RealServer> realServers, List<Unresolved> unresolved) {

    /**
     * A real server.
     *
     * @param node node of the cluster that has the address; null for a host outside
     * @param connectionLimits null for none
     */
    public record RealServer(
            IpAddress address,
            @Nullable String node,
            int weight,
            @Nullable ConnectionLimits connectionLimits,
            ForwardingMethod forwarding) {}

    /** Something that a service refers to and that is not there. */
    public sealed interface Unresolved {
        /** No node that may be a real server matches the selector of a source. */
        record NoNodesMatch(int source, String selector) implements Unresolved {}

        /** A node has no InternalIP of the family of one of the VIPs. */
        record NoNodeAddress(String node, AddressFamily family) implements Unresolved {}
    }
}
