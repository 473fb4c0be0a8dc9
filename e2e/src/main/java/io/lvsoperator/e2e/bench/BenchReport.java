package io.lvsoperator.e2e.bench;

import java.util.List;
import java.util.Locale;

/** {@code docs/benchmarks.md}. */
record BenchReport(List<Bench.Row> rows, String commit) {

    private record Line(String what, String anchor, double ours, double theirs) {}

    String markdown() {
        StringBuilder text = new StringBuilder("""
                # Benchmarks

                Made by `make bench` of commit %s: everything in one run in the emulated guest, where code is about 15 times slower than on the
                machine itself, so that only the ratios mean something.
                `floor.c` (e2e/bench) sends the same netlink messages and does nothing with the answers; its fill and dump are medians of 5.
                "Cold" is the first time in a new process, "warm" the median of the second half of the rounds of the same process; both run
                with the agent's own JVM options (C1, serial collector, 128 MB heap). A look reads the table, a pass that finds nothing to do
                is a look and the comparison with what is wanted, an edit is one weight from the agent's assignment to the kernel, of 200.

                """.formatted(commit));
        text.append(
                "| Services x real servers | What | Ours | Anchor | Anchor's | Ours / anchor |\n|---:|---|---:|---|---:|---:|\n");
        for (Bench.Row row : rows) {
            lines(row)
                    .forEach(line -> text.append("| %s | %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    size(row),
                                    line.what(),
                                    millis(line.ours()),
                                    line.anchor(),
                                    millis(line.theirs()),
                                    ratio(line.ours() / line.theirs()))));
        }
        text.append("\n| Services x real servers | RSS of the engine's process | Edit p99 |\n|---:|---:|---:|\n");
        for (Bench.Row row : rows) {
            text.append("| %s | %d MB | %s |\n"
                    .formatted(
                            size(row),
                            row.engine().rssKilobytes() / 1024,
                            millis(Numbers.percentile(row.engine().edits(), 99))));
        }
        return text.toString();
    }

    private static List<Line> lines(Bench.Row row) {
        EngineBench.Figures ours = row.engine();
        Bench.Others theirs = row.others();
        double fill = Numbers.median(Numbers.warm(ours.fills()));
        double pass = Numbers.median(Numbers.warm(ours.passes()));
        double look = Numbers.median(Numbers.warm(ours.looks()));
        double edit = Numbers.median(Numbers.warm(ours.edits()));
        return List.of(
                new Line("fill, warm", "floor.c", fill, theirs.floorFill()),
                new Line("fill, cold", "floor.c", ours.fills().getFirst(), theirs.floorFill()),
                new Line("fill, cold", "`ipvsadm -R`", ours.fills().getFirst(), theirs.ipvsadmRestore()),
                new Line("fill, cold", "keepalived, start", ours.fills().getFirst(), theirs.keepalivedLoad()),
                new Line("look, warm", "floor.c, dump", look, theirs.floorDump()),
                new Line("nothing to do, warm", "floor.c, dump", pass, theirs.floorDump()),
                new Line("nothing to do, cold", "floor.c, dump", ours.passes().getFirst(), theirs.floorDump()),
                new Line("nothing to do, warm", "`ipvsadm -Sn`", pass, theirs.ipvsadmSave()),
                new Line("one weight, warm", "floor.c, one request", edit, theirs.floorSet()),
                new Line("one weight, warm", "keepalived, reload", edit, theirs.keepalivedReload()));
    }

    private static String size(Bench.Row row) {
        return String.format(
                Locale.ROOT, "%,d x %,d", row.table().services(), row.table().realServers());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 0.1 ? "%.4f" : "%.2f", ratio);
    }
}
