package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many of the new connections to a real server are stuck. */
public enum StuckExtent {
    @JsonProperty("All")
    ALL,
    @JsonProperty("Some")
    SOME
}
