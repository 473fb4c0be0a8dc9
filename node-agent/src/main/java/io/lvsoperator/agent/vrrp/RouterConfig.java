package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.machine.RouterSettings;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.Expected;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One virtual router as this node shall run it.
 *
 * @param key its identity
 * @param version that it speaks; with IPv6 always 3
 * @param priority 1 to 254
 * @param intervalMillis between two advertisements: 10 to 40950, a multiple of 10; in version 2 of 1000
 * @param preemption whether and when it takes over from a living Active of lower priority
 * @param checksum the form of the checksum sent over IPv4, where both are accepted; version 2 has that of RFC 9568 only
 * @param linkLocal the virtual router's link-local address: always with IPv6, never with IPv4
 * @param vips in any order, without the link-local one; may be empty, and the router then waits
 * @param peers names of the other nodes that are configured for the same VIPs; with none it never lets go of them for nobody
 * @param route how its advertisements travel
 * @param authentication of its advertisements; with version 3 always none
 */
public record RouterConfig(
        RouterKey key,
        Version version,
        int priority,
        int intervalMillis,
        Preemption preemption,
        ChecksumForm checksum,
        Optional<IpAddress> linkLocal,
        List<IpAddress> vips,
        Set<String> peers,
        Route route,
        AuthenticationType authentication) {

    private static final int MILLIS_PER_CENTISECOND = 10;
    private static final int MILLIS_PER_SECOND = 1000;

    /**
     * Sorts the VIPs, so that all directors advertise the same ones where not all fit.
     *
     * @throws IllegalArgumentException naming the virtual router, the field and the value
     */
    public RouterConfig {
        vips = vips.stream().distinct().sorted().toList();
        peers = Set.copyOf(peers);
        requireRange(key, "virtual router id", key.virtualRouterId(), 1, 255);
        requireRange(key, "priority", priority, RouterSettings.MIN_PRIORITY, RouterSettings.MAX_PRIORITY);
        requireRange(
                key,
                "interval in ms",
                intervalMillis,
                MILLIS_PER_CENTISECOND,
                Advertisement.MAX_INTERVAL_CENTISECONDS * MILLIS_PER_CENTISECOND);
        require(
                intervalMillis % MILLIS_PER_CENTISECOND == 0,
                key + ": interval is " + intervalMillis + " ms, it must be a multiple of 10");
        switch (version) {
            case VERSION_2 -> requireVersion2(key, intervalMillis, checksum);
            case VERSION_3 ->
                require(
                        authentication == AuthenticationType.NONE,
                        key + ": authentication is " + authentication + ", version 3 has none: use version 2");
        }
        for (IpAddress vip : vips) {
            require(
                    vip.family() == key.family() && !vip.isMulticast(),
                    key + ": VIP " + vip + " is not a unicast address of that family");
        }
        require(
                linkLocal.isPresent() == (key.family() == AddressFamily.IPV6),
                key + ": link-local address is "
                        + linkLocal.map(IpAddress::toString).orElse("missing")
                        + ", an IPv6 virtual router needs one and an IPv4 one has none");
        if (route instanceof Route.Unicast(var announced, var addresses)) {
            for (IpAddress address : addresses) {
                require(
                        address.family() == key.family() && !address.isMulticast(),
                        key + ": peer address " + address + " is not a unicast address of that family");
            }
        }
        linkLocal.ifPresent(address -> require(
                address.family() == AddressFamily.IPV6 && address.isLinkLocal(),
                key + ": address " + address + " is not link-local, give one of fe80::/10"));
    }

    /** By multicast, not authenticated. */
    public RouterConfig(
            RouterKey key,
            Version version,
            int priority,
            int intervalMillis,
            Preemption preemption,
            ChecksumForm checksum,
            Optional<IpAddress> linkLocal,
            List<IpAddress> vips,
            Set<String> peers) {
        this(
                key,
                version,
                priority,
                intervalMillis,
                preemption,
                checksum,
                linkLocal,
                vips,
                peers,
                new Route.Multicast(),
                AuthenticationType.NONE);
    }

    /** The same by another route. */
    public RouterConfig by(Route other) {
        return new RouterConfig(
                key,
                version,
                priority,
                intervalMillis,
                preemption,
                checksum,
                linkLocal,
                vips,
                peers,
                other,
                authentication);
    }

    /** The same with adverts authenticated so. */
    public RouterConfig authenticatedBy(AuthenticationType other) {
        return new RouterConfig(
                key, version, priority, intervalMillis, preemption, checksum, linkLocal, vips, peers, route, other);
    }

    /** All addresses that it serves, the link-local one first. */
    List<IpAddress> allVips() {
        return Stream.concat(linkLocal.stream(), vips.stream().filter(vip -> !vip.equals(linkLocal.orElse(null))))
                .toList();
    }

    /** For the state machine, as the interface with this MTU allows. */
    RouterSettings settings(int mtu) {
        return new RouterSettings(
                key.virtualRouterId(),
                version,
                priority,
                intervalMillis / MILLIS_PER_CENTISECOND,
                preemption,
                peers.isEmpty(),
                allVips(),
                Math.max(1, Advertisement.maxAddresses(version, key.family(), mtu)));
    }

    /** Whether its peers know it by another address than this, or by none: they would not hear it. */
    boolean isUnknownToPeersAs(IpAddress source) {
        return switch (route) {
            case Route.Multicast() -> false;
            case Route.Unicast(var announced, var addresses) ->
                !peers.isEmpty() && !announced.equals(Optional.of(source));
        };
    }

    /** Where it sends to. */
    Set<IpAddress> destinations() {
        return switch (route) {
            case Route.Multicast() -> Set.of(AdvertisementCodec.group(key.family()));
            case Route.Unicast(var announced, var addresses) -> addresses;
        };
    }

    /** What it takes of other routers while it authenticates itself so. */
    Expected expected(Authentication own) {
        return new Expected(
                version,
                intervalMillis / MILLIS_PER_CENTISECOND,
                own,
                switch (route) {
                    case Route.Multicast() -> Optional.empty();
                    case Route.Unicast(var announced, var addresses) -> Optional.of(addresses);
                });
    }

    RouterSettings settings(Optional<Link> link) {
        return settings(link.map(Link::mtu).orElse(ETHERNET_MTU));
    }

    /** Until the interface is known. */
    private static final int ETHERNET_MTU = 1500;

    private static void requireVersion2(RouterKey key, int intervalMillis, ChecksumForm checksum) {
        require(Version.VERSION_2.carries(key.family()), key + ": version 2 has no IPv6, use version 3");
        require(
                intervalMillis % MILLIS_PER_SECOND == 0,
                key + ": interval is " + intervalMillis + " ms, version 2 wants whole seconds");
        require(
                checksum == ChecksumForm.RFC9568,
                key + ": checksum is " + checksum + ", version 2 has one form only: leave it at "
                        + ChecksumForm.RFC9568);
    }

    private static void requireRange(RouterKey key, String field, int value, int min, int max) {
        require(
                value >= min && value <= max,
                key + ": " + field + " is " + value + ", it must be between " + min + " and " + max);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
