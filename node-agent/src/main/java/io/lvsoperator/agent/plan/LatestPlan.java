package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState;
import org.jspecify.annotations.Nullable;

/**
 * Plans, and gives the latest plan again for as long as it is asked for the same: as a rule a look at the kernel finds what the one
 * before found. What is large is told apart by identity. For one thread.
 */
public final class LatestPlan {
    private final String nodeName;
    private @Nullable Made latest;

    private record Made(DesiredState desired, Observed observed, Ledger ledger, Plan plan) {
        @SuppressWarnings("ReferenceEquality") // see above
        boolean isOf(DesiredState otherDesired, Observed otherObserved, Ledger otherLedger) {
            return desired == otherDesired && ledger == otherLedger && observed.isWhatWasSeenIn(otherObserved);
        }
    }

    /** For the node of this name. */
    public LatestPlan(String nodeName) {
        this.nodeName = nodeName;
    }

    /** As {@link Planner#plan}; the very plan of the last time for the very same. */
    public Plan plan(DesiredState desired, Observed observed, Ledger ledger) {
        Made known = latest;
        if (known != null && known.isOf(desired, observed, ledger)) {
            return known.plan();
        }
        Plan plan = Planner.plan(desired, observed, ledger, nodeName);
        latest = new Made(desired, observed, ledger, plan);
        return plan;
    }
}
