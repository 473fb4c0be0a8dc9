package io.lvsoperator.operator.compile;

/**
 * Why a service is not accepted.
 *
 * @param message what is wrong and the way out
 */
public record Refusal(Reason reason, String message) {

    /** What becomes of a service that was served before it was refused. */
    public enum Consequence {
        /** The order itself no longer holds: the addresses are withdrawn. */
        WITHDRAW,
        /** Only the change cannot be had: what was accepted before goes on being served. */
        KEEP
    }

    /** The closed list of reasons. */
    public enum Reason {
        FLEET_NOT_FOUND("FleetNotFound", Consequence.WITHDRAW),
        NAMESPACE_NOT_ALLOWED("NamespaceNotAllowed", Consequence.WITHDRAW),
        DIRECTOR_IS_REAL_SERVER("DirectorIsRealServer", Consequence.WITHDRAW),
        ADDRESS_CONFLICT("AddressConflict", Consequence.KEEP),
        TOO_MANY_REAL_SERVERS("TooManyRealServers", Consequence.KEEP),
        IPVS_NOT_AVAILABLE("IpvsNotAvailable", Consequence.KEEP),
        SCHEDULER_NOT_AVAILABLE("SchedulerNotAvailable", Consequence.KEEP),
        ADDRESS_FAMILY_NOT_AVAILABLE("AddressFamilyNotAvailable", Consequence.KEEP);

        private final String text;
        private final Consequence consequence;

        Reason(String text, Consequence consequence) {
            this.text = text;
            this.consequence = consequence;
        }

        /** The reason as it stands in a condition. */
        public String text() {
            return text;
        }

        /** What becomes of a service that is served already. */
        public Consequence consequence() {
            return consequence;
        }
    }
}
