package io.lvsoperator.agent.netlink;

/** No complete answer came, by time-out, overrun or a failing socket: whether the kernel acted is unknown. */
public final class NoAnswerException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    public NoAnswerException(String operation, String cause) {
        super(operation + ": no answer from the kernel: " + cause);
    }

    public NoAnswerException(String operation, Throwable cause) {
        this(operation, String.valueOf(cause.getMessage()));
        initCause(cause);
    }
}
