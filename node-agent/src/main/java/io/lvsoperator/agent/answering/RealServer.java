package io.lvsoperator.agent.answering;

import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.VirtualServerKey;

/**
 * A real server of one of our virtual servers.
 *
 * @param origin the slice that it is for
 */
public record RealServer(SliceName origin, VirtualServerKey virtualServer, DestinationKey key) {

    /** {@code 10.0.0.5:80 of TCP 192.0.2.100:80 (shop/web)}. */
    @Override
    public String toString() {
        return key + " of " + virtualServer + " (" + origin + ")";
    }
}
