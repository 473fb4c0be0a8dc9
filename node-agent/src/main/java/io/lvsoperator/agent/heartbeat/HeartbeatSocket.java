package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.io.IOException;
import java.util.List;

/** Sends and receives heartbeats; never waits. */
public interface HeartbeatSocket extends AutoCloseable {
    void send(byte[] datagram, IpAddress to) throws IOException;

    /** What has arrived, at most {@code limit} datagrams. */
    List<byte[]> receive(int limit) throws IOException;

    @Override
    void close();
}
