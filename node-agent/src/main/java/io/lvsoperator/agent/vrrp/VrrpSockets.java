package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.io.IOException;

/** Opens sockets on this node's interfaces. */
interface VrrpSockets {

    /**
     * A socket on the interface.
     *
     * @param group whether it hears the group of the source's family, and not only what is sent to {@code source}
     * @throws IOException EPERM without CAP_NET_RAW; EADDRNOTAVAIL if the interface does not hold the address any more
     */
    AdvertisementSocket open(int interfaceIndex, IpAddress source, boolean group) throws IOException;

    /** Sends a whole Ethernet frame out of an interface. */
    void sendFrame(int interfaceIndex, byte[] frame) throws IOException;
}
