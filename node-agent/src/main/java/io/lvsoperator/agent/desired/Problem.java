package io.lvsoperator.agent.desired;

/** Something that a person has to know of, because it keeps a part of the desired state from being there, or from working. */
public record Problem(Reason reason, String message) {

    /** The closed list of reasons, as they appear in conditions, events and metrics. */
    public enum Reason {
        ADDRESS_CONFLICT("AddressConflict"),
        CONNECTION_SYNC_CONFLICT("ConnectionSyncConflict"),
        CONNECTION_SYNC_FAILED("ConnectionSyncFailed"),
        CONNECTION_SYNC_FOREIGN("ConnectionSyncForeign"),
        FIREWALL_DROPS_INVALID("FirewallDropsInvalid"),
        FIREWALL_NOT_APPLIED("FirewallNotApplied"),
        FORWARDING_OFF("ForwardingOff"),
        INTERFACE_NOT_FOUND("InterfaceNotFound"),
        IPVS_NOT_AVAILABLE("IpvsNotAvailable"),
        KERNEL_REFUSED("KernelRefused"),
        KERNEL_SETTING_NOT_APPLIED("KernelSettingNotApplied"),
        KERNEL_UNKNOWN("KernelStateUnknown"),
        KUBE_PROXY_IN_IPVS_MODE("KubeProxyInIpvsMode"),
        NO_PERMISSION("NoPermission"),
        SCHEDULER_NOT_AVAILABLE("SchedulerNotAvailable"),
        STATE_NOT_SAVED("StateNotSaved"),
        SURROUNDINGS_UNKNOWN("SurroundingsUnknown"),
        VIRTUAL_ROUTER_FAILED("VirtualRouterFailed");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** The CamelCase word. */
        public String word() {
            return word;
        }
    }
}
