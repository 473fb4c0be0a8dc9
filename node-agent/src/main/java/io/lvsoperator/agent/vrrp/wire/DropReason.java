package io.lvsoperator.agent.vrrp.wire;

/** Why a received packet has no effect, in the order in which the checks are made. */
public enum DropReason {
    /** TTL or Hop Limit is not 255, or is not known: it may have crossed a router. */
    HOP_LIMIT,
    /** Fewer than the 8 bytes of the fixed part, or no whole IP header before it. */
    TOO_SHORT,
    /** Not the version that the virtual router speaks, or none that is known for its family. */
    VERSION,
    /** Not an advertisement. */
    TYPE,
    /** It lists no address (erratum 8299). */
    NO_ADDRESSES,
    /** It ends before its last address, in version 2 before the end of its authentication data. */
    INCOMPLETE,
    /** No accepted form of the checksum matches. */
    CHECKSUM,
    /** No virtual router of this id and family is configured on the interface that received it. */
    UNKNOWN_VIRTUAL_ROUTER,
    /** Version 2: it is not authenticated as we are. */
    AUTHENTICATION,
    /** Version 2: another interval than ours (RFC 3768 section 7.1). */
    INTERVAL,
    /** Max Advertise Interval is zero (erratum 8301). */
    ZERO_INTERVAL,
    /** The first IPv6 address is not link-local (erratum 8300). */
    FIRST_ADDRESS_NOT_LINK_LOCAL,
    /** It carries the very address that we send from: our own packet looped back, or a cloned host. */
    OWN_SOURCE,
    /** By unicast: it comes from none of the peers, or was sent to the group. */
    UNKNOWN_PEER
}
