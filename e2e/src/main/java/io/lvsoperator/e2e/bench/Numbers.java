package io.lvsoperator.e2e.bench;

import java.util.List;

/** Figures out of many. */
final class Numbers {
    private Numbers() {}

    static double median(List<Double> figures) {
        return percentile(figures, 50);
    }

    /** The smallest figure that {@code percent} of all do not exceed. */
    static double percentile(List<Double> figures, int percent) {
        List<Double> sorted = figures.stream().sorted().toList();
        int index = (int) Math.ceil(sorted.size() * percent / 100.0) - 1;
        return sorted.get(Math.max(0, index));
    }

    /** Without the first ones, in which the JVM still compiles. */
    static <T> List<T> warm(List<T> figures) {
        return figures.subList(figures.size() / 2, figures.size());
    }
}
