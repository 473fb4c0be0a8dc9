package io.lvsoperator.e2e.demo;

import io.lvsoperator.e2e.lab.Traffic;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells a person what happens. */
final class Narrator {
    private static final int BAR = 40;
    private final PrintStream out;
    private final long started = System.nanoTime();
    private int step;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void step(String title) {
        step++;
        out.printf("%n%d. %s%n", step, title);
        out.flush();
    }

    void say(String text) {
        out.printf("   [%5.1f s] %s%n", (System.nanoTime() - started) / 1e9, text);
        out.flush();
    }

    void block(String text) {
        text.lines().forEach(line -> out.println("       " + line));
        out.flush();
    }

    void spread(Traffic.Spread spread) {
        int most = spread.answers().values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
        new TreeMap<>(spread.answers())
                .forEach((server, count) -> out.printf(
                        "       %-4s %-" + BAR + "s %d%n", server, "#".repeat(Math.max(1, count * BAR / most)), count));
        out.printf(
                "       %d of %d answered, failures: %s%n",
                spread.answered(), spread.requests(), spread.failures().isEmpty() ? "none" : words(spread.failures()));
        out.flush();
    }

    static String words(Map<String, Integer> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }

    /** Median and worst of some times in milliseconds. */
    static String medianAndWorst(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return "median %d ms, worst %d ms of %d"
                .formatted(sorted.get(sorted.size() / 2), sorted.getLast(), sorted.size());
    }
}
