package io.lvsoperator.agent.answering;

import io.lvsoperator.agent.ipvs.Statistics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which real servers do not answer, from one look at their connections after another. Pure but for what it remembers.
 *
 * <p>A pile has to stand for {@link #LOOKS} looks before anything is said, and connections have to get through in as many looks
 * before it is taken back: a burst, or one lost packet, is neither. While no client tries, nothing is known and the finding
 * stays, for {@link #MEMORY} at most.
 */
final class Judge {
    /** A pile of which nothing gets through. */
    static final int SMALLEST_PILE = 5;

    /** A pile beside connections that do get through; a busy service always has some on their way. */
    static final int SMALLEST_MIXED_PILE = 50;

    static final int LOOKS = 3;
    static final Duration MEMORY = Duration.ofMinutes(5);

    private static final double REPEATED = 1.5;
    private static final double NOT_REPEATED = 1.1;

    private final Map<RealServer, Case> cases = new HashMap<>();

    private enum Pile {
        NONE,
        SOME,
        ALL
    }

    private static final class Case {
        private final Sample first;
        private int piles;
        private int passes;
        private long passedAtLastPile;
        private Duration lastPile = Duration.ZERO;
        private @Nullable NotAnswering finding;

        Case(Sample first) {
            this.first = first;
            this.passedAtLastPile = first.passed();
        }
    }

    /** Whether a real server has to be looked at, though nothing about it is suspicious now. */
    boolean isUnderSuspicion(RealServer realServer) {
        return cases.containsKey(realServer);
    }

    /** Whether there is anything to be looked at again. */
    boolean hasCases() {
        return !cases.isEmpty();
    }

    /**
     * Takes in a look.
     *
     * @param samples of all real servers that are suspicious or {@link #isUnderSuspicion}; others are forgotten
     * @param now time since an arbitrary moment
     * @return those that do not answer
     */
    List<NotAnswering> look(Map<RealServer, Sample> samples, Duration now) {
        cases.keySet().retainAll(samples.keySet());
        samples.forEach((realServer, sample) -> judge(realServer, sample, now));
        return cases.values().stream()
                .map(c -> Optional.ofNullable(c.finding))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(
                                (NotAnswering found) -> found.realServer().origin())
                        .thenComparing(found -> found.realServer().toString()))
                .toList();
    }

    private void judge(RealServer realServer, Sample sample, Duration now) {
        Case open = cases.get(realServer);
        Pile pile = pile(sample, open);
        if (open == null) {
            if (pile == Pile.NONE) {
                return;
            }
            open = new Case(sample);
            cases.put(realServer, open);
        }
        if (pile != Pile.NONE) {
            open.piles++;
            open.passes = 0;
            open.passedAtLastPile = sample.passed();
            open.lastPile = now;
            if (open.piles >= LOOKS) {
                open.finding = finding(realServer, sample, open, pile == Pile.ALL);
            }
        } else if (open.finding == null || isTakenBack(sample, open, now)) {
            cases.remove(realServer);
        }
    }

    private static boolean isTakenBack(Sample sample, Case open, Duration now) {
        if (sample.passed() > open.passedAtLastPile) {
            open.passes++;
        }
        return open.passes >= LOOKS || now.minus(open.lastPile).compareTo(MEMORY) > 0;
    }

    /**
     * All are stuck when none got through, or when none of the new ones can have: every connection since the first look is
     * still waiting, and only those that got through before are there.
     */
    private static Pile pile(Sample sample, @Nullable Case open) {
        if (sample.waiting() >= SMALLEST_PILE && (sample.passed() == 0 || allNewOnesWait(sample, open))) {
            return Pile.ALL;
        }
        return sample.waiting() >= SMALLEST_MIXED_PILE && sample.waiting() > sample.passed() ? Pile.SOME : Pile.NONE;
    }

    private static boolean allNewOnesWait(Sample sample, @Nullable Case open) {
        if (open == null) {
            // Nothing to compare with yet: suspicious when most are stuck.
            return sample.waiting() > sample.passed();
        }
        long since = sample.statistics().connections() - open.first.statistics().connections();
        return since <= sample.waiting() && sample.passed() <= open.passedAtLastPile;
    }

    private static NotAnswering finding(RealServer realServer, Sample sample, Case open, boolean all) {
        long most = Math.max(roundedDown(sample.waiting()), open.finding == null ? 0 : open.finding.waiting());
        Optional<Boolean> repeat = all && sample.passed() == 0
                ? clientsRepeat(sinceWhen(open, sample), sample.statistics())
                : Optional.empty();
        Optional<Boolean> before = Optional.ofNullable(open.finding).flatMap(NotAnswering::clientsRepeat);
        return new NotAnswering(realServer, most, all, repeat.isPresent() ? repeat : before.filter(b -> all));
    }

    /** Where no connection came since the first look, and all that ever came are stuck, all that was counted tells. */
    private static Statistics sinceWhen(Case open, Sample sample) {
        boolean nothingNew =
                sample.statistics().inPackets() <= open.first.statistics().inPackets();
        return nothingNew && sample.statistics().connections() <= sample.waiting()
                ? Statistics.ZERO
                : open.first.statistics();
    }

    /** Packets from clients per new connection, while nothing but attempts to connect goes to the real server. */
    private static Optional<Boolean> clientsRepeat(Statistics first, Statistics now) {
        long connections = now.connections() - first.connections();
        long packets = now.inPackets() - first.inPackets();
        if (packets <= 0) {
            return Optional.empty();
        }
        if (packets >= REPEATED * connections) {
            return Optional.of(true);
        }
        return packets <= NOT_REPEATED * connections ? Optional.of(false) : Optional.empty();
    }

    /** 5, 10, 20, 50, 100 and so on. */
    private static long roundedDown(long count) {
        long step = 1;
        while (step * 10 <= count) {
            step *= 10;
        }
        return count >= 5 * step ? 5 * step : count >= 2 * step ? 2 * step : step;
    }
}
