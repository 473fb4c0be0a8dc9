package io.lvsoperator.e2e.agent;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.settings.NodeKernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.agent.vrrp.RouterConfig;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.ConnectionTracking;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.KernelSettings;
import io.lvsoperator.api.v1alpha1.LabelSelector;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.NamespacesFrom;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.Transport;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.operator.compile.FleetView;
import io.lvsoperator.operator.compile.NodeView;
import io.lvsoperator.operator.compile.ServiceCompiler;
import io.lvsoperator.operator.rollout.Progress;
import io.lvsoperator.operator.rollout.SliceRollout;
import io.lvsoperator.operator.rollout.Step;
import io.lvsoperator.operator.rollout.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything between a VirtualService and the kernel of this network namespace, but for the API server between operator and
 * agent and the election of the VIPs.
 */
final class Director implements AutoCloseable {
    private static final Path OBJECTS = Path.of("../crds/src/test/resources/objects/valid");
    private static final String FLEET = "edge";
    private static final DirectorFleetSpec.Network ETH0 = new DirectorFleetSpec.Network("eth0", null);

    /** A node that is a real server. */
    private static final NodeView REAL_SERVER = new NodeView(
            "n1",
            "uid-n1",
            Instant.EPOCH,
            Map.of("role", "web"),
            List.of(
                    io.lvsoperator.operator.address.IpAddress.of("10.0.0.6"),
                    io.lvsoperator.operator.address.IpAddress.of("2001:db8::6")));

    private static final FleetView EDGE = new FleetView(
            FLEET,
            "uid",
            Instant.EPOCH,
            false,
            new DirectorFleetSpec(
                    new DirectorFleetSpec.NodeChoice(new LabelSelector(Map.of("role", "director"), null)),
                    new DirectorFleetSpec.NodeChoice(new LabelSelector(Map.of("role", "web"), null)),
                    ETH0,
                    new DirectorFleetSpec.Vrrp(
                            51,
                            1000,
                            new DirectorFleetSpec.Preemption(PreemptionMode.PREEMPT, 0),
                            ChecksumForm.RFC9568,
                            3,
                            Transport.MULTICAST,
                            null),
                    new DirectorFleetSpec.AllowedNamespaces(NamespacesFrom.ALL, null),
                    null,
                    new DirectorFleetSpec.Firewall(ConnectionTracking.UNTRACKED),
                    new DirectorFleetSpec.ConnectionSync(true, null)),
            null);

    /** An election that does at once what it is told. */
    private static final class Obedient implements Election {
        private List<IpAddress> vips = List.of();

        @Override
        public void configure(VrrpConfig config) {
            vips = config.routers().stream()
                    .map(RouterConfig::vips)
                    .flatMap(List::stream)
                    .toList();
        }

        @Override
        public boolean awaitSettled(Duration atMost) {
            return true;
        }
    }

    private final NetlinkSocket ipvs = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final NetlinkSocket links = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final Obedient election = new Obedient();
    private final Reconciler reconciler;

    Director(Path stateDirectory, Optional<Path> writableSettings) throws IOException {
        NetlinkIpvs kernel = new NetlinkIpvs(ipvs);
        reconciler = new Reconciler(
                kernel,
                new NetlinkLinks(links),
                new NodeKernelSettings(kernel, writableSettings),
                election,
                new StateDirectory(stateDirectory),
                "d1");
    }

    /** One pass of the agent for a service that is fully rolled out. */
    Report serve(VirtualServiceSpec service) throws InterruptedException {
        return reconcile(null, List.of(new Assignment.Slice(new SliceName("shop", "web"), rolledOut(service))));
    }

    /** One pass of the agent for a fleet without services. */
    Report set(@Nullable KernelSettings settings) throws InterruptedException {
        return reconcile(settings, List.of());
    }

    private Report reconcile(@Nullable KernelSettings settings, List<Assignment.Slice> slices)
            throws InterruptedException {
        LvsNodeSpec.DirectorRole role = new LvsNodeSpec.DirectorRole(
                FLEET,
                ETH0,
                List.of(router(AddressFamily.IPV4), router(AddressFamily.IPV6)),
                settings,
                null,
                null,
                null);
        return reconciler.reconcile(new Assignment(
                1, new LvsNodeSpec(List.of(role), null), Map.of(FLEET, new Assignment.FleetSlices("1", slices))));
    }

    /** The VIPs that the agent has handed to the election. */
    List<String> offeredVips() {
        return election.vips.stream().map(IpAddress::toString).toList();
    }

    /** A service of {@code crds/src/test/resources/objects/valid}, with the defaults that the API server gives it. */
    static VirtualServiceSpec object(String name) {
        try {
            return service(Files.readString(OBJECTS.resolve("virtualservice-" + name + ".stored.yaml")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A service from YAML that leaves no default to be filled in. */
    static VirtualServiceSpec service(String yaml) {
        return Serialization.unmarshal(yaml, VirtualService.class).getSpec();
    }

    private static VirtualServerSliceSpec rolledOut(VirtualServiceSpec service) {
        Target target = Target.Serve.of(service, 1, ServiceCompiler.compile(service, EDGE, List.of(REAL_SERVER)));
        Progress everybodyFollows = new Progress(Set.of(REAL_SERVER.name()), Set.of(), true, true);
        @Nullable VirtualServerSliceSpec slice = null;
        while (SliceRollout.next(slice, target, everybodyFollows) instanceof Step.Write(var next)) {
            slice = next;
        }
        if (slice == null) {
            throw new IllegalStateException("nothing was written");
        }
        return slice;
    }

    private static LvsNodeSpec.VirtualRouter router(AddressFamily family) {
        return new LvsNodeSpec.VirtualRouter(
                family,
                51,
                254,
                1000,
                PreemptionMode.PREEMPT,
                ChecksumForm.RFC9568,
                family == AddressFamily.IPV6 ? "fe80::5" : null,
                null,
                3,
                0,
                null,
                null,
                null,
                null);
    }

    @Override
    public void close() {
        ipvs.close();
        links.close();
    }
}
