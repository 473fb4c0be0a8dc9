package io.lvsoperator.operator.status;

/** Types of conditions on fleets and services; docs/concepts/operator.md says what each means. */
public final class ConditionTypes {
    public static final String ACCEPTED = "Accepted";
    public static final String RESOLVED_REFS = "ResolvedRefs";
    public static final String PROGRAMMED = "Programmed";
    public static final String READY = "Ready";
    public static final String DEGRADED = "Degraded";
    /** On an LvsNode. */
    public static final String KERNEL_SETTINGS = "KernelSettings";
    /** On an LvsNode. */
    public static final String FIREWALL = "Firewall";
    /** On an LvsNode. */
    public static final String CONNECTION_SYNC = "ConnectionSync";
    /** On an LvsNode. */
    public static final String UNDISTURBED = "Undisturbed";
    /** On an LvsNode. */
    public static final String PEERS = "Peers";

    public static final String RECONCILING = "Reconciling";
    public static final String STALLED = "Stalled";

    private ConditionTypes() {}
}
