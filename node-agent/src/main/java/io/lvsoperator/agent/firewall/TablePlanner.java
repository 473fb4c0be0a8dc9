package io.lvsoperator.agent.firewall;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fewest edits that make a table of our own what it shall be. Pure. */
public final class TablePlanner {
    private TablePlanner() {}

    /**
     * Plans.
     *
     * @param wanted empty where there shall be none
     * @param found the table of that name, which must be ours
     */
    public static List<TableEdit> plan(String name, Optional<OwnTable> wanted, Optional<FoundTable> found) {
        if (wanted.isEmpty()) {
            return found.isEmpty() ? List.of() : List.of(new TableEdit.Remove(name));
        }
        var table = wanted.get();
        if (found.filter(there -> there.hasShapeOf(table)).isEmpty()) {
            return List.of(new TableEdit.Make(table, found.isPresent()));
        }
        var edits = new ArrayList<TableEdit>();
        for (var set : table.sets()) {
            var present = found.get().elements().getOrDefault(set.name(), Set.of());
            var surplus = without(present, set.elements());
            if (!surplus.isEmpty()) {
                edits.add(new TableEdit.Delete(name, set.name(), surplus));
            }
            var missing = without(set.elements(), present);
            if (!missing.isEmpty()) {
                edits.add(new TableEdit.Add(name, set.name(), missing));
            }
        }
        return edits;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var rest = new HashSet<String>();
        for (var key : all) {
            if (!some.contains(key)) {
                rest.add(key);
            }
        }
        return rest;
    }
}
