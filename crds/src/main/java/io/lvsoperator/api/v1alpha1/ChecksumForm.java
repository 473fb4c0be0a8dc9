package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The checksum of VRRPv3 adverts over IPv4: without a pseudo-header as RFC 9568 has it, or with one as keepalived 2.2 insists on. */
public enum ChecksumForm {
    RFC9568,
    @JsonProperty("KeepalivedLegacy")
    KEEPALIVED_LEGACY
}
