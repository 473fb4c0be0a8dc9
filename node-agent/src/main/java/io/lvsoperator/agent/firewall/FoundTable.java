package io.lvsoperator.agent.firewall;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table as the kernel has it.
 *
 * @param ours whether it bears the agent's mark
 * @param elements keys, by set
 */
public record FoundTable(boolean ours, OwnTable.Shape shape, Map<String, Set<String>> elements) {
    /** As it is once it was made. */
    public static FoundTable of(OwnTable table) {
        var elements = new HashMap<String, Set<String>>();
        table.sets().forEach(set -> elements.put(set.name(), set.elements()));
        return new FoundTable(true, table.shape(), elements);
    }

    /**
     * Whether it is the agent's: it bears its mark, or is made like that table. A kernel before 5.10 keeps no marks.
     *
     * @param like whatever is in its sets
     */
    public boolean isOurs(OwnTable like) {
        return ours || hasShapeOf(like);
    }

    boolean hasShapeOf(OwnTable table) {
        return shape.equals(table.shape());
    }

    /** How many of a table's elements it has; none where its rules are others. */
    public int elementsOf(OwnTable table) {
        return hasShapeOf(table)
                ? table.sets().stream()
                        .mapToInt(set -> (int) set.elements().stream()
                                .filter(elements.getOrDefault(set.name(), Set.of())::contains)
                                .count())
                        .sum()
                : 0;
    }

    /** The same once these edits of elements were made. */
    public FoundTable after(List<TableEdit> edits) {
        var changed = new HashMap<>(elements);
        for (var edit : edits) {
            switch (edit) {
                case TableEdit.Add(var _, var set, var keys) ->
                    copy(changed, set).addAll(keys);
                case TableEdit.Delete(var _, var set, var keys) ->
                    copy(changed, set).removeAll(keys);
                case TableEdit.Make _, TableEdit.Remove _ ->
                    throw new IllegalArgumentException(edit + " changes more than elements");
            }
        }
        return new FoundTable(ours, shape, changed);
    }

    private static Set<String> copy(Map<String, Set<String>> elements, String set) {
        var copy = new HashSet<>(elements.getOrDefault(set, Set.of()));
        elements.put(set, copy);
        return copy;
    }
}
