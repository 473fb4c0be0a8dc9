package io.lvsoperator.agent.apply;

/**
 * Whose turn it is in the reconcile loop: an edit's, or a look at everything's. Edits come first, as they are short, but a look that is
 * due waits for one edit at most: no stream of edits puts it off. Edits go in between the
 * requests of a look, too, as there are thousands of these. Pure but for its own state; times are of {@link System#nanoTime()}.
 */
final class Turns {
    /** What to do next. */
    enum Turn {
        EDIT,
        EVERYTHING,
        NOTHING
    }

    private final long interval;
    private boolean edited;
    private boolean disturbed = true;
    private boolean editWasLast;
    private long lookDue;
    private long lookRestsUntil;

    /**
     * A look at everything is due at once.
     *
     * @param interval nanoseconds from the end of one to the begin of the next
     */
    Turns(long interval) {
        this.interval = interval;
    }

    /** The assignment may be another one. */
    void edited() {
        edited = true;
    }

    /** The kernel may be another one. */
    void disturbed() {
        disturbed = true;
    }

    /** Nanoseconds until the next look is due; not positive when it is. */
    long untilLook(long now) {
        return disturbed ? 0 : lookDue - now;
    }

    /** Takes the next turn: what was asked for before counts as done by it, what is asked for from now on does not. */
    Turn next(long now) {
        boolean look = untilLook(now) <= 0;
        if (edited && !(look && editWasLast)) {
            edited = false;
            editWasLast = true;
            return Turn.EDIT;
        }
        editWasLast = false;
        if (!look) {
            return Turn.NOTHING;
        }
        edited = false;
        disturbed = false;
        return Turn.EVERYTHING;
    }

    /**
     * Whether it is an edit's turn between two requests of a look at everything that is under way; takes it, as {@link #next} does.
     * The look gets half of the time at least.
     */
    boolean interrupt(long now) {
        if (!edited || now - lookRestsUntil < 0) {
            return false;
        }
        edited = false;
        return true;
    }

    /** The edit has ended that interrupted a look. */
    void interrupted(long begun, long now) {
        lookRestsUntil = now + (now - begun);
    }

    /** A look at everything has ended. */
    void looked(long now) {
        lookRestsUntil = now;
        lookDue = now + interval;
    }
}
