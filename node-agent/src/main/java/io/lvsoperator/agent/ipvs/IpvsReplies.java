package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** The answers of the IPVS family. */
final class IpvsReplies {
    private static final ByteBuffer NO_ADDRESS = ByteBuffer.allocate(0);

    private IpvsReplies() {}

    static IpvsInfo info(NetlinkMessage message) throws MalformedMessageException {
        var version = 0L;
        var connectionTableSize = 0L;
        var attributes = GenericFamily.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpvsGenl.IPVS_INFO_ATTR_VERSION -> version = attributes.u32();
                case IpvsGenl.IPVS_INFO_ATTR_CONN_TAB_SIZE -> connectionTableSize = attributes.u32();
                default -> {}
            }
        }
        var text = (version >>> (2 * Byte.SIZE) & IpvsGenl.VERSION_PART)
                + "." + (version >>> Byte.SIZE & IpvsGenl.VERSION_PART)
                + "." + (version & IpvsGenl.VERSION_PART);
        return new IpvsInfo(text, connectionTableSize);
    }

    static IpvsTimeouts timeouts(NetlinkMessage message) throws MalformedMessageException {
        var tcp = 0;
        var tcpFin = 0;
        var udp = 0;
        var attributes = GenericFamily.attributes(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = attributes.s32();
                case IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = attributes.s32();
                case IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = attributes.s32();
                default -> {}
            }
        }
        return new IpvsTimeouts(tcp, tcpFin, udp);
    }

    /** A service without its destinations, which come in a dump of their own. */
    static ObservedServer server(NetlinkMessage message) throws MalformedMessageException {
        var fields = new ServerFields();
        var attributes = nested(message, IpvsGenl.IPVS_CMD_ATTR_SERVICE);
        while (attributes.next()) {
            fields.take(attributes);
        }
        return fields.finish();
    }

    /** A destination; one that does not name its family, as before kernel 3.18, has its service's. */
    static ObservedDestination destination(NetlinkMessage message, AddressFamily serviceFamily)
            throws MalformedMessageException {
        var fields = new DestinationFields(serviceFamily);
        var attributes = nested(message, IpvsGenl.IPVS_CMD_ATTR_DEST);
        while (attributes.next()) {
            fields.take(attributes);
        }
        return fields.finish();
    }

    /** A daemon. */
    static SyncDaemon daemon(NetlinkMessage message) throws MalformedMessageException {
        var state = 0L;
        var interfaceName = "";
        var syncId = 0;
        var group = SyncDaemon.group(AddressFamily.IPV4);
        var attributes = nested(message, IpvsGenl.IPVS_CMD_ATTR_DAEMON);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpvsGenl.IPVS_DAEMON_ATTR_STATE -> state = attributes.u32();
                case IpvsGenl.IPVS_DAEMON_ATTR_MCAST_IFN -> interfaceName = attributes.string();
                case IpvsGenl.IPVS_DAEMON_ATTR_SYNC_ID -> syncId = attributes.s32();
                case IpvsGenl.IPVS_DAEMON_ATTR_MCAST_GROUP -> group = attributes.address(AddressFamily.IPV4);
                case IpvsGenl.IPVS_DAEMON_ATTR_MCAST_GROUP6 -> group = attributes.address(AddressFamily.IPV6);
                default -> {}
            }
        }
        var role = SyncRole.of(state);
        if (role.isEmpty()) {
            throw new MalformedMessageException("a connection sync daemon in state " + state);
        }
        return new SyncDaemon(role.get(), interfaceName, syncId, group);
    }

    private static AttributeReader nested(NetlinkMessage message, int type) throws MalformedMessageException {
        var attributes = GenericFamily.attributes(message);
        while (attributes.next()) {
            if (attributes.type() == type) {
                return attributes.nested();
            }
        }
        throw new MalformedMessageException("an IPVS message without attribute " + type);
    }

    private static final class ServerFields {
        private int family;
        private int protocol;
        private ByteBuffer address = NO_ADDRESS;
        private int port;
        private int mark;
        private String scheduler = "";
        private ServiceFlags flags = ServiceFlags.NONE;
        private long timeout;
        private ByteBuffer netmask = NO_ADDRESS;
        private Optional<String> engine = Optional.empty();
        private Statistics statistics = Statistics.ZERO;

        void take(AttributeReader attribute) throws MalformedMessageException {
            switch (attribute.type()) {
                case IpvsGenl.IPVS_SVC_ATTR_AF -> family = attribute.u16();
                case IpvsGenl.IPVS_SVC_ATTR_PROTOCOL -> protocol = attribute.u16();
                case IpvsGenl.IPVS_SVC_ATTR_ADDR -> address = attribute.struct(IpvsGenl.ADDRESS_SIZE);
                case IpvsGenl.IPVS_SVC_ATTR_PORT -> port = attribute.be16();
                case IpvsGenl.IPVS_SVC_ATTR_FWMARK -> mark = attribute.s32();
                case IpvsGenl.IPVS_SVC_ATTR_SCHED_NAME -> scheduler = attribute.string();
                case IpvsGenl.IPVS_SVC_ATTR_FLAGS ->
                    flags = new ServiceFlags(
                            attribute.struct(IpvsGenl.FLAGS_SIZE).getInt(IpvsGenl.FLAGS_FLAGS));
                case IpvsGenl.IPVS_SVC_ATTR_TIMEOUT -> timeout = attribute.u32();
                case IpvsGenl.IPVS_SVC_ATTR_NETMASK -> netmask = attribute.struct(Integer.BYTES);
                case IpvsGenl.IPVS_SVC_ATTR_PE_NAME -> engine = Optional.of(attribute.string());
                case IpvsGenl.IPVS_SVC_ATTR_STATS64 -> statistics = statistics(attribute.nested());
                default -> {}
            }
        }

        ObservedServer finish() throws MalformedMessageException {
            var config = new VirtualServerConfig(scheduler, flags, timeout, netmask(), engine);
            return new ObservedServer(new VirtualServer(key(), config), statistics, List.of());
        }

        private VirtualServerKey key() throws MalformedMessageException {
            return mark == 0
                    ? new VirtualServerKey.AddressAndPort(
                            new Protocol(protocol), address(family(family), address), port)
                    : new VirtualServerKey.FirewallMark(family(family), mark);
        }

        private PersistenceNetmask netmask() throws MalformedMessageException {
            var of = family(family);
            if (!netmask.hasRemaining()) {
                return PersistenceNetmask.whole(of);
            }
            var order = of == AddressFamily.IPV4 ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
            return new PersistenceNetmask(of, netmask.order(order).getInt(0));
        }
    }

    private static final class DestinationFields {
        private int family;
        private ByteBuffer address = NO_ADDRESS;
        private int port;
        private ForwardingMethod method = ForwardingMethod.MASQUERADE;
        private int weight;
        private long upperThreshold;
        private long lowerThreshold;
        private int tunnelType;
        private int tunnelPort;
        private int tunnelFlags;
        private long active;
        private long inactive;
        private long persistent;
        private Statistics statistics = Statistics.ZERO;

        DestinationFields(AddressFamily serviceFamily) {
            this.family = serviceFamily.number();
        }

        void take(AttributeReader attribute) throws MalformedMessageException {
            switch (attribute.type()) {
                case IpvsGenl.IPVS_DEST_ATTR_ADDR_FAMILY -> family = attribute.u16();
                case IpvsGenl.IPVS_DEST_ATTR_ADDR -> address = attribute.struct(IpvsGenl.ADDRESS_SIZE);
                case IpvsGenl.IPVS_DEST_ATTR_PORT -> port = attribute.be16();
                case IpvsGenl.IPVS_DEST_ATTR_FWD_METHOD -> method = new ForwardingMethod(attribute.s32());
                case IpvsGenl.IPVS_DEST_ATTR_WEIGHT -> weight = attribute.s32();
                case IpvsGenl.IPVS_DEST_ATTR_U_THRESH -> upperThreshold = attribute.u32();
                case IpvsGenl.IPVS_DEST_ATTR_L_THRESH -> lowerThreshold = attribute.u32();
                case IpvsGenl.IPVS_DEST_ATTR_TUN_TYPE -> tunnelType = attribute.u8();
                case IpvsGenl.IPVS_DEST_ATTR_TUN_PORT -> tunnelPort = attribute.be16();
                case IpvsGenl.IPVS_DEST_ATTR_TUN_FLAGS -> tunnelFlags = attribute.u16();
                case IpvsGenl.IPVS_DEST_ATTR_ACTIVE_CONNS -> active = attribute.u32();
                case IpvsGenl.IPVS_DEST_ATTR_INACT_CONNS -> inactive = attribute.u32();
                case IpvsGenl.IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = attribute.u32();
                case IpvsGenl.IPVS_DEST_ATTR_STATS64 -> statistics = statistics(attribute.nested());
                default -> {}
            }
        }

        ObservedDestination finish() throws MalformedMessageException {
            var key = new DestinationKey(address(family(family), address), port);
            var tunnel = new Tunnel(tunnelType, tunnelPort, tunnelFlags);
            var config = new DestinationConfig(method, weight, upperThreshold, lowerThreshold, tunnel);
            return new ObservedDestination(
                    new Destination(key, config), new ConnectionCounts(active, inactive, persistent), statistics);
        }
    }

    private static AddressFamily family(int number) throws MalformedMessageException {
        for (var family : AddressFamily.values()) {
            if (family.number() == number) {
                return family;
            }
        }
        throw new MalformedMessageException("IPVS with address family " + number);
    }

    private static IpAddress address(AddressFamily family, ByteBuffer bytes) throws MalformedMessageException {
        if (!bytes.hasRemaining()) {
            throw new MalformedMessageException("an IPVS message without an address");
        }
        return IpAddress.read(family, bytes);
    }

    /** The 64-bit counters; the older attribute truncates them. */
    private static Statistics statistics(AttributeReader attributes) throws MalformedMessageException {
        var counters = new long[IpvsGenl.IPVS_STATS_ATTR_OUTBPS + 1];
        while (attributes.next()) {
            if (attributes.type() >= IpvsGenl.IPVS_STATS_ATTR_CONNS
                    && attributes.type() <= IpvsGenl.IPVS_STATS_ATTR_OUTBPS) {
                counters[attributes.type()] = attributes.u64();
            }
        }
        return new Statistics(
                counters[IpvsGenl.IPVS_STATS_ATTR_CONNS],
                counters[IpvsGenl.IPVS_STATS_ATTR_INPKTS],
                counters[IpvsGenl.IPVS_STATS_ATTR_OUTPKTS],
                counters[IpvsGenl.IPVS_STATS_ATTR_INBYTES],
                counters[IpvsGenl.IPVS_STATS_ATTR_OUTBYTES],
                counters[IpvsGenl.IPVS_STATS_ATTR_CPS],
                counters[IpvsGenl.IPVS_STATS_ATTR_INPPS],
                counters[IpvsGenl.IPVS_STATS_ATTR_OUTPPS],
                counters[IpvsGenl.IPVS_STATS_ATTR_INBPS],
                counters[IpvsGenl.IPVS_STATS_ATTR_OUTBPS]);
    }
}
