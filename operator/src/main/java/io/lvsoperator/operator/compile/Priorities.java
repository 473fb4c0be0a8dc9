package io.lvsoperator.operator.compile;

/**
 * VRRP priorities from the top: since the skew time (RFC 9568, section 6.1) is part of every take-over, the preferred
 * director has 254, the first backup 253, and the others are spread evenly below, the last one at 1.
 */
final class Priorities {
    private static final int PREFERRED = 254;
    private static final int FIRST_BACKUP = 253;

    private Priorities() {}

    /** Priority of the director at a place, 0 being the preferred one. */
    static int of(int place, int directors) {
        if (place == 0) {
            return PREFERRED;
        }
        if (place == 1) {
            return FIRST_BACKUP;
        }
        int others = directors - 2;
        int step = (place - 1) * (FIRST_BACKUP - 1) / others;
        return FIRST_BACKUP - Math.max(1, step);
    }
}
