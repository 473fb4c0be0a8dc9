package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The interfaces and addresses of this network namespace. */
public interface Links {
    /** All interfaces and addresses. Any exception means that they are unknown, never that there are none. */
    NetworkState state() throws NetlinkException;

    /**
     * Sets IPv4 settings of one interface; the ones not named stay.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException EPERM without CAP_NET_ADMIN, ENODEV without the interface
     */
    void set(int interfaceIndex, Map<DeviceSetting, Integer> settings) throws NetlinkException;

    /**
     * Adds an address that the interface must not hold yet, marked as ours.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException EEXIST when it is held with that prefix length, whoever added it;
     *     ENODEV without the interface
     */
    void add(HostAddress address) throws NetlinkException;

    /**
     * Adds an address, or brings one that is held to the same settings. An IPv4 address that another program added keeps its
     * mark: the kernel does not change it.
     */
    void replace(HostAddress address) throws NetlinkException;

    /**
     * As {@link #replace} for many at once. Only for addresses that a look has shown to be ours: it would turn one of somebody else's
     * into one with our end.
     *
     * @return why an address was refused, in the order of the addresses
     */
    List<Optional<NetlinkError>> replaceAll(List<HostAddress> addresses) throws NetlinkException;

    /**
     * Removes an address, whoever added it.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException EADDRNOTAVAIL when it is not held; ENODEV without the interface
     */
    void delete(int interfaceIndex, IpAddress address, int prefixLength) throws NetlinkException;
}
