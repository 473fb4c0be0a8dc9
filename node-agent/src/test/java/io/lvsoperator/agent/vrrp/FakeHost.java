package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.link.InterfaceAddress;
import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.link.LinkFlag;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.vrrp.wire.AdvertisementCodec;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A host with {@code lo}, {@code eth0} and, on demand, {@code eth1}, as far as VRRP sees it: in memory, failing on demand. */
final class FakeHost implements Links, VrrpSockets {

    static final int LO = 1;
    static final int ETH0 = 2;
    static final int ETH1 = 4;
    static final int ETHERNET_MTU = 1500;

    private static final int UP = LinkFlag.IFF_UP.number() | LinkFlag.IFF_LOWER_UP.number();
    private static final int PERMANENT = 0x80;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Map<String, InterfaceAddress> addresses = new LinkedHashMap<>();
    private final Map<String, Long> deadlines = new LinkedHashMap<>();
    private LongSupplier nanoTime = () -> 0;
    private final List<FakeSocket> open = new ArrayList<>();
    private final List<byte[]> frames = new ArrayList<>();
    private final List<IpAddress> deleted = new ArrayList<>();
    private BiConsumer<FakeHost, ReceivedMessage> segment = (sender, message) -> {};
    private boolean second;
    private boolean present = true;
    private boolean carrier = true;
    private int index = ETH0;
    private int mtu = ETHERNET_MTU;
    private int framesThatFit = Integer.MAX_VALUE;
    private int framesInQueue;
    private boolean marking = true;
    private int opened;
    private @Nullable Errno stateFailure;
    private @Nullable Errno addFailure;
    private @Nullable Errno openFailure;
    private @Nullable Errno sendFailure;
    private @Nullable Errno receiveFailure;

    static FakeHost at(String... ownAddresses) {
        FakeHost host = new FakeHost();
        for (String address : ownAddresses) {
            host.hold(ETH0, address, address.contains(":") ? 64 : 24, 0, 0);
        }
        return host;
    }

    // ---- what a test does to it

    /** Lets addresses with an end vanish by this clock. */
    void runBy(LongSupplier clock) {
        nanoTime = clock;
    }

    void connect(BiConsumer<FakeHost, ReceivedMessage> other) {
        segment = other;
    }

    void hold(int interfaceIndex, String address, int prefixLength, int flags, int protocol) {
        IpAddress held = IpAddress.parse(address);
        addresses.put(
                key(interfaceIndex, held),
                new InterfaceAddress(
                        interfaceIndex,
                        held,
                        prefixLength,
                        PERMANENT | flags,
                        Optional.empty(),
                        protocol,
                        InterfaceAddress.FOREVER,
                        InterfaceAddress.FOREVER));
    }

    /** Gives it {@code eth1} with this address. */
    void addEth1(String ownAddress) {
        second = true;
        hold(ETH1, ownAddress, 24, 0, 0);
    }

    /** As an agent that was here before left it. */
    void holdOurs(int interfaceIndex, String vip) {
        hold(interfaceIndex, vip, IpAddress.parse(vip).family().addressBits(), 0, InterfaceAddress.OUR_PROTOCOL);
    }

    /** As an agent that was here before left it, with so long to go. */
    void holdOursFor(int interfaceIndex, String vip, int seconds) {
        holdOurs(interfaceIndex, vip);
        String key = key(interfaceIndex, IpAddress.parse(vip));
        deadlines.put(key, nanoTime.getAsLong() + seconds * NANOS_PER_SECOND);
    }

    void release(int interfaceIndex, String address) {
        forget(key(interfaceIndex, IpAddress.parse(address)));
    }

    void setCarrier(boolean on) {
        carrier = on;
    }

    /** Takes eth0 away, or puts another one of that name in its place. */
    void setPresent(boolean there) {
        if (there && !present) {
            index++;
        }
        present = there;
    }

    void setMtu(int bytes) {
        mtu = bytes;
    }

    /** So many frames fit into the queue until {@link #drainQueue}. */
    void limitQueue(int frameLimit) {
        framesThatFit = frameLimit;
    }

    void drainQueue() {
        framesInQueue = 0;
    }

    /** A kernel before 5.18 keeps no mark. */
    void keepNoMarks() {
        marking = false;
    }

    void failState(@Nullable Errno errno) {
        stateFailure = errno;
    }

