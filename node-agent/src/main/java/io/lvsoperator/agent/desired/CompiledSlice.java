package io.lvsoperator.agent.desired;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;

/**
 * A slice as a director has it.
 *
 * @param fleet that the node directs
 * @param services that it asks for
 * @param vips its Serving ones
 */
record CompiledSlice(String fleet, Assignment.Slice slice, List<DesiredState.Service> services, List<IpAddress> vips) {
    CompiledSlice {
        services = List.copyOf(services);
        vips = List.copyOf(vips);
    }

    /** Whether compiling this would come to the same. */
    boolean isOf(String otherFleet, Assignment.Slice other) {
        return slice.equals(other) && fleet.equals(otherFleet);
    }
}
