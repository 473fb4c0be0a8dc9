package io.lvsoperator.agent.netlink;

/** What was being listed changed each time while it was listed: its state is unknown, not empty. */
public final class DumpInterruptedException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    public DumpInterruptedException(String operation, int attempts) {
        super(operation + ": interrupted by changes in each of " + attempts + " attempts");
    }
}
