package io.lvsoperator.e2e.lab;

import java.time.Duration;
import java.util.List;

/** Packets that go over an interface, as they are captured. */
public final class Capture implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Background tcpdump;

    Capture(Background tcpdump) {
        this.tcpdump = tcpdump;
    }

    /** One line for each packet so far, beginning with its time in seconds since 1970. */
    public List<String> packets() {
        return tcpdump.out().lines().filter(line -> !line.isBlank()).toList();
    }

    @Override
    public void close() {
        tcpdump.stop(GRACE);
    }
}
