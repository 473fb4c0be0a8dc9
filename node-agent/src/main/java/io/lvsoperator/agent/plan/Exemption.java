package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Packets that conntrack shall pass over, by where they go.
 *
 * @param protocol empty for all, as of a VIP of a firewall mark: rules of others decide which packets carry it, behind this one
 * @param port 0 for all
 */
public record Exemption(IpAddress vip, Optional<Protocol> protocol, int port) {
    private static final int ALL_PORTS = 0;

    /**
     * Those for the virtual servers whose fleet asks for it and whose real servers are all reached past this director. What
     * covers several ports is left out where it would hit a virtual server with a NAT real server, too.
     */
    public static List<Exemption> of(DesiredState desired) {
        Set<String> fleets = desired.directs().stream()
                .filter(DesiredState.DirectedFleet::untracked)
                .map(DesiredState.DirectedFleet::fleet)
                .collect(Collectors.toSet());
        if (fleets.isEmpty()) {
            return List.of();
        }
        Set<Exemption> wide = new LinkedHashSet<>();
        Set<Exemption> tracked = new HashSet<>();
        Set<IpAddress> markedForNat = new HashSet<>();
        List<Exemption> exemptions = new ArrayList<>();
        for (DesiredState.Service service : desired.services().values()) {
            if (fleets.contains(service.fleet()) && goesPast(service)) {
                of(service).forEach(exemption -> (exemption.isWide() ? wide : exemptions).add(exemption));
            } else if (service.translatesAddresses()) {
                tracked.addAll(covering(service));
                if (service.server().key() instanceof VirtualServerKey.FirewallMark) {
                    // The kernel looks for the mark first, whatever the port.
                    markedForNat.addAll(service.vips());
                }
            }
        }
        wide.stream().filter(exemption -> !tracked.contains(exemption)).forEach(exemptions::add);
        exemptions.removeIf(exemption -> markedForNat.contains(exemption.vip()));
        return exemptions;
    }

    /** Whether services of a fleet that asks for it have other packets passed over, or tracked, before and after an edit. */
    public static boolean differ(List<DesiredState.Service> before, List<DesiredState.Service> after) {
        return !claims(before).equals(claims(after));
    }

    /** What the services ask to have passed over and, with {@code false}, what they need tracked. */
    private static Map<Exemption, Set<Boolean>> claims(List<DesiredState.Service> services) {
        Map<Exemption, Set<Boolean>> claims = new HashMap<>();
        for (DesiredState.Service service : services) {
            if (goesPast(service)) {
                of(service).forEach(exemption -> claim(claims, exemption, true));
            } else if (service.translatesAddresses()) {
                covering(service).forEach(exemption -> claim(claims, exemption, false));
            }
        }
        return claims;
    }

    private static void claim(Map<Exemption, Set<Boolean>> claims, Exemption exemption, boolean passedOver) {
        claims.computeIfAbsent(exemption, any -> new HashSet<>()).add(passedOver);
    }

    private boolean isWide() {
        return port == ALL_PORTS;
    }

    /** Every pass asks this of every service, so that it is a loop. */
    private static boolean goesPast(DesiredState.Service service) {
        for (DestinationConfig destination : service.destinations().values()) {
            if (!destination.method().equals(ForwardingMethod.DIRECT_ROUTE)
                    && !destination.method().equals(ForwardingMethod.TUNNEL)) {
                return false;
            }
        }
        return !service.destinations().isEmpty();
    }

    private static List<Exemption> of(DesiredState.Service service) {
        return switch (service.server().key()) {
            case VirtualServerKey.AddressAndPort(Protocol protocol, IpAddress vip, int port) ->
                List.of(new Exemption(vip, Optional.of(protocol), port));
            case VirtualServerKey.FirewallMark mark ->
                service.vips().stream()
                        .filter(vip -> vip.family() == mark.family())
                        .sorted()
                        .map(vip -> new Exemption(vip, Optional.empty(), ALL_PORTS))
                        .toList();
        };
    }

    /** Those that packets of the service would fall under. */
    private static List<Exemption> covering(DesiredState.Service service) {
        List<Exemption> covering = new ArrayList<>();
        service.vips().forEach(vip -> {
            covering.add(new Exemption(vip, Optional.empty(), ALL_PORTS));
            switch (service.server().key()) {
                case VirtualServerKey.AddressAndPort(Protocol protocol, IpAddress _, int _) ->
                    covering.add(new Exemption(vip, Optional.of(protocol), ALL_PORTS));
                case VirtualServerKey.FirewallMark _ -> {
                    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
                        covering.add(new Exemption(vip, Optional.of(protocol), ALL_PORTS));
                    }
                }
            }
        });
        return covering;
    }
}
