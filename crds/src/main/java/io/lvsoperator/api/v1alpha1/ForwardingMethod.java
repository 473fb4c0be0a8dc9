package io.lvsoperator.api.v1alpha1;

/** How a director hands a packet to a real server: by address translation, or as it is in a new frame (direct routing). */
public enum ForwardingMethod {
    NAT,
    DR;

    /** Whether a real server must hold the VIP before a director may send to it. */
    public boolean needsVipOnRealServer() {
        return switch (this) {
            case NAT -> false;
            case DR -> true;
        };
    }
}
