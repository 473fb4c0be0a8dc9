package io.lvsoperator.agent.nativeaccess;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@link NativeSocket#receive} tells about the bytes it left in the caller's buffer.
 *
 * @param source the sender; empty where the kernel names none, or one of a kind that {@link NativeAddress} does not know
 * @param truncated true when the datagram was longer than the buffer: the rest is lost
 * @param packetInfo present when asked for by IP_PKTINFO or IPV6_RECVPKTINFO
 * @param hopLimit present when asked for by IPV6_RECVHOPLIMIT; 0 to 255
 */
public record Datagram(
        Optional<NativeAddress> source, boolean truncated, Optional<PacketInfo> packetInfo, OptionalInt hopLimit) {}
