package io.lvsoperator.agent.firewall;

import java.util.List;

/**
 * What is in a set or a verdict map.
 *
 * @param intervals whether elements are the ends of intervals
 */
public record SetContents(boolean intervals, List<SetElement> elements) {
    public SetContents {
        elements = List.copyOf(elements);
    }

    /** To find elements by; made anew at each call. */
    public SetIndex index() {
        return new SetIndex(this);
    }
}
