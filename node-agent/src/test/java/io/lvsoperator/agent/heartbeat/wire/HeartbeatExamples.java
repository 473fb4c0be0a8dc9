package io.lvsoperator.agent.heartbeat.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.Arrays;
import java.util.List;

/** Heartbeats for tests. */
public final class HeartbeatExamples {
    public static final byte[] KEY = key(1);
    public static final byte[] OTHER_KEY = key(2);

    /** Of d2 for d1, in its session 2, naming datagram 5 of d1's session 1. */
    public static final Heartbeat OF_D2 = new Heartbeat(
            "edge",
            "d2",
            "d1",
            new Mark(2, 9),
            new Mark(1, 5),
            Mark.NONE,
            false,
            List.of(
                    new Heartbeat.Router(AddressFamily.IPV4, 51, VirtualRouterState.BACKUP, 253),
                    new Heartbeat.Router(AddressFamily.IPV6, 51, VirtualRouterState.ACTIVE, 253)),
            "0123456789abcdef",
            "4711");

    private HeartbeatExamples() {}

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }
}
