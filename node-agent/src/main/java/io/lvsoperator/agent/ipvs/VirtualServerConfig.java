package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be changed about a virtual server in place.
 *
 * @param scheduler its kernel name; {@code none} where another program chose to have none
 * @param persistenceTimeoutSeconds meaningful with {@link ServiceFlags#PERSISTENT} only; 0 to 2^32 - 1
 * @param persistenceEngine for example {@code sip}
 */
public record VirtualServerConfig(
        String scheduler,
        ServiceFlags flags,
        long persistenceTimeoutSeconds,
        PersistenceNetmask netmask,
        Optional<String> persistenceEngine) {

    /** Without flags and persistence. */
    public static VirtualServerConfig of(Scheduler scheduler, AddressFamily family) {
        return new VirtualServerConfig(
                scheduler.kernelName(), ServiceFlags.NONE, 0, PersistenceNetmask.whole(family), Optional.empty());
    }

    public VirtualServerConfig withSchedulerFlags(Collection<SchedulerFlag> more) {
        return new VirtualServerConfig(
                scheduler, flags.plus(ServiceFlags.of(more)), persistenceTimeoutSeconds, netmask, persistenceEngine);
    }

    /** Each packet is scheduled anew. */
    public VirtualServerConfig withOnePacket() {
        return new VirtualServerConfig(
                scheduler, flags.plus(ServiceFlags.ONE_PACKET), persistenceTimeoutSeconds, netmask, persistenceEngine);
    }

    /** Persistence looks at more than the client's address; the kernel's name of the engine. */
    public VirtualServerConfig withPersistenceEngine(String engine) {
        return new VirtualServerConfig(scheduler, flags, persistenceTimeoutSeconds, netmask, Optional.of(engine));
    }

    /** A client stays with its real server for that long after its last connection. */
    public VirtualServerConfig withPersistence(long timeoutSeconds, PersistenceNetmask clients) {
        return new VirtualServerConfig(
                scheduler, flags.plus(ServiceFlags.PERSISTENT), timeoutSeconds, clients, persistenceEngine);
    }

    /** By hand for the reason of {@link io.lvsoperator.agent.nativeaccess.IpAddress#hashCode()}. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof VirtualServerConfig that
                && scheduler.equals(that.scheduler)
                && flags.bits() == that.flags.bits()
                && persistenceTimeoutSeconds == that.persistenceTimeoutSeconds
                && netmask.family() == that.netmask.family()
                && netmask.value() == that.netmask.value()
                && persistenceEngine.equals(that.persistenceEngine);
    }

    @Override
    public int hashCode() {
        return (scheduler.hashCode() * 31 + flags.bits()) * 31 + Long.hashCode(persistenceTimeoutSeconds);
    }
}
