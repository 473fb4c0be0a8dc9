package io.lvsoperator.agent.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An {@code eventfd} with which any thread ends another thread's {@link Poller#await}. */
public final class WakeUp extends Pollable {
    private final MemorySegment counter = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

    private WakeUp(int fd) {
        super(fd);
    }

    public static WakeUp open() throws NativeException {
        return new WakeUp(Libc.eventfd(CSockets.EFD_CLOEXEC | CSockets.EFD_NONBLOCK));
    }

    /** Makes this ready until {@link #clear}; from any thread, any number of times. */
    public synchronized void signal() throws NativeException {
        counter.set(ValueLayout.JAVA_LONG, 0, 1);
        Libc.write(fd(), counter);
    }

    /** Takes all signals so far. */
    public synchronized void clear() throws NativeException {
        try {
            Libc.read(fd(), counter);
        } catch (NativeException e) {
            if (!e.is(Errno.EAGAIN)) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return "wake-up";
    }
}
