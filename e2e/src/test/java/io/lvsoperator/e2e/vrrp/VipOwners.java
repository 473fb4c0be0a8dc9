package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.e2e.lab.Host;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** Which hosts hold a VIP, as their kernels say. */
final class VipOwners {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);

    private final List<Host> hosts;

    VipOwners(Host... hosts) {
        this.hosts = List.of(hosts);
    }

    static boolean holds(Host host, String vip) {
        return host.addresses(Host.INTERFACE).stream()
                .anyMatch(address -> address.substring(0, address.indexOf('/')).equals(vip));
    }

    /** The names of those that hold it now. */
    List<String> of(String vip) {
        return hosts.stream().filter(host -> holds(host, vip)).map(Host::name).toList();
    }

    /** Waits until this host holds it and no other does. */
    void awaitSole(String vip, Host owner) {
        Awaitility.await("the VIP %s on %s alone".formatted(vip, owner.name()))
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> of(vip), List.of(owner.name())::equals);
    }

    /** Everything that was seen within a time: one element means that nothing changed. */
    Set<List<String>> during(String vip, Duration time) {
        Set<List<String>> seen = new HashSet<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            seen.add(of(vip));
        }
        return seen;
    }
}
