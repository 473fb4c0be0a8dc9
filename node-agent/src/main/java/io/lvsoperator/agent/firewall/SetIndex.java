package io.lvsoperator.agent.firewall;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds elements of a set or a verdict map: one of ten thousand elements is asked for by ten thousand services. */
public final class SetIndex {
    private final boolean intervals;
    private final Map<String, SetElement> exact = new HashMap<>();
    private final TreeMap<String, SetElement> ordered = new TreeMap<>();
    private final int digits;
    private final Optional<SetElement> catchall;

    SetIndex(SetContents contents) {
        intervals = contents.intervals();
        catchall = contents.elements().stream().filter(SetElement::catchall).findFirst();
        digits = contents.elements().stream()
                .filter(element -> !element.catchall())
                .mapToInt(element -> element.key().length())
                .max()
                .orElse(0);
        // Of two at the same place, one interval ends where the next begins: what begins counts.
        contents.elements().stream()
                .filter(element -> !element.catchall())
                .sorted(Comparator.comparing(SetElement::end))
                .forEach(element -> (intervals ? ordered : exact).putIfAbsent(element.key(), element));
    }

    /** Hexadecimal digits of its keys; 0 where it has none. */
    public int digits() {
        return digits;
    }

    /** The element for a key. */
    public Optional<SetElement> find(String key) {
        return (intervals ? within(key) : Optional.ofNullable(exact.get(key))).or(() -> catchall);
    }

    /** The last element up to the key decides: it begins an interval, or ends one. */
    private Optional<SetElement> within(String key) {
        Map.@Nullable Entry<String, SetElement> last = ordered.floorEntry(key);
        return Optional.ofNullable(last).map(Map.Entry::getValue).filter(element -> !element.end());
    }
}
