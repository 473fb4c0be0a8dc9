package io.lvsoperator.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final Condition READY = condition("Ready", ConditionStatus.TRUE, "Ready");
    private static final Condition NO_ACTIVE = condition("Ready", ConditionStatus.FALSE, "NoActiveDirector");
    private static final Condition WELL = condition("Degraded", ConditionStatus.FALSE, "AsExpected");
    private static final Condition DEGRADED = condition("Degraded", ConditionStatus.TRUE, "InterfaceNotFound");

    @Test
    void aConditionThatTurnsIsAnnounced() {
        assertThat(Announcements.turned(List.of(READY), List.of(NO_ACTIVE))).containsExactly(NO_ACTIVE);
    }

    @Test
    void aConditionThatStaysIsNotAnnouncedAgainWhateverItsWords() {
        Condition otherWords = new Condition("Ready", ConditionStatus.FALSE, "NoActiveDirector", "other words", 2L, "");

        assertThat(Announcements.turned(List.of(NO_ACTIVE), List.of(otherWords)))
                .isEmpty();
    }

    @Test
    void anotherReasonOfTheSameStatusIsAnnounced() {
        Condition other = condition("Ready", ConditionStatus.FALSE, "NoRealServers");

        assertThat(Announcements.turned(List.of(NO_ACTIVE), List.of(other))).containsExactly(other);
    }

    @Test
    void theFirstConditionIsAnnouncedUnlessItSaysThatAllIsWell() {
        assertThat(Announcements.turned(null, List.of(NO_ACTIVE, WELL))).containsExactly(NO_ACTIVE);
    }

    @Test
    void recoveryIsAnnounced() {
        assertThat(Announcements.turned(List.of(DEGRADED), List.of(WELL))).containsExactly(WELL);
    }

    @Test
    void whatPassesByItselfOrRepeatsAnotherIsNotAnnounced() {
        List<Condition> passing = List.of(
                condition("Programmed", ConditionStatus.FALSE, "Pending"),
                condition("Ready", ConditionStatus.FALSE, "NotProgrammed"),
                condition("Degraded", ConditionStatus.TRUE, "DirectorLags"),
                condition("Reconciling", ConditionStatus.TRUE, "RollingOut"));

        assertThat(Announcements.turned(List.of(), passing)).isEmpty();
    }

    private static Condition condition(String type, ConditionStatus status, String reason) {
        return new Condition(type, status, reason, "words", 1L, "2026-01-01T12:00:00Z");
    }
}
