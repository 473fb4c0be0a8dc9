package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** The requests of rtnetlink. */
final class RtnetlinkRequests {
    private RtnetlinkRequests() {}

    static NetlinkRequest links() {
        return new NetlinkRequest(
                "list the interfaces", Rtnetlink.RTM_GETLINK, 0, linkHeader(0).finish());
    }

    /** Of every family: the kernel falls back to that anyway for a family it does not have. */
    static NetlinkRequest addresses() {
        return new NetlinkRequest(
                "list the addresses",
                Rtnetlink.RTM_GETADDR,
                0,
                addressHeader(Rtnetlink.AF_UNSPEC, 0, 0).finish());
    }

    static NetlinkRequest set(int interfaceIndex, Map<DeviceSetting, Integer> settings) {
        var message = linkHeader(interfaceIndex)
                .nested(
                        Rtnetlink.IFLA_AF_SPEC,
                        families -> families.nested(
                                Rtnetlink.AF_INET,
                                ipv4 -> ipv4.nested(
                                        Rtnetlink.IFLA_INET_CONF,
                                        values -> settings.forEach(
                                                (setting, value) -> values.u32(setting.number(), value)))));
        var operation = "set " + settings + " on interface " + interfaceIndex;
        return new NetlinkRequest(operation, Rtnetlink.RTM_SETLINK, 0, message.finish());
    }

    static NetlinkRequest add(HostAddress address) {
        return newAddress("add", address, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL);
    }

    static NetlinkRequest replace(HostAddress address) {
        return newAddress("replace", address, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_REPLACE);
    }

    private static NetlinkRequest newAddress(String verb, HostAddress host, int flags) {
        var address = host.address();
        var message = addressHeader(address.family().number(), address.family().addressBits(), host.interfaceIndex())
                .address(Rtnetlink.IFA_LOCAL, address)
                .address(Rtnetlink.IFA_ADDRESS, address);
        host.label().ifPresent(label -> message.string(Rtnetlink.IFA_LABEL, label));
        if (address.family() == AddressFamily.IPV6) {
            message.u32(
                    Rtnetlink.IFA_FLAGS, AddressFlag.IFA_F_NODAD.number() | AddressFlag.IFA_F_NOPREFIXROUTE.number());
        }
        if (host.validSeconds() != InterfaceAddress.FOREVER) {
            message.bytes(Rtnetlink.IFA_CACHEINFO, lifetime(host.validSeconds()));
        }
        // in each renewal again: without them the kernel clears the mark of an IPv6 address, and its flags
        message.u8(Rtnetlink.IFA_PROTO, InterfaceAddress.OUR_PROTOCOL);
        var operation = verb + " address " + address + " on interface " + host.interfaceIndex();
        return new NetlinkRequest(operation, Rtnetlink.RTM_NEWADDR, flags, message.finish());
    }

    private static byte[] lifetime(long seconds) {
        return ByteBuffer.allocate(Rtnetlink.CACHEINFO_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(Rtnetlink.CACHEINFO_PREFERRED, (int) seconds)
                .putInt(Rtnetlink.CACHEINFO_VALID, (int) seconds)
                .array();
    }

    static NetlinkRequest delete(int interfaceIndex, IpAddress address, int prefixLength) {
        var message = addressHeader(address.family().number(), prefixLength, interfaceIndex)
                .address(Rtnetlink.IFA_LOCAL, address)
                .address(Rtnetlink.IFA_ADDRESS, address);
        var operation = "delete address " + address + "/" + prefixLength + " on interface " + interfaceIndex;
        return new NetlinkRequest(operation, Rtnetlink.RTM_DELADDR, 0, message.finish());
    }

    private static MessageWriter linkHeader(int interfaceIndex) {
        return new MessageWriter()
                .header(
                        Rtnetlink.IFINFOMSG_SIZE,
                        header -> header.put(Rtnetlink.IFI_FAMILY, (byte) Rtnetlink.AF_UNSPEC)
                                .putInt(Rtnetlink.IFI_INDEX, interfaceIndex));
    }

    private static MessageWriter addressHeader(int family, int prefixLength, int interfaceIndex) {
        return new MessageWriter()
                .header(
                        Rtnetlink.IFADDRMSG_SIZE,
                        header -> header.put(Rtnetlink.IFA_FAMILY, (byte) family)
                                .put(Rtnetlink.IFA_PREFIXLEN, (byte) prefixLength)
                                .putInt(Rtnetlink.IFA_INDEX, interfaceIndex));
    }
}
