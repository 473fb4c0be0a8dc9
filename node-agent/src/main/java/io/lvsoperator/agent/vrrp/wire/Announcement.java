package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import java.nio.ByteBuffer;

/** The whole Ethernet frames that tell neighbours and switches where a virtual address lives now. */
public final class Announcement {

    private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");

    private static final short ETH_P_ARP = 0x0806;
    private static final short ETH_P_IPV6 = (short) 0x86dd;
    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int IPV6_HEADER_BYTES = 40;

    private static final short ARPHRD_ETHER = 1;
    private static final short ETH_P_IP = 0x0800;
    private static final short ARPOP_REQUEST = 1;
    private static final int ARP_BYTES = 28;

    private static final int IPV6_VERSION = 6 << 28;
    private static final byte NEIGHBOUR_ADVERTISEMENT = (byte) 136;
    /** R=1, S=0, O=1 (RFC 9568 section 6.4.2). */
    private static final int ROUTER_AND_OVERRIDE = 0xa000_0000;

    private static final byte TARGET_LINK_LAYER_ADDRESS = 2;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final int ICMP_CHECKSUM_OFFSET = ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES + 2;

    private Announcement() {}

    /** A gratuitous ARP for an IPv4 address, an unsolicited Neighbor Advertisement for an IPv6 one. */
    public static byte[] frame(MacAddress mac, IpAddress vip) {
        return switch (vip.family()) {
            case IPV4 -> gratuitousArp(mac, vip);
            case IPV6 -> unsolicitedNeighbourAdvertisement(mac, vip);
        };
    }

    /** ARP request form, sender and target both the VIP (RFC 9568 section 6.4.2 with erratum 7949). */
    private static byte[] gratuitousArp(MacAddress mac, IpAddress vip) {
        return ByteBuffer.allocate(ETHERNET_HEADER_BYTES + ARP_BYTES)
                .put(MacAddress.BROADCAST.toBytes())
                .put(mac.toBytes())
                .putShort(ETH_P_ARP)
                .putShort(ARPHRD_ETHER)
                .putShort(ETH_P_IP)
                .put((byte) MacAddress.LENGTH)
                .put((byte) AddressFamily.IPV4.addressLength())
                .putShort(ARPOP_REQUEST)
                .put(mac.toBytes())
                .put(vip.toBytes())
                .put(mac.toBytes())
                .put(vip.toBytes())
                .array();
    }

    /** From the VIP to all nodes (RFC 4861 section 4.4, flags of RFC 9568 section 6.4.2). */
    private static byte[] unsolicitedNeighbourAdvertisement(MacAddress mac, IpAddress vip) {
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES + ADVERTISEMENT_BYTES)
                .put(ALL_NODES_MAC.toBytes())
                .put(mac.toBytes())
                .putShort(ETH_P_IPV6)
                .putInt(IPV6_VERSION)
                .putShort((short) ADVERTISEMENT_BYTES)
                .put((byte) Checksum.IPPROTO_ICMPV6)
                .put((byte) AdvertisementCodec.HOP_LIMIT)
                .put(vip.toBytes())
                .put(ALL_NODES.toBytes())
                .put(NEIGHBOUR_ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(ROUTER_AND_OVERRIDE)
                .put(vip.toBytes())
                .put(TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1)
                .put(mac.toBytes());
        ByteBuffer message = frame.duplicate().position(ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES);
        ByteBuffer pseudoHeader =
                Checksum.ipv6PseudoHeader(vip, ALL_NODES, ADVERTISEMENT_BYTES, Checksum.IPPROTO_ICMPV6);
        message.limit(frame.capacity());
        frame.putShort(ICMP_CHECKSUM_OFFSET, (short) Checksum.of(pseudoHeader, message));
        return frame.array();
    }
}
