package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.heartbeat.HeartbeatSocket;
import io.lvsoperator.agent.heartbeat.HeartbeatSockets;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The UDP port of a host in memory. */
final class FakeUdp implements HeartbeatSockets {
    private final BiConsumer<IpAddress, byte[]> network;
    private final List<byte[]> waiting = new ArrayList<>();
    private boolean open;

    /**
     * A closed one.
     *
     * @param network takes what is sent, and to whom
     */
    FakeUdp(BiConsumer<IpAddress, byte[]> network) {
        this.network = network;
    }

    /** A datagram has come. */
    void arrive(byte[] datagram) {
        if (open) {
            waiting.add(datagram);
        }
    }

    @Override
    public HeartbeatSocket open(IpAddress own, int port) {
        open = true;
        return new HeartbeatSocket() {
            @Override
            public void send(byte[] datagram, IpAddress to) {
                network.accept(to, datagram);
            }

            @Override
            public List<byte[]> receive(int limit) {
                List<byte[]> taken = List.copyOf(waiting.subList(0, Math.min(limit, waiting.size())));
                waiting.subList(0, taken.size()).clear();
                return taken;
            }

            @Override
            public void close() {
                open = false;
                waiting.clear();
            }
        };
    }
}
