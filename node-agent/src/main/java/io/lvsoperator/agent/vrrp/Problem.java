package io.lvsoperator.agent.vrrp;

/**
 * Something that keeps a virtual router from working as it should.
 *
 * @param message names the object and the way out
 */
public record Problem(Kind kind, String message) {

    /** What is wrong. */
    public enum Kind {
        INTERFACE_NOT_FOUND("InterfaceNotFound", true),
        INTERFACE_UNUSABLE("InterfaceUnusable", true),
        NO_SOURCE_ADDRESS("NoSourceAddress", true),
        SOCKET_FAILED("SocketFailed", true),
        NETWORK_UNKNOWN("NetworkUnknown", true),
        NO_VIPS("NoVirtualAddresses", true),
        ADDRESS_NOT_TOLD("SourceAddressNotTold", true),
        PASSWORD_UNKNOWN("PasswordUnknown", true),
        VIP_NOT_ADDED("VirtualAddressNotAdded", false),
        VIP_NOT_REMOVED("VirtualAddressNotRemoved", false),
        VIP_FOREIGN("VirtualAddressForeign", false),
        SENDING_FAILED("SendingFailed", false),
        PEER_ADDRESS_UNKNOWN("PeerAddressUnknown", false),
        VERSION_DIFFERS("PeerVersionDiffers", false),
        AUTHENTICATION_DIFFERS("PeerAuthenticationDiffers", false),
        CHECKSUM_DIFFERS("PeerChecksumDiffers", false),
        INTERVAL_DIFFERS("PeerIntervalDiffers", false),
        ADDRESSES_DIFFER("PeerAddressesDiffer", false);

        private final String reason;
        private final boolean blocking;

        Kind(String reason, boolean blocking) {
            this.reason = reason;
            this.blocking = blocking;
        }

        /** One word for conditions and metrics. */
        public String reason() {
            return reason;
        }

        /** Whether a router with this problem takes no part in the election. */
        public boolean isBlocking() {
            return blocking;
        }
    }
}
