package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What a virtual router of ours takes of the others.
 *
 * @param version the one that it speaks
 * @param intervalCentiseconds its own interval, which version 2 insists on
 * @param authentication its own, which version 2 insists on
 * @param peers the only addresses that it hears, and by unicast alone; empty where all of the segment are heard
 */
public record Expected(
        Version version, int intervalCentiseconds, Authentication authentication, Optional<Set<IpAddress>> peers) {

    /** Takes the advertisements of all routers of the segment. */
    public Expected(Version version, int intervalCentiseconds, Authentication authentication) {
        this(version, intervalCentiseconds, authentication, Optional.empty());
    }

    boolean hears(ReceivedMessage message) {
        return peers.isEmpty()
                || (peers.get().contains(message.source())
                        && !message.destination().isMulticast());
    }
}
