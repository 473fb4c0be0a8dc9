package io.lvsoperator.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What something took, in milliseconds.
 *
 * @param elapsed by the clock
 * @param own of the CPU in the program, all of its threads
 * @param kernel of the CPU in the kernel
 */
record Sample(double elapsed, double own, double kernel) {
    /** {@code CLK_TCK} is 100 everywhere. */
    private static final double MILLIS_PER_TICK = 10;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    interface Work {
        void run() throws Exception;
    }

    /** In this process. */
    static Sample of(Work work) throws Exception {
        double[] before = cpu();
        long started = System.nanoTime();
        work.run();
        double elapsed = (System.nanoTime() - started) / 1e6;
        double[] after = cpu();
        return new Sample(elapsed, after[0] - before[0], after[1] - before[1]);
    }

    /** The three numbers that {@code floor} prints. */
    static Sample parse(String line) {
        String[] numbers = line.strip().split(" ", -1);
        return new Sample(
                Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }

    /** By the clock; the CPU's share is the mean, as it is counted in coarse ticks. */
    static Sample median(List<Sample> samples) {
        return new Sample(
                Numbers.median(samples.stream().map(Sample::elapsed).toList()),
                samples.stream().mapToDouble(Sample::own).average().orElseThrow(),
                samples.stream().mapToDouble(Sample::kernel).average().orElseThrow());
    }

    /** The fields behind the program's name, which is in brackets: proc(5). */
    private static double[] cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new double[] {
            Double.parseDouble(fields[UTIME]) * MILLIS_PER_TICK, Double.parseDouble(fields[STIME]) * MILLIS_PER_TICK
        };
    }
}
