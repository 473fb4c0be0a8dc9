package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Flags of the schedulers sh and mh, in the spelling of ipvsadm. */
public enum SchedulerFlag {
    @JsonProperty("sh-fallback")
    SH_FALLBACK,
    @JsonProperty("sh-port")
    SH_PORT,
    @JsonProperty("mh-fallback")
    MH_FALLBACK,
    @JsonProperty("mh-port")
    MH_PORT
}
