package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.link.AddressFlag;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Interfaces in memory: {@code lo} with index 1, and those that a test adds; all settings begin with 0. */
public final class FakeLinks implements Links {
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();

    public FakeLinks() {
        put(new Link(
                1,
                "lo",
                LinkFlag.IFF_UP.number() | LinkFlag.IFF_LOOPBACK.number(),
                65536,
                Optional.empty(),
                Optional.empty(),
                zeros()));
    }

    private static Map<DeviceSetting, Integer> zeros() {
        Map<DeviceSetting, Integer> settings = new EnumMap<>(DeviceSetting.class);
        for (DeviceSetting setting : DeviceSetting.values()) {
            settings.put(setting, 0);
        }
        return settings;
    }

    private void put(Link link) {
        links.put(link.index(), link);
    }

    /** An interface that is up and holds these addresses. */
    public FakeLinks with(int index, String name, String... prefixes) {
        int up = LinkFlag.IFF_UP.number() | LinkFlag.IFF_RUNNING.number() | LinkFlag.IFF_LOWER_UP.number();
        put(new Link(index, name, up, 1500, Optional.empty(), Optional.empty(), zeros()));
        for (String prefix : prefixes) {
            String[] parts = prefix.split("/", 2);
            addresses.add(address(index, IpAddress.parse(parts[0]), Integer.parseInt(parts[1]), 0));
        }
        return this;
    }

    private static InterfaceAddress address(int index, IpAddress address, int prefixLength, int protocol) {
        return new InterfaceAddress(
                index,
                address,
                prefixLength,
                AddressFlag.IFA_F_PERMANENT.number(),
                Optional.empty(),
                protocol,
                InterfaceAddress.FOREVER,
                InterfaceAddress.FOREVER);
    }

    /** An interface goes away. */
    public void remove(int index) {
        links.remove(index);
        addresses.removeIf(address -> address.interfaceIndex() == index);
    }

    /** A stranger adds an address. */
    public void addForeign(int index, IpAddress address) {
        addresses.add(address(index, address, address.family().addressBits(), 0));
    }

    /** The value of a setting now. */
    public int setting(int index, DeviceSetting setting) {
        return Optional.ofNullable(links.get(index)).orElseThrow().settings().getOrDefault(setting, 0);
    }

    /** What was changed since the last call of this, in words. */
    public List<String> takeChanges() {
        List<String> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    @Override
    public NetworkState state() {
        return new NetworkState(List.copyOf(links.values()), addresses);
    }

    @Override
    public void set(int interfaceIndex, Map<DeviceSetting, Integer> settings) throws NetlinkException {
        Link link = links.get(interfaceIndex);
        if (link == null) {
            throw refused("set " + interfaceIndex, Errno.ENODEV);
        }
        Map<DeviceSetting, Integer> merged = new EnumMap<>(link.settings());
        merged.putAll(settings);
        put(new Link(link.index(), link.name(), link.flags(), link.mtu(), link.hardware(), link.kind(), merged));
        new EnumMap<>(settings).forEach((setting, value) -> changes.add(link.name() + " " + setting + "=" + value));
    }

    @Override
    public void add(HostAddress added) throws NetlinkException {
        boolean held = addresses.stream()
                .anyMatch(a -> a.interfaceIndex() == added.interfaceIndex()
                        && a.address().equals(added.address()));
        if (held) {
            throw refused("add " + added.address(), Errno.EEXIST);
        }
        addresses.add(address(
                added.interfaceIndex(),
                added.address(),
                added.address().family().addressBits(),
                InterfaceAddress.OUR_PROTOCOL));
        changes.add("add " + added.address());
    }

    @Override
    public void replace(HostAddress address) throws NetlinkException {
        addresses.removeIf(a ->
                a.interfaceIndex() == address.interfaceIndex() && a.address().equals(address.address()));
        add(address);
    }

    @Override
    public List<Optional<NetlinkError>> replaceAll(List<HostAddress> replaced) throws NetlinkException {
        for (HostAddress address : replaced) {
            replace(address);
        }
        return Collections.nCopies(replaced.size(), Optional.empty());
    }

    @Override
    public void delete(int interfaceIndex, IpAddress address, int prefixLength) throws NetlinkException {
        if (!addresses.removeIf(
                a -> a.interfaceIndex() == interfaceIndex && a.address().equals(address))) {
            throw refused("delete " + address, Errno.EADDRNOTAVAIL);
        }
        changes.add("delete " + address);
    }

    private static RefusedException refused(String operation, Errno errno) {
        return new RefusedException(new NetlinkError(operation, errno.number(), ""));
    }
}
