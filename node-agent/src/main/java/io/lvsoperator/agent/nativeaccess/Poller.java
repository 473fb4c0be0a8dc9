package io.lvsoperator.agent.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;

/**
 * Waits until one of several sockets has something to read; {@code ppoll(2)}, so to the nanosecond.
 *
 * <p>For one thread. The sources stay open and in the caller's hands.
 */
public final class Poller {
    private final List<Pollable> sources;
    private final MemorySegment descriptors;
    private final MemorySegment timeout = Arena.ofAuto().allocate(CSockets.TIMESPEC_SIZE, Long.BYTES);

    public Poller(List<? extends Pollable> sources) {
        this.sources = List.copyOf(sources);
        this.descriptors = Arena.ofAuto().allocate(CSockets.POLLFD_SIZE * this.sources.size(), Long.BYTES);
    }

    public Poller(Pollable... sources) {
        this(List.of(sources));
    }

    /**
     * Returns as soon as a source is ready, at the latest after {@code limit}, which may be zero.
     *
     * @return the sources that are ready, in the order given to the constructor; empty when the time is up. A source with a
     *     pending error counts as ready: reading it tells the error.
     */
    public List<Pollable> await(Duration limit) throws NativeException {
        var deadline = System.nanoTime() + Math.max(0, limit.toNanos());
        while (true) {
            prepare(Math.max(0, deadline - System.nanoTime()));
            try {
                return Libc.ppoll(descriptors, sources.size(), timeout) == 0 ? List.of() : ready();
            } catch (NativeException e) {
                if (!e.is(Errno.EINTR)) {
                    throw e;
                }
            }
        }
    }

    private void prepare(long nanos) {
        for (var i = 0; i < sources.size(); i++) {
            var start = i * CSockets.POLLFD_SIZE;
            descriptors.set(
                    ValueLayout.JAVA_INT,
                    start + CSockets.POLLFD_FD,
                    sources.get(i).fd());
            descriptors.set(ValueLayout.JAVA_SHORT, start + CSockets.POLLFD_EVENTS, (short) CSockets.POLLIN);
            descriptors.set(ValueLayout.JAVA_SHORT, start + CSockets.POLLFD_REVENTS, (short) 0);
        }
        var second = Duration.ofSeconds(1).toNanos();
        timeout.set(ValueLayout.JAVA_LONG, CSockets.TIMESPEC_SEC, nanos / second);
        timeout.set(ValueLayout.JAVA_LONG, CSockets.TIMESPEC_NSEC, nanos % second);
    }

    private List<Pollable> ready() {
        return sources.stream()
                .filter(source -> revents(sources.indexOf(source)) != 0)
                .toList();
    }

    private short revents(int index) {
        return descriptors.get(ValueLayout.JAVA_SHORT, index * CSockets.POLLFD_SIZE + CSockets.POLLFD_REVENTS);
    }
}
