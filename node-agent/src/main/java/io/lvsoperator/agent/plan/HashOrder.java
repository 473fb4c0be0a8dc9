package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the past of a service must not leave behind in the table of the mh scheduler, so that directors with different pasts send
 * a client to the same real server.
 *
 * <p>The kernel (ip_vs_mh.c) fills that table destination by destination in the order of its list, to which a new one is added
 * in front, and by each one's last weight that was not 0; a destination that was added with weight 0 has none and gets no slot.
 * So those with a weight have to be added in canonical order, and those without have to be added as such. Whatever is not as if
 * it had been is deleted and added again, which its connections survive: the kernel finds the deleted destination and goes on
 * with it.
 */
final class HashOrder {
    private static final int ABSENT = Integer.MIN_VALUE;

    private HashOrder() {}

    /** Whether the order of its destinations means anything to the service. */
    static boolean matters(VirtualServer server) {
        return server.config().scheduler().equals(Scheduler.MH.kernelName());
    }

    /**
     * The present destinations that have to be deleted and added again; the fewest. Done one by one in canonical order, at most
     * one of them is missing at any moment.
     *
     * @param wanted in canonical order
     * @param ours whether the service was brought to this agent's order before, so that its destinations without weight are known
     *     to have been added as such
     */
    static Set<DestinationKey> toAddAgain(
            Map<DestinationKey, DestinationConfig> wanted, ObservedServer observed, boolean ours) {
        Set<DestinationKey> again = new HashSet<>(outOfOrder(wanted, observed.destinations()));
        boolean weightsAreKnown = ours && matters(observed.server());
        for (ObservedDestination present : observed.destinations()) {
            DestinationKey key = present.destination().key();
            DestinationConfig config = wanted.get(key);
            boolean hadWeight = present.destination().config().weight() != 0;
            if (config != null && config.weight() == 0 && (hadWeight || !weightsAreKnown)) {
                again.add(key);
            }
        }
        return again;
    }

    /** Those that stand in the right order from the oldest on may stay: what is added comes in front of them. */
    private static Set<DestinationKey> outOfOrder(
            Map<DestinationKey, DestinationConfig> wanted, List<ObservedDestination> newestFirst) {
        Map<DestinationKey, Integer> ages = new HashMap<>();
        newestFirst.forEach(present -> ages.put(present.destination().key(), -ages.size()));
        Set<DestinationKey> moved = new HashSet<>();
        int youngest = ABSENT;
        boolean inOrder = true;
        for (Map.Entry<DestinationKey, DestinationConfig> entry : wanted.entrySet()) {
            int age = ages.getOrDefault(entry.getKey(), ABSENT);
            if (entry.getValue().weight() == 0) {
                continue;
            }
            inOrder &= age > youngest;
            if (inOrder) {
                youngest = age;
            } else if (age != ABSENT) {
                moved.add(entry.getKey());
            }
        }
        return moved;
    }
}
