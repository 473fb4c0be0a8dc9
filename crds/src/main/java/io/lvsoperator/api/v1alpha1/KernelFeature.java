package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a director's kernel can do beyond the least that is asked of it. */
public enum KernelFeature {
    /** Notes who added an address (IFA_PROTO), kernel 5.18 and later. */
    @JsonProperty("AddressProtocol")
    ADDRESS_PROTOCOL,
    /** Tells another director of its connections. */
    @JsonProperty("ConnectionSync")
    CONNECTION_SYNC,
    /** Lets netfilter track the connections of IPVS. */
    @JsonProperty("ConnectionTracking")
    CONNECTION_TRACKING,
    /** Has nf_tables, which takes the agents' own rules. */
    @JsonProperty("PacketFilter")
    PACKET_FILTER
}
