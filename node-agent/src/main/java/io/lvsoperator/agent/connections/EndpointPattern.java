package io.lvsoperator.agent.connections;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.OptionalInt;

/** Endpoints of an address or a prefix, and of one port or any. */
record EndpointPattern(IpAddress network, int prefixLength, OptionalInt port) {

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 192.0.2.0/24}, {@code 2001:db8::1}, {@code [2001:db8::1]:80},
     * {@code 2001:db8::/64}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static EndpointPattern parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            IpAddress network = IpAddress.parse(text.substring(0, slash));
            int length = number(text.substring(slash + 1), network.family().addressBits());
            return new EndpointPattern(network, length, OptionalInt.empty());
        }
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        boolean ipv4WithPort = colon >= 0 && text.indexOf(':') == colon;
        if (bracketed || ipv4WithPort) {
            String address = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
            return of(IpAddress.parse(address), OptionalInt.of(number(text.substring(colon + 1), 0xffff)));
        }
        return of(IpAddress.parse(text), OptionalInt.empty());
    }

    private static EndpointPattern of(IpAddress address, OptionalInt port) {
        return new EndpointPattern(address, address.family().addressBits(), port);
    }

    private static int number(String text, int largest) {
        int number = Integer.parseInt(text);
        if (number < 0 || number > largest) {
            throw new IllegalArgumentException(number + " is not 0 to " + largest);
        }
        return number;
    }

    boolean matches(Endpoint endpoint) {
        return network.sharesPrefix(endpoint.address(), prefixLength)
                && (port.isEmpty() || port.getAsInt() == endpoint.port());
    }
}
