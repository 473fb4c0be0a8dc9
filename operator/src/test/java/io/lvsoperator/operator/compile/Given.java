package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.AllowedNamespaces;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.ConnectionSync;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Firewall;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Network;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.NodeChoice;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Preemption;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.Vrrp;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LabelSelector;
import io.lvsoperator.api.v1alpha1.NamespacesFrom;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.Transport;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.FleetReference;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Forwarding;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.NodeSource;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Scheduler;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ServicePort;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.VirtualAddress;
import io.lvsoperator.operator.address.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fleets, nodes and services for the compiler. */
final class Given {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final String DIRECTOR = "director";
    static final String REAL_SERVER = "real-server";

    private Given() {}

    static NodeView node(String name, int minute, Map<String, String> labels, String... addresses) {
        return new NodeView(
                name,
                "uid-" + name,
                NOON.plusSeconds(minute * 60L),
                labels,
                Stream.of(addresses).map(IpAddress::of).toList());
    }

    static NodeView director(String name, int minute) {
        return node(name, minute, Map.of(DIRECTOR, "edge"), "10.0.1." + minute);
    }

    static NodeView realServer(String name, String... addresses) {
        return node(name, 0, Map.of(REAL_SERVER, "edge"), addresses);
    }

    static FleetView fleet(String name, int minute, @Nullable Integer routerId) {
        return fleet(name, minute, routerId, false, new AllowedNamespaces(NamespacesFrom.ALL, null));
    }

    static FleetView fleet(String name, int minute, Vrrp vrrp) {
        return fleet(name, minute, vrrp, false, new AllowedNamespaces(NamespacesFrom.ALL, null));
    }

    static FleetView fleet(
            String name, int minute, @Nullable Integer routerId, boolean deleting, AllowedNamespaces allowed) {
        return fleet(
                name,
                minute,
                new Vrrp(
                        routerId,
                        1000,
                        new Preemption(PreemptionMode.PREEMPT, 0),
                        ChecksumForm.RFC9568,
                        3,
                        Transport.MULTICAST,
                        null),
                deleting,
                allowed);
    }

    private static FleetView fleet(String name, int minute, Vrrp vrrp, boolean deleting, AllowedNamespaces allowed) {
        return new FleetView(
                name,
                "uid-" + name,
                NOON.plusSeconds(minute * 60L),
                deleting,
                new DirectorFleetSpec(
                        new NodeChoice(having(DIRECTOR, "edge")),
                        new NodeChoice(having(REAL_SERVER, "edge")),
                        new Network("eth0", null),
                        vrrp,
                        allowed,
                        null,
                        new Firewall(ConnectionTracking.UNTRACKED),
                        new ConnectionSync(true, null)),
                null);
    }

    static LabelSelector having(String key, String value) {
        return new LabelSelector(Map.of(key, value), null);
    }

    static VirtualServiceSpec service(List<String> vips, RealServerSource... sources) {
        return new VirtualServiceSpec(
                new FleetReference("edge"),
                vips.stream().map(VirtualAddress::new).toList(),
                List.of(new ServicePort("http", Protocol.TCP, 80, null)),
                null,
                new Scheduler(SchedulerName.WLC, null),
                false,
                new Forwarding(ForwardingMethod.DR),
                null,
                List.of(sources),
                null);
    }

    static RealServerSource nodes(String key, String value, int weight) {
        return new RealServerSource(null, new NodeSource(having(key, value)), weight, null, null);
    }

    static RealServerSource address(String address, int weight) {
        return new RealServerSource(address, null, weight, null, null);
    }
}
