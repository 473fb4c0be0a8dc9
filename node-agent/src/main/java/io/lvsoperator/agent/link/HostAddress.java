package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;

/**
 * A VIP to be held: the address alone, /32 or /128, without a route to a prefix and without duplicate address detection.
 *
 * @param label IPv4 only, at most 15 bytes, usually the interface's name with a suffix: {@code eth0:lvs}
 */
public record HostAddress(int interfaceIndex, IpAddress address, Optional<String> label) {}
