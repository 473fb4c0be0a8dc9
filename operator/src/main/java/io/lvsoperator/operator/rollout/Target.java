package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.MetricsDetail;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerFlag;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ConnectionLimits;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Persistence;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.compile.CompiledService;
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
            @Nullable Long firewallMark,
            SchedulerName scheduler,
            List<SchedulerFlag> schedulerFlags,
            boolean onePacket,
            @Nullable Persistence persistence,
            List<RealServer> realServers,
            @Nullable MetricsDetail metrics)
            implements Target {

        /** All that a service asks for, with the real servers that its sources give. */
        public static Serve of(VirtualServiceSpec service, long generation, CompiledService compiled) {
            List<SchedulerFlag> flags = service.scheduler().flags();
            return new Serve(
                    service.fleetRef().name(),
                    generation,
                    service.addresses().stream()
                            .map(a -> IpAddress.canonical(a.value()))
                            .toList(),
                    service.servicePorts().stream()
                            .map(p -> new SlicePort(p.protocol(), p.port(), p.realServerPort()))
                            .toList(),
                    service.firewallMark(),
                    service.scheduler().name(),
                    flags == null ? List.of() : flags,
                    service.onePacket(),
                    service.persistence(),
                    compiled.realServers().stream()
                            .map(r -> new RealServer(
                                    r.address().text(), r.node(), r.weight(), r.connectionLimits(), r.forwarding()))
                            .toList(),
                    service.metrics() == null ? null : service.metrics().detail());
        }
    }

    /**
     * A real server that is wanted.
     *
     * @param node node of the cluster; null for a host outside
     */
    record RealServer(
            String address,
            @Nullable String node,
            int weight,
            @Nullable ConnectionLimits connectionLimits,
            ForwardingMethod forwarding) {

        /** As it stands in a slice. */
        SliceRealServer in(Phase phase) {
            return new SliceRealServer(address, node, weight, connectionLimits, forwarding, phase);
        }
    }

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
                slice.firewallMark(),
                slice.scheduler(),
                slice.schedulerFlags(),
                slice.onePacket(),
                slice.persistence(),
                slice.realServers().stream()
                        .filter(r -> r.phase() != Phase.LEAVING)
                        .map(r ->
                                new RealServer(r.address(), r.node(), r.weight(), r.connectionLimits(), r.forwarding()))
                        .toList(),
                slice.metrics());
    }
}
