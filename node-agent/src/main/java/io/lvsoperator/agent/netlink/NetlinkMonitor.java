package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.nativeaccess.Pollable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Listens to the notifications that a netlink family sends to groups. For one thread. */
public final class NetlinkMonitor implements AutoCloseable {
    @NotFromC("so that a flood of notifications does not keep its reader from everything else")
    private static final int DATAGRAMS_AT_ONCE = 64;

    private final SocketTransport transport;

    private NetlinkMonitor(SocketTransport transport) {
        this.transport = transport;
    }

    /** Hears everything that the kernel sends to these groups (RTNLGRP_LINK and the like) from now on. */
    public static NetlinkMonitor open(NetlinkProtocol protocol, List<Integer> groups) throws NoAnswerException {
        var operation = "listen to " + protocol;
        try {
            var transport = SocketTransport.open(protocol);
            try {
                for (var group : groups) {
                    transport.join(group);
                }
            } catch (NativeException e) {
                transport.close();
                throw e;
            }
            return new NetlinkMonitor(transport);
        } catch (NativeException e) {
            throw new NoAnswerException(operation, e);
        }
    }

    /** Ready when there is something to {@link #read}. */
    public Pollable source() {
        return transport.socket();
    }

    /**
     * Takes the notifications that wait, without waiting for any.
     *
     * @param decoder empty for a message that does not matter
     * @throws NoAnswerException when notifications were lost: list everything again. Later ones are heard as before
     * @throws MalformedMessageException for one that is no such message; the others of its datagram are lost with it
     */
    public <T> List<T> read(MessageDecoder<Optional<T>> decoder) throws NetlinkException {
        var values = new ArrayList<T>();
        try {
            for (var i = 0; i < DATAGRAMS_AT_ONCE; i++) {
                var datagram = transport.receive(Duration.ZERO);
                if (datagram.isEmpty()) {
                    break;
                }
                var messages = new MessageReader(datagram.get());
                while (messages.hasNext()) {
                    decoder.decode(messages.next()).ifPresent(values::add);
                }
            }
        } catch (NativeException e) {
            throw new NoAnswerException("read notifications", e);
        }
        return values;
    }

    @Override
    public void close() {
        transport.close();
    }
}
