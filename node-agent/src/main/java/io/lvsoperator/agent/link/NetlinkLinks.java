package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Links} by rtnetlink. */
public final class NetlinkLinks implements Links {
    private final Netlink netlink;

    /** Over a route netlink socket, which stays the caller's to close. */
    public NetlinkLinks(Netlink netlink) {
        this.netlink = netlink;
    }

    @Override
    public NetworkState state() throws NetlinkException {
        var links = netlink.dump(RtnetlinkRequests.links(), RtnetlinkReplies::link);
        var addresses = netlink.dump(RtnetlinkRequests.addresses(), RtnetlinkReplies::address);
        return new NetworkState(
                links.stream().flatMap(Optional::stream).toList(),
                addresses.stream().flatMap(Optional::stream).toList());
    }

    @Override
    public void set(int interfaceIndex, Map<DeviceSetting, Integer> settings) throws NetlinkException {
        netlink.execute(RtnetlinkRequests.set(interfaceIndex, settings));
    }

    @Override
    public void add(HostAddress address) throws NetlinkException {
        netlink.execute(RtnetlinkRequests.add(address));
    }

    @Override
    public void replace(HostAddress address) throws NetlinkException {
        netlink.execute(RtnetlinkRequests.replace(address));
    }

    @Override
    public List<Optional<NetlinkError>> replaceAll(List<HostAddress> addresses) throws NetlinkException {
        return netlink.executeAll(
                addresses.stream().map(RtnetlinkRequests::replace).toList());
    }

    @Override
    public void delete(int interfaceIndex, IpAddress address, int prefixLength) throws NetlinkException {
        netlink.execute(RtnetlinkRequests.delete(interfaceIndex, address, prefixLength));
    }
}
