package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Assignment;
import java.util.Optional;

/** Where edits come from while everything is looked at, which may take long, and who hears of them. */
public interface Edits {
    /** There are none. */
    Edits NONE = new Edits() {
        @Override
        public Optional<Assignment> next() {
            return Optional.empty();
        }

        @Override
        public void done(Report report) {}
    };

    /** The assignment as it is now, if it was edited and the look can wait. Asked thousands of times a look. */
    Optional<Assignment> next();

    /** The edit that {@link #next} gave was carried out, or is left to the pass that the look belongs to when nobody calls this. */
    void done(Report report);
}
