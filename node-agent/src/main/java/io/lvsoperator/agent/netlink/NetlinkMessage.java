package io.lvsoperator.agent.netlink;

import java.nio.ByteBuffer;

/**
 * One message of a datagram: {@code struct nlmsghdr} and what follows.
 *
 * @param type of the family's own, or one of {@link NetlinkHeader}
 * @param payload in host order; a view that is valid only until the next datagram is received
 */
public record NetlinkMessage(int type, int flags, int sequence, int portId, ByteBuffer payload) {
    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
