package io.lvsoperator.agent.firewall;

/** A part of a rule, as far as the agent understands it. Values are the bytes of a register, in hexadecimal. */
public sealed interface Expression {
    /** What a rule can look at. */
    enum Field {
        /** {@code NF_CT_STATE_BIT} and its kin, 32 bits in host order. */
        CONNTRACK_STATE,
        /** NFPROTO_IPV4 or NFPROTO_IPV6, 8 bits. */
        FAMILY,
        /** Number of the transport protocol, 8 bits. */
        PROTOCOL,
        IPV4_DESTINATION,
        IPV6_DESTINATION,
        /** Of TCP, UDP and SCTP, 16 bits in network order. */
        DESTINATION_PORT,
        SOMETHING_ELSE
    }

    /** Puts a field into a register. */
    record Load(Field field, int register) implements Expression {}

    /** Leaves those bits of a register that are set in {@code mask}. */
    record Mask(int source, int destination, String mask) implements Expression {}

    /** Holds when the first bytes of the register are {@code value}, or are not. */
    record Compare(int register, boolean equal, String value) implements Expression {}

    /**
     * Holds when the set has the key that begins in the register, or has it not.
     *
     * @param verdict the set is a map, and what it has for the key is what the rule does
     */
    record Lookup(String set, int register, boolean inverted, boolean verdict) implements Expression {}

    /** Holds for packets in one of these conntrack states (iptables): bits as in {@link Field#CONNTRACK_STATE}. */
    record ConntrackState(int states) implements Expression {}

    /** Has no part in the decision: a counter, a comment, a log. */
    record Neutral() implements Expression {}

    /** Lets conntrack pass the packet over. */
    record NoTrack() implements Expression {}

    record Drop() implements Expression {}

    record Accept() implements Expression {}

    record Return() implements Expression {}

    /** Goes on in another chain of the table, and then behind this rule. */
    record Jump(String chain) implements Expression {}

    /** Goes on in another chain of the table, for good. */
    record Goto(String chain) implements Expression {}

    /** Something that may hold or not. */
    record Unknown(String name) implements Expression {}
}
