package io.lvsoperator.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** Waiting for what must come. */
final class Expect {
    private Expect() {}

    static void soon(ThrowingRunnable assertion) {
        await().atMost(TestBed.PATIENCE).untilAsserted(assertion);
    }

    static Condition condition(@Nullable List<Condition> conditions, String type) {
        assertThat(conditions).as("conditions").isNotNull();
        return Objects.requireNonNull(conditions).stream()
                .filter(c -> c.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type + " in " + conditions));
    }

    static void serviceCondition(TestBed bed, String service, String type, ConditionStatus status, String reason) {
        soon(() -> {
            Condition found = serviceCondition(bed, service, type);
            assertThat(found.reason()).as(found.message()).isEqualTo(reason);
            assertThat(found.status()).as(found.message()).isEqualTo(status);
        });
    }

    static Condition serviceCondition(TestBed bed, String service, String type) {
        var status = bed.service(service).getStatus();
        assertThat(status).as("status of " + service).isNotNull();
        return condition(status.conditions(), type);
    }

    static void fleetCondition(TestBed bed, String fleet, String type, ConditionStatus status, String reason) {
        soon(() -> {
            Condition found = fleetCondition(bed, fleet, type);
            assertThat(found.reason()).as(found.message()).isEqualTo(reason);
            assertThat(found.status()).as(found.message()).isEqualTo(status);
        });
    }

    static Condition fleetCondition(TestBed bed, String fleet, String type) {
        var status = bed.fleet(fleet).getStatus();
        assertThat(status).as("status of " + fleet).isNotNull();
        return condition(status.conditions(), type);
    }

    static <T> T present(Supplier<@Nullable T> supplier) {
        soon(() -> assertThat(supplier.get()).isNotNull());
        return Objects.requireNonNull(supplier.get());
    }
}
