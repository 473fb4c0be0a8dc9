package io.lvsoperator.agent.ipvs;

import org.jspecify.annotations.Nullable;

/**
 * What can be changed about a destination in place.
 *
 * @param weight 0 lets connections go on but gives it no new ones; the kernel refuses a negative one (ERANGE)
 * @param upperThreshold connections from which on it gets no new ones; 0 for no limit
 * @param lowerThreshold connections below which it gets new ones again; 0 for three quarters of the upper one
 */
public record DestinationConfig(
        ForwardingMethod method, int weight, long upperThreshold, long lowerThreshold, Tunnel tunnel) {
    /** Without connection limits. */
    public static DestinationConfig of(ForwardingMethod method, int weight) {
        return new DestinationConfig(method, weight, 0, 0, Tunnel.NONE);
    }

    public DestinationConfig withThresholds(long upper, long lower) {
        return new DestinationConfig(method, weight, upper, lower, tunnel);
    }

    public DestinationConfig withWeight(int other) {
        return new DestinationConfig(method, other, upperThreshold, lowerThreshold, tunnel);
    }

    /** By hand for the reason of {@link io.lvsoperator.agent.nativeaccess.IpAddress#hashCode()}. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof DestinationConfig that
                && weight == that.weight
                && method.number() == that.method.number()
                && upperThreshold == that.upperThreshold
                && lowerThreshold == that.lowerThreshold
                && tunnel.type() == that.tunnel.type()
                && tunnel.port() == that.tunnel.port()
                && tunnel.flags() == that.tunnel.flags();
    }

    @Override
    public int hashCode() {
        return (method.number() * 31 + weight) * 31 + Long.hashCode(upperThreshold * 31 + lowerThreshold);
    }
}
