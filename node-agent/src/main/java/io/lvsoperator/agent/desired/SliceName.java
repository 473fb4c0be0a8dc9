package io.lvsoperator.agent.desired;

import java.util.Comparator;
import java.util.Objects;

/** Names a slice in the cluster; orders by namespace, then name. */
public record SliceName(String namespace, String name) implements Comparable<SliceName> {
    private static final Comparator<SliceName> ORDER =
            Comparator.comparing(SliceName::namespace).thenComparing(SliceName::name);

    public SliceName {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }

    @Override
    public int compareTo(SliceName other) {
        return ORDER.compare(this, other);
    }

    /** {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
