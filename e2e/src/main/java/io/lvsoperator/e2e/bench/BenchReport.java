package io.lvsoperator.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code docs/benchmarks.md}, but for the notes. */
record BenchReport(List<Bench.Row> rows, String commit) {
    private static final double FILL_GOAL = 1.3;
    private static final double NOTHING_GOAL = 1.5;

    /** The anchor's CPU time is known of {@code floor.c} only. */
    private record Line(String what, Sample ours, String anchor, Sample theirs, Optional<Double> goal) {
        double ratio() {
            return ours.elapsed() / theirs.elapsed();
        }
    }

    String markdown() {
        StringBuilder text = new StringBuilder("""
            # Benchmarks

            Made by `make bench` of commit %s: everything in one run in the emulated guest, where code is about 15 times slower than on the
            machine itself, so that only the ratios mean something.
            `floor.c` (e2e/bench) sends the same netlink messages and does nothing with the answers, which it reads with the agent's buffer
            size; its fill and dump are medians of 5.
            "Cold" is the first time in a new process, "warm" the median of the second half of the rounds of the same process; both run
            with the agent's own JVM options (C1, serial collector, 128 MB heap). A fill reads an empty table, plans and executes. A look reads
            the table. "Nothing to do" is a whole pass of the agent's reconciler. An edit is one weight from the agent's assignment to the
            kernel, of 200; an edit during a look comes at any moment of the first half of one, of 20. "Own + kernel" is the CPU time of the
            process, all of its threads, in it and in the kernel.

            ## The goals, at 10,000 x 4

            """.formatted(commit));
        goals(text);
        text.append("""

            ## All sizes

            | Services x real servers | What | Ours | own + kernel | Anchor | Anchor's | own + kernel | Ours / anchor |
            |---:|---|---:|---:|---|---:|---:|---:|
            """);
        for (Bench.Row row : rows) {
            lines(row)
                    .forEach(line -> text.append("| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    size(row),
                                    line.what(),
                                    millis(line.ours().elapsed()),
                                    cpu(line.ours()),
                                    line.anchor(),
                                    millis(line.theirs().elapsed()),
                                    cpu(line.theirs()),
                                    ratio(line.ratio()))));
        }
        growth(text);
        return text.toString();
    }

    private void goals(StringBuilder text) {
        text.append("| What | Goal | Here |\n|---|---|---|\n");
        for (Bench.Row row : rows) {
            if (row.table().services() == 10_000) {
                for (Line line : lines(row)) {
                    line.goal()
                            .ifPresent(goal -> text.append("| %s | at most %s x %s | %s x: %s |\n"
                                    .formatted(
                                            line.what(),
                                            goal,
                                            line.anchor(),
                                            ratio(line.ratio()),
                                            line.ratio() <= goal ? "met" : "missed")));
                }
                EngineBench.Figures ours = row.engine();
                text.append(
                        "| one weight | one kernel operation (checked), p99 below 20 ms on a machine | p99 %s, during a look %s, in the guest: see the notes |\n"
                                .formatted(
                                        millis(Numbers.percentile(Numbers.warm(ours.edits()), 99)),
                                        millis(Numbers.percentile(ours.editsDuringLooks(), 99))));
                text.append(
                        "| memory of the agent | RSS at most 192 MB | %d MB of the engine's process: see the notes |\n"
                                .formatted(ours.rssKilobytes() / 1024));
            }
        }
    }

    /** What one service, or one real server, adds. */
    private void growth(StringBuilder text) {
        text.append("""

            ## How cost grows

            | Services x real servers | Fill, by entry | floor.c | Nothing to do, by entry | floor.c | Edit p50 | Edit p99 | During a look p50 | p99 | RSS of the engine's process |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        for (Bench.Row row : rows) {
            int entries = row.table().services() * (1 + row.table().realServers());
            EngineBench.Figures ours = row.engine();
            text.append("| %s | %s | %s | %s | %s | %s | %s | %s | %s | %d MB |\n"
                    .formatted(
                            size(row),
                            micros(warm(ours.fills()).elapsed() / entries),
                            micros(row.others().floorFill().elapsed() / entries),
                            micros(warm(ours.passes()).elapsed() / entries),
                            micros(row.others().floorDump().elapsed() / entries),
                            millis(Numbers.median(Numbers.warm(ours.edits()))),
                            millis(Numbers.percentile(Numbers.warm(ours.edits()), 99)),
                            millis(Numbers.median(ours.editsDuringLooks())),
                            millis(Numbers.percentile(ours.editsDuringLooks(), 99)),
                            ours.rssKilobytes() / 1024));
        }
    }

    private static List<Line> lines(Bench.Row row) {
        EngineBench.Figures ours = row.engine();
        Bench.Others theirs = row.others();
        Sample fill = warm(ours.fills());
        Sample firstFill = ours.fills().getFirst();
        Sample pass = warm(ours.passes());
        Sample edit = clocked(Numbers.median(Numbers.warm(ours.edits())));
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("fill, warm", fill, "floor.c", theirs.floorFill(), Optional.of(FILL_GOAL)));
        lines.add(new Line("fill, cold", firstFill, "floor.c", theirs.floorFill(), Optional.of(FILL_GOAL)));
        lines.add(line("fill, cold", firstFill, "`ipvsadm -R`", theirs.ipvsadmRestore()));
        lines.add(line("fill, cold", firstFill, "keepalived, start", theirs.keepalivedLoad()));
        lines.add(new Line("look, warm", warm(ours.looks()), "floor.c, dump", theirs.floorDump(), Optional.empty()));
        lines.add(
                new Line("nothing to do, warm", pass, "floor.c, dump", theirs.floorDump(), Optional.of(NOTHING_GOAL)));
        lines.add(new Line(
                "nothing to do, cold",
                ours.passes().getFirst(),
                "floor.c, dump",
                theirs.floorDump(),
                Optional.empty()));
        lines.add(line("nothing to do, warm", pass, "`ipvsadm -Sn`", theirs.ipvsadmSave()));
        lines.add(line("one weight, warm", edit, "floor.c, one request", theirs.floorSet()));
        lines.add(line("one weight, warm", edit, "keepalived, reload", theirs.keepalivedReload()));
        return lines;
    }

    private static Line line(String what, Sample ours, String anchor, double theirs) {
        return new Line(what, ours, anchor, clocked(theirs), Optional.empty());
    }

    private static Sample clocked(double elapsed) {
        return new Sample(elapsed, 0, 0);
    }

    private static Sample warm(List<Sample> samples) {
        return Sample.median(Numbers.warm(samples));
    }

    private static String size(Bench.Row row) {
        return String.format(
                Locale.ROOT, "%,d x %,d", row.table().services(), row.table().realServers());
    }

    /** Nothing where it was not measured. */
    private static String cpu(Sample sample) {
        return sample.own() + sample.kernel() == 0
                ? ""
                : String.format(Locale.ROOT, "%.0f + %.0f", sample.own(), sample.kernel());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    private static String micros(double millis) {
        return String.format(Locale.ROOT, "%.0f µs", millis * 1000);
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 0.1 ? "%.4f" : "%.2f", ratio);
    }
}
