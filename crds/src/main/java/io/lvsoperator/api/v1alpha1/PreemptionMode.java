package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a director of higher priority takes the VIPs from a living Active (RFC 9568, Preempt_Mode). */
public enum PreemptionMode {
    @JsonProperty("Preempt")
    PREEMPT,
    @JsonProperty("NoPreempt")
    NO_PREEMPT
}
