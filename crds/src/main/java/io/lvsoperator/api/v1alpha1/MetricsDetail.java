package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far the metrics of a service go into detail. */
public enum MetricsDetail {
    @JsonProperty("None")
    NONE,
    @JsonProperty("Service")
    SERVICE,
    @JsonProperty("RealServer")
    REAL_SERVER
}
