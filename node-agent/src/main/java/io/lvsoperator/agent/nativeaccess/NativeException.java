package io.lvsoperator.agent.nativeaccess;

import java.io.IOException;

/** A call into the C library that failed. */
public final class NativeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    public NativeException(String call, int errno) {
        super(call + " failed: " + Errno.nameOf(errno));
        this.call = call;
        this.errno = errno;
    }

    /** The C function and what it was asked, for example {@code setsockopt(IP_ADD_MEMBERSHIP)}. */
    public String call() {
        return call;
    }

    /** The value of {@code errno} after the call. */
    public int errno() {
        return errno;
    }

    public boolean is(Errno error) {
        return errno == error.number();
    }
}
