package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.789Z");

    @Test
    void keepsTheTimeWhileOnlyTheWordsChange() {
        // Given
        List<Condition> before = at(NOON).following(null, List.of(Finding.isFalse("Ready", "A", "a")), 1);

        // When
        List<Condition> after =
                at(NOON.plusSeconds(60)).following(before, List.of(Finding.isFalse("Ready", "B", "b")), 2);

        // Then
        assertThat(after.getFirst().lastTransitionTime()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(after.getFirst().reason()).isEqualTo("B");
        assertThat(after.getFirst().observedGeneration()).isEqualTo(2);
    }

    @Test
    void takesTheTimeWhenTheStatusTurns() {
        // Given
        List<Condition> before = at(NOON).following(null, List.of(Finding.isFalse("Ready", "A", "a")), 1);

        // When
        List<Condition> after =
                at(NOON.plusSeconds(60)).following(before, List.of(Finding.isTrue("Ready", "A", "a")), 1);

        // Then
        assertThat(after.getFirst().lastTransitionTime()).isEqualTo("2026-01-01T12:01:00Z");
    }

    @Test
    void dropsWhatDoesNotApplyAnyMore() {
        // Given
        List<Condition> before = at(NOON).following(
                        null, List.of(Finding.isTrue("Ready", "A", "a"), Finding.isTrue("Reconciling", "A", "a")), 1);

        // When
        List<Condition> after = at(NOON).following(before, List.of(Finding.isTrue("Ready", "A", "a")), 1);

        // Then
        assertThat(after).extracting(Condition::type).containsExactly("Ready");
    }

    @Test
    void isTheSameWhenNothingChanges() {
        // Given
        List<Finding> findings = List.of(Finding.isTrue("Ready", "A", "a"));
        List<Condition> before = at(NOON).following(null, findings, 1);

        // Then
        assertThat(at(NOON.plusSeconds(60)).following(before, findings, 1)).isEqualTo(before);
    }

    private static Conditions at(Instant instant) {
        return new Conditions(Clock.fixed(instant, ZoneOffset.UTC));
    }
}
