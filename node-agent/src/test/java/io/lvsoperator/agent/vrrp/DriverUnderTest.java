package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.Heartbeats;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Action.ReportTransition;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A driver on a fake host and a clock of its own. */
final class DriverUnderTest {

    static final String VIP = "192.0.2.100";
    static final String OWN = "192.0.2.11";
    static final String OTHER = "192.0.2.12";
    static final RouterKey KEY = new RouterKey("edge", "eth0", AddressFamily.IPV4, 51);
    static final Duration DOWN_INTERVAL = Duration.ofNanos(3_007_812_500L);

    private final FakeHost host;
    private final VrrpDriver driver;
    private final List<byte[]> sentHeartbeats = new ArrayList<>();
    private final List<ReportTransition> transitions = new ArrayList<>();
    private final FakeUdp udp = new FakeUdp((to, datagram) -> sentHeartbeats.add(datagram));
    private long now = 1_000_000_000L;
    private boolean progressing = true;

    DriverUnderTest(FakeHost host) {
        this.host = host;
        host.runBy(() -> now);
        this.driver = new VrrpDriver(
                host,
                host,
                new Heartbeats(udp, () -> now, 7),
                () -> progressing ? now : 0,
                () -> now,
                () -> Instant.EPOCH.plusNanos(now),
                (router, transition) -> transitions.add(transition));
    }

    static RouterConfig router(RouterKey key, Set<String> peers, String... vips) {
        return new RouterConfig(
                key,
                Version.VERSION_3,
                254,
                1000,
                Preemption.AT_ONCE,
                ChecksumForm.RFC9568,
                key.family() == AddressFamily.IPV6 ? Optional.of(IpAddress.parse("fe80::5e:51")) : Optional.empty(),
                Arrays.stream(vips).map(IpAddress::parse).toList(),
                peers);
    }

    static RouterConfig withPeer(String... vips) {
        return router(KEY, Set.of("peer"), vips);
    }

    static RouterConfig alone(String... vips) {
        return router(KEY, Set.of(), vips);
    }

    VrrpDriver driver() {
        return driver;
    }

    FakeHost host() {
        return host;
    }

    List<ReportTransition> transitions() {
        return transitions;
    }

    void configure(RouterConfig... routers) {
        driver.configure(new VrrpConfig(List.of(routers)));
    }

    /** As the thread runs it: each time something is due, and not before. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            driver.receive();
            driver.tick();
            long next = driver.nanosToNextTick();
            if (now + next > end) {
                now = end;
                return;
            }
            now += next;
        }
    }

    /** From now on the reconcile loop makes no progress, or makes some again. */
    void stickLoop(boolean stuck) {
        progressing = !stuck;
    }

    /** The thread gets no time at all for so long. */
    void stall(Duration time) {
        now += time.toNanos();
    }

    void hear(Advertisement advertisement) {
        hear(advertisement, ChecksumForm.RFC9568);
    }

    void hear(Advertisement advertisement, ChecksumForm form) {
        hear(advertisement, form, Authentication.None.NONE);
    }

    void hear(Advertisement advertisement, ChecksumForm form, Authentication authentication) {
        IpAddress source = IpAddress.parse(OTHER);
        IpAddress group = AdvertisementCodec.group(AddressFamily.IPV4);
        hear(AdvertisementCodec.encode(advertisement, source, group, form, authentication));
    }

    void hear(byte[] message) {
        IpAddress group = AdvertisementCodec.group(AddressFamily.IPV4);
        host.arrive(new ReceivedMessage(IpAddress.parse(OTHER), group, AdvertisementCodec.HOP_LIMIT, message));
        driver.receive();
    }

    static Advertisement advert(int priority, String... vips) {
        return new Advertisement(
                Version.VERSION_3,
                51,
                priority,
                100,
                Arrays.stream(vips).map(IpAddress::parse).toList());
    }

    RouterStatus status() {
        return driver.status().routers().getFirst();
    }

    List<Problem.Kind> problems() {
        return status().problems().stream().map(Problem::kind).toList();
    }
}
