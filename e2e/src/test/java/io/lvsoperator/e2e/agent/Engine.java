package io.lvsoperator.e2e.agent;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.agent.apply.Election;
import io.lvsoperator.agent.apply.Kernel;
import io.lvsoperator.agent.apply.ReconcileLoop;
import io.lvsoperator.agent.apply.Reconciler;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.firewall.NetlinkTables;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.settings.NodeKernelSettings;
import io.lvsoperator.agent.state.StateDirectory;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.NamespaceThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The agent's reconciling on a host of the lab, without cluster and election: whoever uses this has put the VIPs there. */
final class Engine implements AutoCloseable {
    private static final String FLEET = "edge";

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("engine").factory());
    private final NetlinkSocket ipvsSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final NetlinkSocket linkSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final NetlinkSocket firewallSocket = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER);
    private final NetlinkIpvs kernel = new NetlinkIpvs(ipvsSocket);
    private final RecordingIpvs ipvs = new RecordingIpvs(kernel);
    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private final List<Long> ends = new CopyOnWriteArrayList<>();
    private final Reconciler reconciler;
    private String directRouting = "Tracked";
    private String interfaceName = Host.INTERFACE;
    private Optional<Integer> syncId = Optional.empty();
    private Optional<ReconcileLoop> loop = Optional.empty();

    /** Begins with what is in the state directory, as an agent that starts does. */
    Engine(Host host, Path stateDirectory) {
        reconciler = on(() -> {
            NamespaceThreads.enter(host.namespace());
            return new Reconciler(
                    new Kernel(
                            ipvs,
                            kernel,
                            new NetlinkTables(firewallSocket),
                            new NetlinkLinks(linkSocket),
                            new NodeKernelSettings(kernel, Optional.empty())),
                    new NoElection(),
                    new StateDirectory(stateDirectory),
                    "d1");
        });
    }

    private record NoElection() implements Election {
        @Override
        public void configure(VrrpConfig config) {}

        @Override
        public boolean awaitSettled(Duration atMost) {
            return true;
        }
    }

    /** The fleet asks for that from the next pass on. */
    void trackDirectRouting(boolean tracked) {
        directRouting = tracked ? "Tracked" : "Untracked";
    }

    /** The fleet's interface from the next pass on. */
    void on(String network) {
        interfaceName = network;
    }

    /** The fleet asks for that from the next pass on. */
    void synchronizeConnections(Optional<Integer> id) {
        syncId = id;
    }

    /** One pass over everything. */
    Report apply(String... slices) {
        Assignment assignment = directing(slices);
        return on(() -> reconciler.reconcile(assignment));
    }

    /** As the agent does when its assignment has changed. */
    Report edit(String... slices) {
        Assignment assignment = directing(slices);
        return on(() -> reconciler.edit(assignment));
    }

    /** Passes from now on, as the agent makes them. */
    void keepApplying(String... slices) {
        Assignment assignment = directing(slices);
        loop = Optional.of(on(() -> {
            ReconcileLoop started = new ReconcileLoop(reconciler, () -> Optional.of(assignment), this::passed);
            started.start();
            return started;
        }));
    }

    private void passed(Report report) {
        reports.add(report);
        ends.add(System.nanoTime());
    }

    /** Between the ends of two passes: whatever was done to the kernel is put right within that time. */
    Duration longestPause() {
        List<Long> ended = List.copyOf(ends);
        long longest = 0;
        for (int pass = 1; pass < ended.size(); pass++) {
            longest = Math.max(longest, ended.get(pass) - ended.get(pass - 1));
        }
        return Duration.ofNanos(longest);
    }

    /** What all passes of {@link #keepApplying} came to. */
    List<Report> reports() {
        return reports;
    }

    /** What was executed since the last call of this, in words. */
    List<String> takeExecuted() {
        return ipvs.take();
    }

    /** The node directs one fleet with these slices, in YAML. */
    private Assignment directing(String... slices) {
        LvsNodeSpec roles = Serialization.unmarshal(
                "directs: [{fleet: %s, network: {interface: %s}, virtualRouters: [], firewall: {directRouting: %s}%s}]"
                        .formatted(
                                FLEET,
                                interfaceName,
                                directRouting,
                                syncId.map(", connectionSync: {syncId: %d}"::formatted)
                                        .orElse("")),
                LvsNodeSpec.class);
        List<Assignment.Slice> parsed = new ArrayList<>();
        for (String slice : slices) {
            VirtualServerSliceSpec spec = Serialization.unmarshal(
                    "fleet: %s%nvirtualServiceGeneration: 1%n%s".formatted(FLEET, slice), VirtualServerSliceSpec.class);
            parsed.add(new Assignment.Slice(new SliceName("shop", "s" + parsed.size()), spec));
        }
        return new Assignment(1, roles, Map.of(FLEET, new Assignment.FleetSlices("1", parsed)));
    }

    private <T> T on(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Leaves the kernel as it is. */
    @Override
    public void close() {
        loop.ifPresent(ReconcileLoop::close);
        thread.shutdown();
        ipvsSocket.close();
        linkSocket.close();
        firewallSocket.close();
    }
}
