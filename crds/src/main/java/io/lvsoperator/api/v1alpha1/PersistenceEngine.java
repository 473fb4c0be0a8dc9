package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What persistence looks at beside the client's address. */
public enum PersistenceEngine {
    /** Nothing: the address alone. */
    @JsonProperty("none")
    NONE,
    /** The Call-ID of SIP over UDP (the kernel's module ip_vs_pe_sip). */
    @JsonProperty("sip")
    SIP
}
