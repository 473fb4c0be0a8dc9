package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.NetlinkRequest;

/** The requests of the IPVS family. */
final class IpvsRequests {
    private final GenericFamily family;

    IpvsRequests(GenericFamily family) {
        this.family = family;
    }

    NetlinkRequest of(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.AddService(var server) ->
                family.request(command, IpvsGenl.IPVS_CMD_NEW_SERVICE, message -> server(message, server));
            case IpvsCommand.SetService(var server) ->
                family.request(command, IpvsGenl.IPVS_CMD_SET_SERVICE, message -> server(message, server));
            case IpvsCommand.DeleteService(var key) ->
                family.request(command, IpvsGenl.IPVS_CMD_DEL_SERVICE, message -> serverKey(message, key));
            case IpvsCommand.AddDestination(var service, var destination) ->
                family.request(command, IpvsGenl.IPVS_CMD_NEW_DEST, message -> {
                    serverKey(message, service);
                    destination(message, destination);
                });
            case IpvsCommand.SetDestination(var service, var destination) ->
                family.request(command, IpvsGenl.IPVS_CMD_SET_DEST, message -> {
                    serverKey(message, service);
                    destination(message, destination);
                });
            case IpvsCommand.DeleteDestination(var service, var key) ->
                family.request(command, IpvsGenl.IPVS_CMD_DEL_DEST, message -> {
                    serverKey(message, service);
                    message.nested(IpvsGenl.IPVS_CMD_ATTR_DEST, content -> key(content, key));
                });
        };
    }

    NetlinkRequest info() {
        return family.request("ask for the IPVS version", IpvsGenl.IPVS_CMD_GET_INFO, message -> {});
    }

    NetlinkRequest timeouts() {
        return family.request("ask for the IPVS timeouts", IpvsGenl.IPVS_CMD_GET_CONFIG, message -> {});
    }

    NetlinkRequest set(IpvsTimeouts timeouts) {
        return family.request(
                "set the " + timeouts,
                IpvsGenl.IPVS_CMD_SET_CONFIG,
                message -> message.u32(IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp())
                        .u32(IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin())
                        .u32(IpvsGenl.IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp()));
    }

    NetlinkRequest daemons() {
        return family.request("list the connection sync daemons", IpvsGenl.IPVS_CMD_GET_DAEMON, message -> {});
    }

    NetlinkRequest start(SyncDaemon daemon) {
        return family.request(
                "start the " + daemon,
                IpvsGenl.IPVS_CMD_NEW_DAEMON,
                message -> message.nested(IpvsGenl.IPVS_CMD_ATTR_DAEMON, content -> daemon(content, daemon)));
    }

    NetlinkRequest stop(SyncRole role) {
        return family.request(
                "stop the " + role + " connection sync daemon",
                IpvsGenl.IPVS_CMD_DEL_DAEMON,
                message -> message.nested(
                        IpvsGenl.IPVS_CMD_ATTR_DAEMON,
                        content -> content.u32(IpvsGenl.IPVS_DAEMON_ATTR_STATE, role.number())));
    }

    private static void daemon(MessageWriter content, SyncDaemon daemon) {
        content.u32(IpvsGenl.IPVS_DAEMON_ATTR_STATE, daemon.role().number())
                .string(IpvsGenl.IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interfaceName())
                .u32(IpvsGenl.IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId());
        int group = switch (daemon.group().family()) {
            case IPV4 -> IpvsGenl.IPVS_DAEMON_ATTR_MCAST_GROUP;
            case IPV6 -> IpvsGenl.IPVS_DAEMON_ATTR_MCAST_GROUP6;
        };
        content.address(group, daemon.group());
    }

    NetlinkRequest servers() {
        return family.request("list the IPVS services", IpvsGenl.IPVS_CMD_GET_SERVICE, message -> {});
    }

    NetlinkRequest server(VirtualServerKey key) {
        return family.request("look at " + key, IpvsGenl.IPVS_CMD_GET_SERVICE, message -> serverKey(message, key));
    }

    NetlinkRequest destinationsOf(VirtualServerKey key) {
        return family.request(
                new ListDestinations(key), IpvsGenl.IPVS_CMD_GET_DEST, message -> serverKey(message, key));
    }

    /** Makes its words only when they are needed: there is one for every service, every two seconds. */
    private record ListDestinations(VirtualServerKey key) {
        @Override
        public String toString() {
            return "list the destinations of " + key;
        }
    }

    static void server(MessageWriter message, VirtualServer server) {
        var nest = message.begin(IpvsGenl.IPVS_CMD_ATTR_SERVICE);
        key(message, server.key());
        config(message, server.config());
        message.end(nest);
    }

    private static void serverKey(MessageWriter message, VirtualServerKey key) {
        var nest = message.begin(IpvsGenl.IPVS_CMD_ATTR_SERVICE);
        key(message, key);
        message.end(nest);
    }

    private static void key(MessageWriter content, VirtualServerKey key) {
        content.u16(IpvsGenl.IPVS_SVC_ATTR_AF, key.family().number());
        switch (key) {
            case VirtualServerKey.AddressAndPort(var protocol, var address, var port) ->
                content.u16(IpvsGenl.IPVS_SVC_ATTR_PROTOCOL, protocol.number())
                        .address(IpvsGenl.IPVS_SVC_ATTR_ADDR, address, IpvsGenl.ADDRESS_SIZE)
                        .be16(IpvsGenl.IPVS_SVC_ATTR_PORT, port);
            case VirtualServerKey.FirewallMark(var _, var mark) -> content.u32(IpvsGenl.IPVS_SVC_ATTR_FWMARK, mark);
        }
    }

    private static void config(MessageWriter content, VirtualServerConfig config) {
        content.string(IpvsGenl.IPVS_SVC_ATTR_SCHED_NAME, config.scheduler());
        config.persistenceEngine().ifPresent(engine -> content.string(IpvsGenl.IPVS_SVC_ATTR_PE_NAME, engine));
        // The mask says which flags are meant: all, so that flags that are not wanted go.
        content.u32s(IpvsGenl.IPVS_SVC_ATTR_FLAGS, config.flags().bits(), -1)
                .u32(IpvsGenl.IPVS_SVC_ATTR_TIMEOUT, config.persistenceTimeoutSeconds());
        // An IPv4 mask is in network order, an IPv6 prefix length in host order.
        var netmask = config.netmask();
        switch (netmask.family()) {
            case IPV4 -> content.be32(IpvsGenl.IPVS_SVC_ATTR_NETMASK, netmask.value());
            case IPV6 -> content.u32(IpvsGenl.IPVS_SVC_ATTR_NETMASK, netmask.value());
        }
    }

    static void destination(MessageWriter message, Destination destination) {
        var nest = message.begin(IpvsGenl.IPVS_CMD_ATTR_DEST);
        key(message, destination.key());
        config(message, destination.config());
        message.end(nest);
    }

    private static void key(MessageWriter content, DestinationKey key) {
        content.address(IpvsGenl.IPVS_DEST_ATTR_ADDR, key.address(), IpvsGenl.ADDRESS_SIZE)
                .be16(IpvsGenl.IPVS_DEST_ATTR_PORT, key.port())
                .u16(IpvsGenl.IPVS_DEST_ATTR_ADDR_FAMILY, key.address().family().number());
    }

    private static void config(MessageWriter content, DestinationConfig config) {
        content.u32(IpvsGenl.IPVS_DEST_ATTR_FWD_METHOD, config.method().number())
                .u32(IpvsGenl.IPVS_DEST_ATTR_WEIGHT, config.weight())
                .u32(IpvsGenl.IPVS_DEST_ATTR_U_THRESH, config.upperThreshold())
                .u32(IpvsGenl.IPVS_DEST_ATTR_L_THRESH, config.lowerThreshold());
        var tunnel = config.tunnel();
        if (!tunnel.equals(Tunnel.NONE)) {
            content.u8(IpvsGenl.IPVS_DEST_ATTR_TUN_TYPE, tunnel.type())
                    .be16(IpvsGenl.IPVS_DEST_ATTR_TUN_PORT, tunnel.port())
                    .u16(IpvsGenl.IPVS_DEST_ATTR_TUN_FLAGS, tunnel.flags());
        }
    }
}
