package io.lvsoperator.operator.address;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Protocol;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one service wants of the address space and the firewall marks, or has.
 *
 * @param service whose claim it is
 * @param fleet fleet that serves it
 * @param created creation of the service; the older of two newcomers wins
 * @param addresses VIPs
 * @param ports ports on each of them
 * @param firewallMark the mark that it balances instead of ports
 * @param directors nodes that direct the fleet: a mark is one service of each node's kernel, whatever the fleet
 */
public record AddressClaim(
        ServiceKey service,
        String fleet,
        Instant created,
        String uid,
        Set<IpAddress> addresses,
        Set<Port> ports,
        Optional<Long> firewallMark,
        Set<String> directors) {

    /** Older first, then by uid. */
    public static final Comparator<AddressClaim> SENIORITY =
            Comparator.comparing(AddressClaim::created).thenComparing(AddressClaim::uid);

    /** A port of a claim. */
    public record Port(Protocol protocol, int number) {
        @Override
        public String toString() {
            return number + "/" + protocol;
        }
    }

    /**
     * Where two claims cannot both be served. Services of one namespace and one fleet may share an address over different
     * ports or marks; otherwise an address belongs to one service as a whole. A mark belongs to one service for each family,
     * among all fleets that share a director.
     */
    public Optional<String> clash(AddressClaim other) {
        return clashOfMarks(other).or(() -> clashOfAddresses(other));
    }

    private Optional<String> clashOfMarks(AddressClaim other) {
        boolean shareADirector = fleet.equals(other.fleet)
                || common(directors, other.directors).findFirst().isPresent();
        boolean shareAFamily = common(families(), other.families()).findFirst().isPresent();
        return firewallMark
                .filter(mark -> shareADirector && shareAFamily)
                .filter(mark -> other.firewallMark.filter(mark::equals).isPresent())
                .map(AddressClaim::text);
    }

    /** A firewall mark as a conflict names it. */
    public static String text(long firewallMark) {
        return "firewall mark " + firewallMark;
    }

    private Set<AddressFamily> families() {
        return addresses.stream().map(IpAddress::family).collect(Collectors.toSet());
    }

    private Optional<String> clashOfAddresses(AddressClaim other) {
        boolean mayShare = service.namespace().equals(other.service.namespace()) && fleet.equals(other.fleet);
        return common(addresses, other.addresses).findFirst().flatMap(address -> {
            Optional<Port> port = common(ports, other.ports).findFirst();
            if (mayShare) {
                return port.map(p -> at(address, p));
            }
            return Optional.of(port.map(p -> at(address, p)).orElse(address.text()));
        });
    }

    private static String at(IpAddress address, Port port) {
        String host = address.text().indexOf(':') < 0 ? address.text() : "[" + address.text() + "]";
        return host + ":" + port;
    }

    private static <T> Stream<T> common(Set<T> mine, Set<T> theirs) {
        return mine.stream().filter(theirs::contains).sorted(Comparator.comparing(String::valueOf));
    }
}
