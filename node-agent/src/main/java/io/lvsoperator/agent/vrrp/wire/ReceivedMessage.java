package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;

/**
 * A VRRP message and what its IP header said.
 *
 * @param source as received
 * @param destination as received; both pseudo-headers need it
 * @param hopLimit TTL or Hop Limit, {@link #UNKNOWN_HOP_LIMIT} if the kernel gave none
 * @param bytes the message, without IP header and without padding; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // made once per packet, read once, never compared
public record ReceivedMessage(IpAddress source, IpAddress destination, int hopLimit, byte[] bytes) {

    public static final int UNKNOWN_HOP_LIMIT = -1;
}
