package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.ConditionStatus;

/** A condition before it has a time: what is found of an object now. */
public record Finding(String type, ConditionStatus status, String reason, String message) {
    static Finding isTrue(String type, String reason, String message) {
        return new Finding(type, ConditionStatus.TRUE, reason, message);
    }

    static Finding isFalse(String type, String reason, String message) {
        return new Finding(type, ConditionStatus.FALSE, reason, message);
    }

    static Finding unknown(String type, String reason, String message) {
        return new Finding(type, ConditionStatus.UNKNOWN, reason, message);
    }

    /** Whether the condition holds. */
    public boolean isTrue() {
        return status == ConditionStatus.TRUE;
    }
}
