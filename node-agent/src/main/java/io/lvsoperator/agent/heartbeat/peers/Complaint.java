package io.lvsoperator.agent.heartbeat.peers;

/**
 * Something that is wrong between this director and another of its fleet.
 *
 * @param peer the other node
 * @param message names both, and the way out
 */
public record Complaint(Kind kind, String peer, String message) {
    /** What is wrong: reasons of the condition Peers, the worst first. */
    public enum Kind {
        SEVERAL_ACTIVE("SeveralActiveDirectors", 3),
        ADVERTS_NOT_HEARD("AdvertsNotHeard", 3),
        TABLES_DIFFER("HashTablesDiffer", 5),
        HEARTBEAT_NOT_SENT("HeartbeatNotSent", 5),
        PEER_DEAF("HeartbeatNotAnswered", 10),
        PEER_SILENT("HeartbeatNotHeard", 10);

        private final String reason;
        private final int seconds;

        Kind(String reason, int seconds) {
            this.reason = reason;
            this.seconds = seconds;
        }

        /** One word for conditions and metrics. */
        public String reason() {
            return reason;
        }

        /** How long it has to last before it is told: a take-over passes through some of them. */
        int seconds() {
            return seconds;
        }
    }
}
