package io.lvsoperator.e2e.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.AllowedNamespaces;
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
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.FleetReference;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Forwarding;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.NodeSource;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.Scheduler;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ServicePort;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fleets and services as tests want them. */
final class Wanted {
    static final String DIRECTOR = "test/director";
    static final String REAL_SERVER = "test/real-server";

    private Wanted() {}

    static LabelSelector having(String label, String value) {
        return new LabelSelector(Map.of(label, value), null);
    }

    static DirectorFleet fleet(TestBed bed, String name, @Nullable Integer routerId) {
        return fleet(bed, name, routerId, null);
    }

    static DirectorFleet fleet(
            TestBed bed, String name, @Nullable Integer routerId, @Nullable LabelSelector allowedNamespaces) {
        DirectorFleet fleet = new DirectorFleet();
        fleet.setMetadata(new ObjectMetaBuilder().withName(bed.own(name)).build());
        fleet.setSpec(new DirectorFleetSpec(
                new NodeChoice(having(DIRECTOR, bed.own(name))),
                new NodeChoice(having(REAL_SERVER, bed.own(name))),
                new Network("eth0", null),
                new Vrrp(
                        routerId,
                        1000,
                        new Preemption(PreemptionMode.PREEMPT, 0),
                        ChecksumForm.RFC9568,
                        3,
                        Transport.MULTICAST,
                        null),
                allowedNamespaces == null
                        ? new AllowedNamespaces(NamespacesFrom.ALL, null)
                        : new AllowedNamespaces(NamespacesFrom.SELECTOR, allowedNamespaces),
                null,
                new DirectorFleetSpec.Firewall(ConnectionTracking.UNTRACKED),
                new DirectorFleetSpec.ConnectionSync(true, null)));
        return fleet;
    }

    /** The same in version 2, with a password. */
    static DirectorFleetSpec withPassword(DirectorFleetSpec spec, String secret) {
        Vrrp vrrp = spec.vrrp();
        return new DirectorFleetSpec(
                spec.directors(),
                spec.realServerNodes(),
                spec.network(),
                new Vrrp(
                        vrrp.firstVirtualRouterId(),
                        vrrp.advertisementIntervalMilliseconds(),
                        vrrp.preemption(),
                        vrrp.checksum(),
                        2,
                        vrrp.transport(),
                        new DirectorFleetSpec.Authentication(
                                AuthenticationType.PASSWORD,
                                new DirectorFleetSpec.SecretKeyReference(secret, "password"))),
                spec.allowedNamespaces(),
                spec.kernelSettings(),
                spec.firewall(),
                spec.connectionSync());
    }

    /** A service, to be varied. */
    record Service(
            TestBed bed,
            String name,
            String fleet,
            List<String> vips,
            int port,
            SchedulerName scheduler,
            ForwardingMethod method,
            List<RealServerSource> sources) {

        Service withVips(String... values) {
            return new Service(bed, name, fleet, List.of(values), port, scheduler, method, sources);
        }

        Service withPort(int number) {
            return new Service(bed, name, fleet, vips, number, scheduler, method, sources);
        }

        Service withScheduler(SchedulerName other) {
            return new Service(bed, name, fleet, vips, port, other, method, sources);
        }

        Service withMethod(ForwardingMethod other) {
            return new Service(bed, name, fleet, vips, port, scheduler, other, sources);
        }

        Service withAddress(String address) {
            List<RealServerSource> more = new ArrayList<>(sources);
            more.add(new RealServerSource(address, null, 1, null, null));
            return new Service(bed, name, fleet, vips, port, scheduler, method, more);
        }

        Service withOnly(RealServerSource... only) {
            return new Service(
                    bed,
                    name,
                    fleet,
                    vips,
                    port,
                    scheduler,
                    method,
                    Stream.of(only).toList());
        }

        VirtualService build() {
            return build(List.of(new ServicePort("http", Protocol.TCP, port, null)), null);
        }

        /** Applies it with a firewall mark instead of its port. */
        VirtualService applyWithFirewallMark(long mark) {
            return bed.apply(build(null, mark));
        }

        private VirtualService build(@Nullable List<ServicePort> ports, @Nullable Long firewallMark) {
            VirtualService service = new VirtualService();
            service.setMetadata(new ObjectMetaBuilder()
                    .withName(name)
                    .withNamespace(bed.namespace)
                    .build());
            service.setSpec(new VirtualServiceSpec(
                    new FleetReference(fleet),
                    vips.stream().map(VirtualAddress::new).toList(),
                    ports,
                    firewallMark,
                    new Scheduler(scheduler, null),
                    false,
                    new Forwarding(method),
                    null,
                    sources,
                    null));
            return service;
        }

        VirtualService apply() {
            return bed.apply(build());
        }
    }

    /** A DR service on port 80 whose real servers are all nodes that the fleet admits. */
    static Service service(TestBed bed, String name, String fleet, String vip) {
        return new Service(
                bed,
                name,
                bed.own(fleet),
                List.of(vip),
                80,
                SchedulerName.WLC,
                ForwardingMethod.DR,
                List.of(nodes(having(REAL_SERVER, bed.own(fleet)))));
    }

    static RealServerSource nodes(LabelSelector selector) {
        return new RealServerSource(null, new NodeSource(selector), 1, null, null);
    }
}
