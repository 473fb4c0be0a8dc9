package io.lvsoperator.agent.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Takes a datagram apart into its messages. */
final class MessageReader {
    private final ByteBuffer datagram;
    private int next;

    /** Over everything from 0 to the buffer's limit. */
    MessageReader(ByteBuffer datagram) {
        this.datagram = datagram.duplicate().order(ByteOrder.nativeOrder());
    }

    boolean hasNext() {
        return next < datagram.limit();
    }

    NetlinkMessage next() throws MalformedMessageException {
        var left = datagram.limit() - next;
        if (left < NetlinkHeader.SIZE) {
            throw new MalformedMessageException(left + " bytes are too few for a netlink message header");
        }
        var length = datagram.getInt(next + NetlinkHeader.LENGTH);
        if (length < NetlinkHeader.SIZE || length > left) {
            throw new MalformedMessageException("a netlink message of " + Integer.toUnsignedLong(length)
                    + " bytes cannot stand in the " + left + " bytes that are left");
        }
        var start = next;
        next += Math.min(left, NetlinkHeader.aligned(length));
        return new NetlinkMessage(
                Short.toUnsignedInt(datagram.getShort(start + NetlinkHeader.TYPE)),
                Short.toUnsignedInt(datagram.getShort(start + NetlinkHeader.FLAGS)),
                datagram.getInt(start + NetlinkHeader.SEQUENCE),
                datagram.getInt(start + NetlinkHeader.PORT_ID),
                datagram.slice(start + NetlinkHeader.SIZE, length - NetlinkHeader.SIZE)
                        .order(ByteOrder.nativeOrder()));
    }
}
