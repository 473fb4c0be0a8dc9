package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.Condition;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns findings into conditions. A condition's time is that of the last change of its status, not of its words. */
public final class Conditions {
    private final Clock clock;

    public Conditions(Clock clock) {
        this.clock = clock;
    }

    /** The conditions that follow on the previous ones. Types that are not found any more are dropped. */
    public List<Condition> following(@Nullable List<Condition> previous, List<Finding> findings, long generation) {
        return findings.stream()
                .map(finding -> condition(of(previous, finding.type()), finding, generation))
                .toList();
    }

    /** The condition of a type. */
    public static Optional<Condition> of(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }

    private Condition condition(Optional<Condition> previous, Finding finding, long generation) {
        String since = previous.filter(p -> p.status() == finding.status())
                .map(Condition::lastTransitionTime)
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return new Condition(finding.type(), finding.status(), finding.reason(), finding.message(), generation, since);
    }
}
