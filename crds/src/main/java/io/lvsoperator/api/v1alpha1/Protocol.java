package io.lvsoperator.api.v1alpha1;

/** Transport protocol of a virtual service. */
public enum Protocol {
    TCP,
    UDP,
    SCTP
}
