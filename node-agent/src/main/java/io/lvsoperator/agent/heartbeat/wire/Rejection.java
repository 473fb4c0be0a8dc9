package io.lvsoperator.agent.heartbeat.wire;

/** Why a datagram changes nothing: the closed list of the metric's label. */
public enum Rejection {
    /** Too short, too long, or not a heartbeat at all. */
    MALFORMED("malformed"),
    /** Of a later version of this protocol. */
    UNKNOWN_VERSION("unknown-version"),
    /** Of a fleet that this node does not direct, or whose key it does not have. */
    UNKNOWN_FLEET("unknown-fleet"),
    /** Not made with the fleet's key. */
    FORGED("forged"),
    /** Of a node that is no other director of the fleet, or for another node. */
    UNKNOWN_NODE("unknown-node"),
    /** Not newer than what was heard in its session before. */
    REPLAYED("replayed"),
    /** Of a session that has not proved yet to be there now: the first one or two of each run of an agent, or an old one replayed. */
    UNPROVED("unproved");

    private final String label;

    Rejection(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
