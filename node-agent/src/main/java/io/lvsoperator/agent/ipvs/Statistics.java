package io.lvsoperator.agent.ipvs;

/** What the kernel counted for a virtual server or destination: totals since it was added, and rates per second. */
public record Statistics(
        long connections,
        long inPackets,
        long outPackets,
        long inBytes,
        long outBytes,
        long connectionRate,
        long inPacketRate,
        long outPacketRate,
        long inByteRate,
        long outByteRate) {
    public static final Statistics ZERO = new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
