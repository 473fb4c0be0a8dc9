package io.lvsoperator.agent.connections;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;

/**
 * An address with a port.
 *
 * @param port 0 to 65535; 0 where the kernel has none, as in a persistence template
 */
public record Endpoint(IpAddress address, int port) {

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return address.family() == AddressFamily.IPV4 ? address + ":" + port : "[" + address + "]:" + port;
    }
}
