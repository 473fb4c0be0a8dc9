package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How adverts travel: to VRRP's group, as the RFCs want, or to each of the other directors. */
public enum Transport {
    @JsonProperty("Multicast")
    MULTICAST,
    @JsonProperty("Unicast")
    UNICAST
}
