package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.Errno;

/** The kernel answered a request with an error, and changed nothing. */
public final class RefusedException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    private final transient NetlinkError error;

    public RefusedException(NetlinkError error) {
        super(error.toString());
        this.error = error;
    }

    public NetlinkError error() {
        return error;
    }

    public boolean is(Errno errno) {
        return error.is(errno);
    }
}
