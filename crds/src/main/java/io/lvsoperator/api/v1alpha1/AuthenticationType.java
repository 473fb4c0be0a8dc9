package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Authentication of the adverts of version 2 (RFC 2338 section 5.3.6; RFC 3768 has the first only, and peers still ask for the other). */
public enum AuthenticationType {
    @JsonProperty("None")
    NONE,
    @JsonProperty("Password")
    PASSWORD
}
