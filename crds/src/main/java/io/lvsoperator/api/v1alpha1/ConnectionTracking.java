package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What conntrack does with packets. */
public enum ConnectionTracking {
    /** Passes them over. */
    @JsonProperty("Untracked")
    UNTRACKED,
    /** Looks at them, where anything on the node uses it. */
    @JsonProperty("Tracked")
    TRACKED
}
