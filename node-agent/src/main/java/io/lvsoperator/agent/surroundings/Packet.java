package io.lvsoperator.agent.surroundings;

import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet that conntrack finds invalid, as far as it is known.
 *
 * @param destination empty where it may be any
 * @param port that it goes to; empty where it may be any
 */
record Packet(AddressFamily family, Protocol protocol, Optional<IpAddress> destination, OptionalInt port) {}
