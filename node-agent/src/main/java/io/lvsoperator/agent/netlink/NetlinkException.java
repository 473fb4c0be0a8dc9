package io.lvsoperator.agent.netlink;

import java.io.IOException;

/** A netlink operation that did not succeed; the subclass says what is known about the kernel's state afterwards. */
public abstract sealed class NetlinkException extends IOException
        permits RefusedException,
                DumpInterruptedException,
                MalformedMessageException,
                NoAnswerException,
                UnknownFamilyException {
    private static final long serialVersionUID = 1L;

    NetlinkException(String message) {
        super(message);
    }
}
