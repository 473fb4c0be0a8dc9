package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an address or real server stands on its way into or out of service: real servers hold it first and let go of it last, directors use it only while Serving. */
public enum Phase {
    @JsonProperty("Entering")
    ENTERING,
    @JsonProperty("Serving")
    SERVING,
    @JsonProperty("Leaving")
    LEAVING
}
