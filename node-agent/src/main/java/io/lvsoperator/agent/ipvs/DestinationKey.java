package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What tells one destination of a virtual server from another.
 *
 * @param port 0 to 65535
 */
public record DestinationKey(IpAddress address, int port) {
    public DestinationKey {
        Ports.check(port);
    }

    /** By hand for the reason of {@link IpAddress#hashCode()}. */
    @Override
    public int hashCode() {
        return address.hashCode() * 31 + port;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DestinationKey(var otherAddress, var otherPort)
                && port == otherPort
                && address.equals(otherAddress);
    }

    /** {@code 192.0.2.21:80} or {@code [2001:db8::21]:80}. */
    @Override
    public String toString() {
        return Ports.join(address, port);
    }
}
