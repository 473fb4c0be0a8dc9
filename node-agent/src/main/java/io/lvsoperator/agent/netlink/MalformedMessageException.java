package io.lvsoperator.agent.netlink;

/** Bytes that are no message of the expected kind. */
public final class MalformedMessageException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
