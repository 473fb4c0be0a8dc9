package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.MetricsDetail;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerFlag;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the slice of a service is to end up. */
public sealed interface Target {

    /** Nobody holds anything of it any more. */
    record Withdraw() implements Target {}

    /** All of it is in service. */
    record Serve(
            String fleet,
            long generation,
            List<String> addresses,
            List<SlicePort> ports,
            SchedulerName scheduler,
            List<SchedulerFlag> schedulerFlags,
            ForwardingMethod forwarding,
            @Nullable Integer persistenceTimeoutSeconds,
            List<RealServer> realServers,
            @Nullable MetricsDetail metrics)
            implements Target {

        /** Whether a real server's node must hold the VIP before directors may send to it. */
        boolean isHeld(@Nullable String node) {
            return forwarding == ForwardingMethod.DR && node != null;
        }
    }

    /**
     * A real server that is wanted.
     *
     * @param node node of the cluster; null for a host outside
     */
    record RealServer(String address, @Nullable String node, int weight) {}

    /** What a slice is on its way to: for a service that was changed into something that cannot be had. */
    static Target asAccepted(VirtualServerSliceSpec slice) {
        List<String> addresses = slice.addresses().stream()
                .filter(a -> a.phase() != Phase.LEAVING)
                .map(VirtualServerSliceSpec.SliceAddress::value)
                .toList();
        if (addresses.isEmpty()) {
            return new Withdraw();
        }
        return new Serve(
                slice.fleet(),
                slice.virtualServiceGeneration(),
                addresses,
                slice.ports(),
                slice.scheduler(),
                slice.schedulerFlags(),
                slice.forwarding(),
                slice.persistenceTimeoutSeconds(),
                slice.realServers().stream()
                        .filter(r -> r.phase() != Phase.LEAVING)
                        .map(r -> new RealServer(r.address(), r.node(), r.weight()))
                        .toList(),
                slice.metrics());
    }
}
