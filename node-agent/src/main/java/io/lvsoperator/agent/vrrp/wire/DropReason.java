package io.lvsoperator.agent.vrrp.wire;

/** Why a received packet has no effect, in the order in which the checks are made. */
public enum DropReason {
    /** TTL or Hop Limit is not 255, or is not known: it may have crossed a router. */
    HOP_LIMIT,
    /** Fewer than the 8 bytes of the fixed part, or no whole IP header before it. */
    TOO_SHORT,
    /** Not VRRP version 3. */
    VERSION,
    /** Not an advertisement. */
    TYPE,
    /** It lists no address (erratum 8299). */
    NO_ADDRESSES,
    /** It ends before its last address. */
    INCOMPLETE,
    /** No accepted form of the checksum matches. */
    CHECKSUM,
    /** No virtual router of this id and family is configured on the interface that received it. */
    UNKNOWN_VIRTUAL_ROUTER,
    /** Max Advertise Interval is zero (erratum 8301). */
    ZERO_INTERVAL,
    /** The first IPv6 address is not link-local (erratum 8300). */
    FIRST_ADDRESS_NOT_LINK_LOCAL,
    /** It carries the very address that we send from: our own packet looped back, or a cloned host. */
    OWN_SOURCE
}
