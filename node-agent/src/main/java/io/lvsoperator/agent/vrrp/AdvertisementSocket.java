package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import java.io.IOException;
import java.util.List;

/** Sends and receives the VRRP messages of one family on one interface, from one address. */
interface AdvertisementSocket extends AutoCloseable {

    /** Sends a whole VRRP message to the group or to a peer, with TTL or Hop Limit 255. */
    void send(byte[] message, IpAddress destination) throws IOException;

    /**
     * Takes what has arrived, at most {@code limit} packets. A packet that cannot be taken apart is given with an empty
     * message.
     */
    List<ReceivedMessage> receive(int limit) throws IOException;

    @Override
    void close();
}
