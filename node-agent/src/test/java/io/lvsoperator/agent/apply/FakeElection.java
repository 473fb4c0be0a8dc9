package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.SchedulerProbe;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.RouterConfig;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Notes what it was told, and what stood in the IPVS table at that moment. */
final class FakeElection implements Election {
    /** One call. */
    record Told(List<IpAddress> vips, int servicesInKernel) {}

    private final FakeIpvs ipvs;
    private final List<Told> told = new ArrayList<>();
    private VrrpConfig latest = VrrpConfig.NONE;
    private boolean settles = true;

    FakeElection(FakeIpvs ipvs) {
        this.ipvs = ipvs;
    }

    void neverSettle() {
        settles = false;
    }

    List<Told> told() {
        return told;
    }

    VrrpConfig latest() {
        return latest;
    }

    List<IpAddress> offered() {
        return latest.routers().stream()
                .map(RouterConfig::vips)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void configure(VrrpConfig config) {
        latest = config;
        told.add(new Told(offered(), servicesNow()));
    }

    private int servicesNow() {
        return (int) ipvs.services().stream()
                .filter(key -> !SchedulerProbe.isProbe(key) && !Placeholder.is(key))
                .count();
    }

    @Override
    public boolean awaitSettled(Duration atMost) {
        return settles;
    }
}
