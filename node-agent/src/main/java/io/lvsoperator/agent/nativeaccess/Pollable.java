package io.lvsoperator.agent.nativeaccess;

/** Something that a {@link Poller} can wait for. */
public abstract sealed class Pollable implements AutoCloseable permits NativeSocket, WakeUp {
    private final int fd;
    private boolean closed;

    Pollable(int fd) {
        this.fd = fd;
    }

    /** The number; never after {@link #close}, when it may belong to another file. */
    final synchronized int fd() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        return fd;
    }

    /**
     * Gives the descriptor back. Closing twice does nothing.
     *
     * <p>A thread that waits for this in a {@link Poller} must have been woken and be done with it: the kernel hands the number
     * out again at once.
     */
    @Override
    public synchronized void close() throws NativeException {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }
}
