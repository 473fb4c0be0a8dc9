package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NativeException;
import java.io.IOException;

/** Tells a send that will succeed in a moment from one that failed. */
final class SendQueue {

    private SendQueue() {}

    static boolean isFull(IOException failure) {
        return failure instanceof NativeException e && (e.is(Errno.EAGAIN) || e.is(Errno.ENOBUFS));
    }
}
