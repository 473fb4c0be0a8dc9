package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.operator.address.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the compiler needs to know of a node.
 *
 * @param internalAddresses addresses of type InternalIP, in the order of the node's status
 */
public record NodeView(
        String name, String uid, Instant created, Map<String, String> labels, List<IpAddress> internalAddresses) {

    /** The first InternalIP of a family. */
    public Optional<IpAddress> internalAddress(AddressFamily family) {
        return internalAddresses.stream().filter(a -> a.family() == family).findFirst();
    }
}