    void failAdd(@Nullable Errno errno) {
        addFailure = errno;
    }

    void failOpen(@Nullable Errno errno) {
        openFailure = errno;
    }

    void failSend(@Nullable Errno errno) {
        sendFailure = errno;
    }

    void failReceive(@Nullable Errno errno) {
        receiveFailure = errno;
    }

    /** A message arrives at all sockets of its family. */
    void arrive(ReceivedMessage message) {
        if (carrier) {
            open.stream()
                    .filter(socket -> socket.source.family() == message.source().family())
                    .filter(socket -> socket.hears(message.destination()))
                    .forEach(socket -> socket.waiting.add(message));
        }
    }

    /** A message arrives at the sockets of one interface. */
    void arriveAt(int interfaceIndex, ReceivedMessage message) {
        open.stream()
                .filter(socket -> socket.interfaceIndex == interfaceIndex)
                .forEach(socket -> socket.waiting.add(message));
    }

    /** As when the process that has them is killed. */
    void closeSockets() {
        open.clear();
    }

    // ---- what a test asks of it

    boolean holds(int interfaceIndex, String address) {
        expire();
        return addresses.containsKey(key(interfaceIndex, IpAddress.parse(address)));
    }

    boolean holds(String address) {
        return holds(index, address);
    }

    /** How many seconds an address has left, as the kernel tells; {@link InterfaceAddress#FOREVER} without end. */
    long secondsLeft(String address) {
        expire();
        return left(key(index, IpAddress.parse(address)));
    }

    private long left(String key) {
        @Nullable Long deadline = deadlines.get(key);
        return deadline == null
                ? InterfaceAddress.FOREVER
                : Math.ceilDiv(deadline - nanoTime.getAsLong(), NANOS_PER_SECOND);
    }

    private void expire() {
        List.copyOf(deadlines.keySet()).stream()
                .filter(key -> Objects.requireNonNull(deadlines.get(key)) - nanoTime.getAsLong() <= 0)
                .forEach(this::forget);
    }

    private @Nullable InterfaceAddress forget(String key) {
        deadlines.remove(key);
        return addresses.remove(key);
    }

    List<IpAddress> held() {
        expire();
        return addresses.values().stream().map(InterfaceAddress::address).toList();
    }

    /** All that was taken away through netlink, whether it came back or not. */
    List<IpAddress> deleted() {
        return deleted;
    }

    List<byte[]> frames() {
        return frames;
    }

    List<FakeSocket> openSockets() {
        return open;
    }

    int opened() {
        return opened;
    }

    int index() {
        return index;
    }

    // ---- Links

    @Override
    public NetworkState state() throws NetlinkException {
        refuseIf(stateFailure, "list addresses");
        List<Link> links = new ArrayList<>();
        links.add(new Link(
                LO, "lo", UP | LinkFlag.IFF_LOOPBACK.number(), 65536, Optional.empty(), Optional.empty(), Map.of()));
        if (present) {
            links.add(new Link(
                    index,
                    "eth0",
                    carrier ? UP | LinkFlag.IFF_RUNNING.number() : LinkFlag.IFF_UP.number(),
                    mtu,
                    Optional.of(mac()),
                    Optional.empty(),
                    Map.of()));
        }
        if (second) {
            links.add(new Link(
                    ETH1,
                    "eth1",
                    UP | LinkFlag.IFF_RUNNING.number(),
                    mtu,
                    Optional.of(mac()),
                    Optional.empty(),
                    Map.of()));
        }
        expire();
        List<InterfaceAddress> held = new ArrayList<>();
        addresses.forEach((key, address) -> held.add(new InterfaceAddress(
                address.interfaceIndex(),
                address.address(),
                address.prefixLength(),
                address.flags(),
                address.label(),
                address.protocol(),
                left(key),
                left(key))));
        return new NetworkState(links, held);
    }

    MacAddress mac() {
        return new MacAddress(0x0200_0000_0000L + index);
    }

    @Override
    public void set(int interfaceIndex, Map<DeviceSetting, Integer> settings) {
        throw new UnsupportedOperationException("VRRP changes no settings");
    }

