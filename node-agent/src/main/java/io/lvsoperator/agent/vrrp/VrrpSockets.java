package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.io.IOException;

/** Opens sockets on this node's interfaces. */
interface VrrpSockets {

    /**
     * A socket that has joined the group of the source's family on the interface.
     *
     * @throws IOException EPERM without CAP_NET_RAW; EADDRNOTAVAIL if the interface does not hold the address any more
     */
    AdvertisementSocket open(int interfaceIndex, IpAddress source) throws IOException;

    /** Sends a whole Ethernet frame out of an interface. */
    void sendFrame(int interfaceIndex, byte[] frame) throws IOException;
}
