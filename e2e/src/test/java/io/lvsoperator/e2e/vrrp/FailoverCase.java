package io.lvsoperator.e2e.vrrp;

import java.time.Duration;

/**
 * What happens to the Active of each pair.
 *
 * @param intervalMillis between two adverts
 * @param vips number of VIPs of the virtual router
 */
record FailoverCase(Fault fault, int intervalMillis, int vips) {

    /** Faults of the Active. */
    enum Fault {
        CABLE("cable pulled"),
        SIGKILL("SIGKILL"),
        STOP("planned stop");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** Of its own, as a keepalived that was killed leaves the file of its process there. */
    String directory() {
        return "%s-%d-%d".formatted(fault, intervalMillis, vips);
    }

    /** From the fault until everything that follows from it has happened: the down interval, a lease, announcements. */
    Duration observed() {
        return Duration.ofMillis(3L * intervalMillis + 3_000);
    }
}
