package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** From which namespaces a fleet takes virtual services. */
public enum NamespacesFrom {
    @JsonProperty("All")
    ALL,
    @JsonProperty("Selector")
    SELECTOR
}
