package io.lvsoperator.api.v1alpha1;

/** Names that belong to the API group as a whole: labels, finalizers, field managers. */
public final class Api {
    public static final String GROUP = "lvs-operator.io";
    public static final String VERSION = "v1alpha1";

    /** Label of a node on which an agent runs; set and removed by the operator alone. Its value is empty. */
    public static final String AGENT_NODE_LABEL = GROUP + "/agent";

    /** Label of a {@link VirtualServerSlice}: the name of its fleet. */
    public static final String FLEET_LABEL = GROUP + "/fleet";

    /** Holds a VirtualService until no node answers for its addresses, and a DirectorFleet until its nodes are clean. */
    public static final String FINALIZER = GROUP + "/withdraw";

    public static final String OPERATOR_FIELD_MANAGER = "lvs-operator";
    public static final String AGENT_FIELD_MANAGER = "lvs-node-agent";

    /** Longest list of real servers in one slice. */
    public static final int MAX_REAL_SERVERS = 4096;

    /** Longest list of failed slices in the status of a node; the count beside it is exact. */
    public static final int MAX_FAILED_SLICES = 20;

    /** Longest list of real servers that do not answer in the status of a node; the count beside it is exact. */
    public static final int MAX_NOT_ANSWERING = 50;

    private Api() {}
}
