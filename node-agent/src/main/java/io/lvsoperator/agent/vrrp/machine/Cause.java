package io.lvsoperator.agent.vrrp.machine;

/** Why a virtual router changed its state. */
public enum Cause {
    STARTED("it was started"),
    RESUMED("it was Active less than three intervals ago, as its leases tell"),
    LINK_UP("its interface can be used"),
    LINK_DOWN("its interface cannot be used"),
    VIPS_CONFIGURED("it has got virtual addresses"),
    NO_VIPS("it has no virtual address any more"),
    AGENT_STOPS("the agent stops"),
    WITHDRAWN("it was taken out of the configuration"),
    ACTIVE_SILENT("no Active was heard within the down interval"),
    ACTIVE_LEFT("the Active has left"),
    HIGHER_PRIORITY_HEARD("a router that wins the election was heard"),
    STALLED("this agent stood still for longer than the down interval");

    private final String text;

    Cause(String text) {
        this.text = text;
    }

    /** A clause for logs and status. */
    public String text() {
        return text;
    }
}
