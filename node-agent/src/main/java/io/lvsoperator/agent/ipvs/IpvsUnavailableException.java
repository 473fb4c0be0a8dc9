package io.lvsoperator.agent.ipvs;

/** This agent cannot reach IPVS at all, and why. */
public final class IpvsUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What a person has to do something about. */
    public enum Reason {
        NO_KERNEL_SUPPORT("this kernel has no IPVS: install the module ip_vs (it loads by itself) or build it in"),
        NO_PERMISSION("this process lacks CAP_NET_ADMIN in the initial user namespace, which IPVS asks for");

        private final String explanation;

        Reason(String explanation) {
            this.explanation = explanation;
        }
    }

    private final Reason reason;

    public IpvsUnavailableException(Reason reason, Throwable cause) {
        super(reason.explanation, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
