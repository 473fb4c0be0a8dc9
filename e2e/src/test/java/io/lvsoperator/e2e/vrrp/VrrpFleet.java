package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.vrrp.VrrpProcess.Router;
import java.time.Duration;
import java.util.List;

/** What the VRRP scenarios have in common: two directors and a bystander, VRID 51, one VIP per family, adverts each second. */
final class VrrpFleet {

    static final int VRID = 51;
    static final int PREFERRED = 254;
    static final int FIRST_BACKUP = 253;

    /** Longer than any down interval at one advert a second. */
    static final Duration BEYOND_DOWN_INTERVAL = Duration.ofMillis(4_500);

    private static final String LINK_LOCAL = "fe80::5e:51";

    private VrrpFleet() {}

    static Lab lab(String name) {
        return Lab.named(name).client("client").director("d1").director("d2").build();
    }

    static String vip(AddressFamily family, Lab lab) {
        return switch (family) {
            case IPV4 -> lab.segment().ipv4(100);
            case IPV6 -> lab.segment().ipv6(100);
        };
    }

    /** What a scenario left on a director: whole addresses, as VIPs are. */
    static void removeVips(Host director) {
        director.addresses(Host.INTERFACE).stream()
                .filter(address -> address.endsWith("/32") || address.endsWith("/128"))
                .forEach(address -> director.exec("ip", "address", "delete", address, "dev", Host.INTERFACE));
    }

    static Router router(AddressFamily family, int priority, String... vips) {
        return new Router(
                Host.INTERFACE,
                family,
                VRID,
                Version.VERSION_3,
                priority,
                1000,
                PreemptionMode.PREEMPT,
                0,
                ChecksumForm.RFC9568,
                family == AddressFamily.IPV6 ? LINK_LOCAL : null,
                List.of(vips),
                List.of("peer"));
    }

    /** IPv4 only. */
    static Router ofVersion2(Router router) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                Version.VERSION_2,
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router withInterval(Router router, int millis) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                millis,
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router withVirtualRouterId(Router router, int virtualRouterId) {
        return new Router(
                router.interfaceName(),
                router.family(),
                virtualRouterId,
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router withoutPreemption(Router router) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                PreemptionMode.NO_PREEMPT,
                0,
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router withPreemptionDelay(Router router, int seconds) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                seconds,
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router byUnicast(Router router, String source, String... peers) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers(),
                new Router.Unicast(source, List.of(peers)),
                router.password());
    }

    static Router withPassword(Router router, String password) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                router.peers(),
                router.unicast(),
                password);
    }

    static Router withChecksum(Router router, ChecksumForm checksum) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                checksum,
                router.linkLocal(),
                router.vips(),
                router.peers());
    }

    static Router alone(Router router) {
        return new Router(
                router.interfaceName(),
                router.family(),
                router.virtualRouterId(),
                router.version(),
                router.priority(),
                router.intervalMillis(),
                router.preemption(),
                router.preemptionDelaySeconds(),
                router.checksum(),
                router.linkLocal(),
                router.vips(),
                List.of());
    }
}