    @Override
    public void add(HostAddress address) throws NetlinkException {
        refuseIf(addFailure, "add " + address.address());
        expire();
        String key = key(address.interfaceIndex(), address.address());
        refuseIf(addresses.containsKey(key) ? Errno.EEXIST : null, "add " + address.address());
        addresses.put(
                key,
                new InterfaceAddress(
                        address.interfaceIndex(),
                        address.address(),
                        address.address().family().addressBits(),
                        PERMANENT,
                        address.label(),
                        marking ? InterfaceAddress.OUR_PROTOCOL : 0,
                        InterfaceAddress.FOREVER,
                        InterfaceAddress.FOREVER));
        end(key, address);
    }

    private void end(String key, HostAddress address) {
        if (address.validSeconds() == InterfaceAddress.FOREVER) {
            deadlines.remove(key);
        } else {
            deadlines.put(key, nanoTime.getAsLong() + address.validSeconds() * NANOS_PER_SECOND);
        }
    }

    @Override
    public void replace(HostAddress address) {
        throw new UnsupportedOperationException("VRRP never takes over an address of others");
    }

    @Override
    public List<Optional<NetlinkError>> replaceAll(List<HostAddress> replaced) {
        for (HostAddress address : replaced) {
            String key = key(address.interfaceIndex(), address.address());
            InterfaceAddress held = Objects.requireNonNull(addresses.get(key), () -> key + " is not there");
            if (held.protocol() != InterfaceAddress.OUR_PROTOCOL && marking) {
                throw new IllegalStateException(key + " is somebody else's");
            }
            end(key, address);
        }
        return Collections.nCopies(replaced.size(), Optional.empty());
    }

    @Override
    public void delete(int interfaceIndex, IpAddress address, int prefixLength) throws NetlinkException {
        deleted.add(address);
        refuseIf(forget(key(interfaceIndex, address)) == null ? Errno.EADDRNOTAVAIL : null, "delete " + address);
    }

    private static void refuseIf(@Nullable Errno errno, String operation) throws RefusedException {
        if (errno != null) {
            throw new RefusedException(new NetlinkError(operation, errno.number(), ""));
        }
    }

    private static String key(int interfaceIndex, IpAddress address) {
        return interfaceIndex + " " + address;
    }

    // ---- VrrpSockets

    @Override
    public AdvertisementSocket open(int interfaceIndex, IpAddress source, boolean group) throws IOException {
        failIf(openFailure, "socket");
        opened++;
        FakeSocket socket = new FakeSocket(interfaceIndex, source, group);
        open.add(socket);
        return socket;
    }

    @Override
    public void sendFrame(int interfaceIndex, byte[] frame) throws IOException {
        failIf(framesInQueue >= framesThatFit ? Errno.ENOBUFS : null, "sendto");
        framesInQueue++;
        frames.add(frame);
    }

    private static void failIf(@Nullable Errno errno, String call) throws NativeException {
        if (errno != null) {
            throw new NativeException(call, errno.number());
        }
    }

    /** Keeps what is sent and gives what has arrived. */
    final class FakeSocket implements AdvertisementSocket {

        private final int interfaceIndex;
        private final IpAddress source;
        private final boolean group;
        private final List<byte[]> sent = new ArrayList<>();
        private final List<IpAddress> destinations = new ArrayList<>();
        private final List<ReceivedMessage> waiting = new ArrayList<>();

        FakeSocket(int interfaceIndex, IpAddress source, boolean group) {
            this.interfaceIndex = interfaceIndex;
            this.source = source;
            this.group = group;
        }

        IpAddress source() {
            return source;
        }

        List<byte[]> sent() {
            return sent;
        }

        /** Where each of them went to. */
        List<IpAddress> destinations() {
            return destinations;
        }

        boolean hears(IpAddress destination) {
            return group || !destination.isMulticast();
        }

        @Override
        public void send(byte[] message, IpAddress destination) throws IOException {
            failIf(sendFailure, "sendto");
            sent.add(message);
            destinations.add(destination);
            if (carrier) {
                segment.accept(
                        FakeHost.this, new ReceivedMessage(source, destination, AdvertisementCodec.HOP_LIMIT, message));
            }
        }

        @Override
        public List<ReceivedMessage> receive(int limit) throws IOException {
            failIf(receiveFailure, "recvmsg");
            List<ReceivedMessage> taken = List.copyOf(waiting.subList(0, Math.min(limit, waiting.size())));
            waiting.subList(0, taken.size()).clear();
            return taken;
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }
}
