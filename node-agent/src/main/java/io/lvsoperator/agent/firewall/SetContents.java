package io.lvsoperator.agent.firewall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is in a set or a verdict map.
 *
 * @param intervals whether elements are the ends of intervals
 */
public record SetContents(boolean intervals, List<SetElement> elements) {
    public SetContents {
        elements = List.copyOf(elements);
    }

    /** Hexadecimal digits of its keys; 0 where it has none. */
    public int digits() {
        return elements.stream()
                .filter(element -> !element.catchall())
                .mapToInt(element -> element.key().length())
                .max()
                .orElse(0);
    }

    /** The element for a key. */
    public Optional<SetElement> find(String key) {
        var found = intervals
                ? within(key)
                : elements.stream()
                        .filter(element -> !element.catchall() && element.key().equals(key))
                        .findFirst();
        return found.or(() -> elements.stream().filter(SetElement::catchall).findFirst());
    }

    /** The last element up to the key decides: it begins an interval, or ends one. */
    private Optional<SetElement> within(String key) {
        var sorted = new ArrayList<>(elements);
        sorted.removeIf(SetElement::catchall);
        // Of two at the same place, one interval ends where the next begins.
        sorted.sort(Comparator.comparing(SetElement::key).thenComparing(element -> !element.end()));
        return sorted.reversed().stream()
                .filter(element -> element.key().compareTo(key) <= 0)
                .findFirst()
                .filter(element -> !element.end());
    }
}
