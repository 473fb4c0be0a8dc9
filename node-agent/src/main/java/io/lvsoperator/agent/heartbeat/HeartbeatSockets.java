package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.io.IOException;

/** Opens UDP sockets for heartbeats. */
public interface HeartbeatSockets {
    /**
     * A socket that sends from this address and port, and hears what is sent there.
     *
     * @throws IOException EADDRNOTAVAIL when the node does not have the address, EADDRINUSE when another has the port
     */
    HeartbeatSocket open(IpAddress own, int port) throws IOException;
}
