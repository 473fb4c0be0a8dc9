package io.lvsoperator.api.v1alpha1;

/** How a director hands a packet to a real server: by address translation, or as it is in a new frame (direct routing). */
public enum ForwardingMethod {
    NAT,
    DR
}
