package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.agent.vrrp.wire.Version;
import java.util.List;

/**
 * What the state machine has to know of a virtual router's configuration. All of it but the id may change while it runs.
 *
 * @param virtualRouterId 1 to 255
 * @param version that it speaks
 * @param priority 1 to 254: a director never owns a VIP (RFC 9568 section 5.2.4)
 * @param intervalCentiseconds Advertisement_Interval, 1 to 4095; in version 2 whole seconds
 * @param preemption whether and when it takes the VIPs from a living Active of lower priority
 * @param lone whether no other router is configured for these VIPs; it then never gives them up to nobody
 * @param vips all virtual addresses in the order of the advertisement; an IPv6 list starts with the link-local one
 * @param maxAdvertised how many of them, from the first, one advertisement lists; the others ride along
 */
public record RouterSettings(
        int virtualRouterId,
        Version version,
        int priority,
        int intervalCentiseconds,
        Preemption preemption,
        boolean lone,
        List<IpAddress> vips,
        int maxAdvertised) {

    public static final int MIN_PRIORITY = 1;
    public static final int MAX_PRIORITY = 254;

    /**
     * Checks what {@link Advertisement} does not.
     *
     * @throws IllegalArgumentException naming the field that is out of range
     */
    public RouterSettings {
        vips = List.copyOf(vips);
        if (priority < MIN_PRIORITY || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("virtual router " + virtualRouterId + ": priority is " + priority
                    + ", it must be between " + MIN_PRIORITY + " and " + MAX_PRIORITY);
        }
        if (maxAdvertised < 1 || maxAdvertised > Advertisement.MAX_ADDRESSES) {
            throw new IllegalArgumentException("virtual router " + virtualRouterId + ": " + maxAdvertised
                    + " addresses fit an advertisement, it must be between 1 and " + Advertisement.MAX_ADDRESSES
                    + ": raise the MTU of the interface");
        }
        if (!vips.isEmpty()) {
            // so that no change can make a running router fail later
            advertisement(version, virtualRouterId, priority, intervalCentiseconds, vips, maxAdvertised);
        }
    }

    /** The same at another priority, 1 to 254. */
    public RouterSettings at(int otherPriority) {
        return new RouterSettings(
                virtualRouterId, version, otherPriority, intervalCentiseconds, preemption, lone, vips, maxAdvertised);
    }

    /** An advertisement at this router's own priority. */
    Advertisement advertisement() {
        return advertisement(priority);
    }

    /** The advertisement by which an Active leaves. */
    Advertisement leaving() {
        return advertisement(Advertisement.LEAVING);
    }

    /** The VIPs that an advertisement lists. */
    public List<IpAddress> advertised() {
        return vips.subList(0, Math.min(vips.size(), maxAdvertised));
    }

    private Advertisement advertisement(int advertisedPriority) {
        return advertisement(version, virtualRouterId, advertisedPriority, intervalCentiseconds, vips, maxAdvertised);
    }

    private static Advertisement advertisement(
            Version version,
            int virtualRouterId,
            int priority,
            int intervalCentiseconds,
            List<IpAddress> vips,
            int maxAdvertised) {
        List<IpAddress> advertised = vips.subList(0, Math.min(vips.size(), maxAdvertised));
        return new Advertisement(version, virtualRouterId, priority, intervalCentiseconds, advertised);
    }

    long intervalNanos() {
        return Timing.intervalNanos(intervalCentiseconds);
    }

    /** Skew_Time towards an Active of that interval. */
    long skewNanos(int activeIntervalCentiseconds) {
        return Timing.skewNanos(version, priority, activeIntervalCentiseconds);
    }

    /** Active_Down_Interval towards an Active of that interval. */
    long downIntervalNanos(int activeIntervalCentiseconds) {
        return Timing.downIntervalNanos(version, priority, activeIntervalCentiseconds);
    }

    /** Whether a losing advertisement is answered at once: version 2 only ignores it. */
    boolean answersLosers() {
        return version == Version.VERSION_3;
    }
}
