package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.IpAddress;

/**
 * What tells one destination of a virtual server from another.
 *
 * @param port 0 to 65535
 */
public record DestinationKey(IpAddress address, int port) {
    public DestinationKey {
        Ports.check(port);
    }

    /** {@code 192.0.2.21:80} or {@code [2001:db8::21]:80}. */
    @Override
    public String toString() {
        return Ports.join(address, port);
    }
}
