package io.lvsoperator.agent.nativeaccess;

/**
 * How a datagram reached this host; {@code in_pktinfo} or {@code in6_pktinfo}.
 *
 * @param interfaceIndex where it came in
 * @param destination the address in its IP header
 */
public record PacketInfo(int interfaceIndex, IpAddress destination) {}
