package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.NativeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Datagrams to and from the kernel. */
interface Transport {
    /** Opens a fresh one. */
    @FunctionalInterface
    interface Factory {
        Transport open() throws NativeException;
    }

    /** What the kernel calls this end. */
    int portId();

    void send(ByteBuffer datagram) throws NativeException;

    /**
     * Waits for the next datagram of the kernel.
     *
     * @return its bytes from 0 to the limit, a view that is valid until the next call; empty when none came within {@code limit}
     */
    Optional<ByteBuffer> receive(Duration limit) throws NativeException;

    void close();
}
