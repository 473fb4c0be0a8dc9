package io.lvsoperator.agent.vrrp.machine;

/**
 * How long the kernel keeps the VIPs of an Active that says nothing any more. Each advert renews it, so it ends a little after the
 * others have given this router up, whatever became of its agent: killed, stopped, or stuck.
 *
 * @param validSeconds from the last advert on; 0 without end
 */
public record Lease(int validSeconds) {
    /** Where nobody else would serve, nothing is gained by letting go. */
    public static final Lease PERMANENT = new Lease(0);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The kernel counts in whole seconds, and one second may be over as soon as it was given. */
    private static final int SHORTEST_SECONDS = 2;

    /** More than the down interval of any Backup: three intervals and the skew, which is below one. */
    private static final int INTERVALS = 4;

    /** How many intervals after its last advert nobody can have taken over yet. */
    private static final int SAFE_INTERVALS = 3;

    /**
     * The lease of a router.
     *
     * @param peerCanServe whether another director is known to live that would take over
     */
    public static Lease of(RouterSettings settings, boolean peerCanServe) {
        if (settings.lone() || !peerCanServe) {
            return PERMANENT;
        }
        long nanos = INTERVALS * settings.intervalNanos();
        return new Lease((int) Math.max(SHORTEST_SECONDS, Math.ceilDiv(nanos, NANOS_PER_SECOND)));
    }

    /** The one that lasts longer. */
    public Lease longer(Lease other) {
        return isPermanent() || (!other.isPermanent() && validSeconds >= other.validSeconds) ? this : other;
    }

    public boolean isPermanent() {
        return validSeconds == 0;
    }

    /**
     * Whether what is left of a lease proves that its router advertised less than three intervals ago: then nobody can have taken
     * over, and it may go on. The kernel rounds what is left up, by as much as a second.
     *
     * @param leftSeconds as the kernel tells
     */
    public static boolean provesRecentAdvert(RouterSettings settings, long leftSeconds) {
        long longestAgo = (of(settings, true).validSeconds - leftSeconds + 1) * NANOS_PER_SECOND;
        return !settings.lone() && leftSeconds > 0 && longestAgo <= SAFE_INTERVALS * settings.intervalNanos();
    }
}
