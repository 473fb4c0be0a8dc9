package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.FakeNetlink;
import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IpvsRequestsTest {
    private static final VirtualServerKey VIP =
            new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80);
    private static final String KEY_OF_VIP = """
              06 00 01 00      #   IPVS_SVC_ATTR_AF
                02 00 00 00    #     AF_INET
              06 00 02 00      #   IPVS_SVC_ATTR_PROTOCOL
                06 00 00 00    #     TCP
              14 00 03 00      #   IPVS_SVC_ATTR_ADDR
                c0 00 02 64    #     192.0.2.100
                00 00 00 00    #     the rest of the union
                00 00 00 00
                00 00 00 00
              06 00 04 00      #   IPVS_SVC_ATTR_PORT
                00 50 00 00    #     80 in network order
            """;

    private final IpvsRequests requests = new IpvsRequests(new GenericFamily(
            new FakeNetlink(request -> FakeNetlink.Answer.of()), IpvsGenl.NAME, IpvsGenl.IPVS_GENL_VERSION));

    @Test
    void addsAnIpv4Service() {
        var request = requests.of(new IpvsCommand.AddService(
                new VirtualServer(VIP, VirtualServerConfig.of(Scheduler.WLC, AddressFamily.IPV4))));

        assertPayload(request, """
                01 01 00 00      # IPVS_CMD_NEW_SERVICE, version 1
                54 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 84, nested
                """ + KEY_OF_VIP + """
                  08 00 06 00      #   IPVS_SVC_ATTR_SCHED_NAME
                    77 6c 63 00    #     wlc
                  0c 00 07 00      #   IPVS_SVC_ATTR_FLAGS
                    00 00 00 00    #     none
                    ff ff ff ff    #     of all
                  08 00 08 00      #   IPVS_SVC_ATTR_TIMEOUT
                    00 00 00 00    #     0 s
                  08 00 09 00      #   IPVS_SVC_ATTR_NETMASK
                    ff ff ff ff    #     255.255.255.255
                """);
    }

    @Test
    void setsAPersistentIpv4Service() {
        var config = VirtualServerConfig.of(Scheduler.MH, AddressFamily.IPV4)
                .withSchedulerFlags(Set.of(SchedulerFlag.MH_PORT))
                .withPersistence(360, PersistenceNetmask.ofPrefix(AddressFamily.IPV4, 24));

        assertPayload(requests.of(new IpvsCommand.SetService(new VirtualServer(VIP, config))), """
                02 01 00 00      # IPVS_CMD_SET_SERVICE, version 1
                54 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 84, nested
                """ + KEY_OF_VIP + """
                  07 00 06 00      #   IPVS_SVC_ATTR_SCHED_NAME, length 7
                    6d 68 00 00    #     mh
                  0c 00 07 00      #   IPVS_SVC_ATTR_FLAGS
                    11 00 00 00    #     PERSISTENT, SCHED2
                    ff ff ff ff    #     of all
                  08 00 08 00      #   IPVS_SVC_ATTR_TIMEOUT
                    68 01 00 00    #     360 s
                  08 00 09 00      #   IPVS_SVC_ATTR_NETMASK
                    ff ff ff 00    #     255.255.255.0 in network order
                """);
    }

    @Test
    void addsAPersistentIpv6FirewallMarkService() {
        var key = new VirtualServerKey.FirewallMark(AddressFamily.IPV6, 0x1234);
        var config = VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV6)
                .withPersistence(30, PersistenceNetmask.ofPrefix(AddressFamily.IPV6, 64));

        assertPayload(requests.of(new IpvsCommand.AddService(new VirtualServer(key, config))), """
                01 01 00 00      # IPVS_CMD_NEW_SERVICE, version 1
                38 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 56, nested
                  06 00 01 00      #   IPVS_SVC_ATTR_AF
                    0a 00 00 00    #     AF_INET6
                  08 00 05 00      #   IPVS_SVC_ATTR_FWMARK
                    34 12 00 00    #     in host order
                  07 00 06 00      #   IPVS_SVC_ATTR_SCHED_NAME
                    72 72 00 00    #     rr
                  0c 00 07 00      #   IPVS_SVC_ATTR_FLAGS
                    01 00 00 00    #     PERSISTENT
                    ff ff ff ff    #     of all
                  08 00 08 00      #   IPVS_SVC_ATTR_TIMEOUT
                    1e 00 00 00    #     30 s
                  08 00 09 00      #   IPVS_SVC_ATTR_NETMASK
                    40 00 00 00    #     a prefix length of 64 in host order
                """);
    }

    @Test
    void deletesAService() {
        assertPayload(requests.of(new IpvsCommand.DeleteService(VIP)), """
                03 01 00 00      # IPVS_CMD_DEL_SERVICE, version 1
                30 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 48, nested
                """ + KEY_OF_VIP);
    }

    @Test
    void addsAnIpv4DestinationByDirectRoute() {
        var destination = new Destination(
                new DestinationKey(IpAddress.parse("192.0.2.21"), 80),
                DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, 5));

        assertPayload(requests.of(new IpvsCommand.AddDestination(VIP, destination)), """
                05 01 00 00      # IPVS_CMD_NEW_DEST, version 1
                30 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 48, nested
                """ + KEY_OF_VIP + """
                48 00 02 80      # IPVS_CMD_ATTR_DEST, length 72, nested
                  14 00 01 00      #   IPVS_DEST_ATTR_ADDR
                    c0 00 02 15    #     192.0.2.21
                    00 00 00 00
                    00 00 00 00
                    00 00 00 00
                  06 00 02 00      #   IPVS_DEST_ATTR_PORT
                    00 50 00 00    #     80 in network order
                  06 00 0b 00      #   IPVS_DEST_ATTR_ADDR_FAMILY
                    02 00 00 00    #     AF_INET
                  08 00 03 00      #   IPVS_DEST_ATTR_FWD_METHOD
                    03 00 00 00    #     DROUTE
                  08 00 04 00      #   IPVS_DEST_ATTR_WEIGHT
                    05 00 00 00
                  08 00 05 00      #   IPVS_DEST_ATTR_U_THRESH
                    00 00 00 00
                  08 00 06 00      #   IPVS_DEST_ATTR_L_THRESH
                    00 00 00 00
                """);
    }

    @Test
    void setsAnIpv6DestinationByNat() {
        var vip = new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("2001:db8::100"), 443);
        var destination = new Destination(
                new DestinationKey(IpAddress.parse("2001:db8::21"), 8443),
                DestinationConfig.of(ForwardingMethod.MASQUERADE, 0));

        assertPayload(requests.of(new IpvsCommand.SetDestination(vip, destination)), """
                06 01 00 00      # IPVS_CMD_SET_DEST, version 1
                30 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 48, nested
                  06 00 01 00      #   IPVS_SVC_ATTR_AF
                    0a 00 00 00    #     AF_INET6
                  06 00 02 00      #   IPVS_SVC_ATTR_PROTOCOL
                    06 00 00 00    #     TCP
                  14 00 03 00      #   IPVS_SVC_ATTR_ADDR
                    20 01 0d b8    #     2001:db8::100
                    00 00 00 00
                    00 00 00 00
                    00 00 01 00
                  06 00 04 00      #   IPVS_SVC_ATTR_PORT
                    01 bb 00 00    #     443
                48 00 02 80      # IPVS_CMD_ATTR_DEST, length 72, nested
                  14 00 01 00      #   IPVS_DEST_ATTR_ADDR
                    20 01 0d b8    #     2001:db8::21
                    00 00 00 00
                    00 00 00 00
                    00 00 00 21
                  06 00 02 00      #   IPVS_DEST_ATTR_PORT
                    20 fb 00 00    #     8443
                  06 00 0b 00      #   IPVS_DEST_ATTR_ADDR_FAMILY
                    0a 00 00 00    #     AF_INET6
                  08 00 03 00      #   IPVS_DEST_ATTR_FWD_METHOD
                    00 00 00 00    #     MASQ
                  08 00 04 00      #   IPVS_DEST_ATTR_WEIGHT
                    00 00 00 00
                  08 00 05 00      #   IPVS_DEST_ATTR_U_THRESH
                    00 00 00 00
                  08 00 06 00      #   IPVS_DEST_ATTR_L_THRESH
                    00 00 00 00
                """);
    }

    @Test
    void deletesADestination() {
        var key = new DestinationKey(IpAddress.parse("192.0.2.21"), 80);

        assertPayload(requests.of(new IpvsCommand.DeleteDestination(VIP, key)), """
                07 01 00 00      # IPVS_CMD_DEL_DEST, version 1
                30 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 48, nested
                """ + KEY_OF_VIP + """
                28 00 02 80      # IPVS_CMD_ATTR_DEST, length 40, nested
                  14 00 01 00      #   IPVS_DEST_ATTR_ADDR
                    c0 00 02 15    #     192.0.2.21
                    00 00 00 00
                    00 00 00 00
                    00 00 00 00
                  06 00 02 00      #   IPVS_DEST_ATTR_PORT
                    00 50 00 00    #     80
                  06 00 0b 00      #   IPVS_DEST_ATTR_ADDR_FAMILY
                    02 00 00 00    #     AF_INET
                """);
    }

    @Test
    void listsServicesAndTheDestinationsOfOne() {
        assertPayload(requests.servers(), "04 01 00 00      # IPVS_CMD_GET_SERVICE, version 1");
        assertPayload(requests.destinationsOf(VIP), """
                08 01 00 00      # IPVS_CMD_GET_DEST, version 1
                30 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 48, nested
                """ + KEY_OF_VIP);
        assertPayload(requests.info(), "0f 01 00 00      # IPVS_CMD_GET_INFO, version 1");
    }

    @Test
    void asksForTheTimeoutsAndSetsThem() {
        assertPayload(requests.timeouts(), "0d 01 00 00      # IPVS_CMD_GET_CONFIG, version 1");
        assertPayload(requests.set(new IpvsTimeouts(900, IpvsTimeouts.UNCHANGED, 300)), """
                0c 01 00 00      # IPVS_CMD_SET_CONFIG, version 1
                08 00 04 00      # IPVS_CMD_ATTR_TIMEOUT_TCP
                  84 03 00 00    #   900 s
                08 00 05 00      # IPVS_CMD_ATTR_TIMEOUT_TCP_FIN
                  00 00 00 00    #   as it is
                08 00 06 00      # IPVS_CMD_ATTR_TIMEOUT_UDP
                  2c 01 00 00    #   300 s
                """);
    }

    @Test
    void startsAndStopsADaemon() {
        assertPayload(requests.daemons(), "0b 01 00 00      # IPVS_CMD_GET_DAEMON, version 1");
        assertPayload(requests.start(new SyncDaemon(SyncRole.MASTER, "eth0", 51, IpAddress.parse("224.0.0.81"))), """
                09 01 00 00      # IPVS_CMD_NEW_DAEMON, version 1
                28 00 03 80      # IPVS_CMD_ATTR_DAEMON, length 40, nested
                  08 00 01 00      #   IPVS_DAEMON_ATTR_STATE
                    01 00 00 00    #     IP_VS_STATE_MASTER
                  09 00 02 00      #   IPVS_DAEMON_ATTR_MCAST_IFN, length 9
                    65 74 68 30    #     "eth0"
                    00 00 00 00
                  08 00 03 00      #   IPVS_DAEMON_ATTR_SYNC_ID
                    33 00 00 00    #     51
                  08 00 05 00      #   IPVS_DAEMON_ATTR_MCAST_GROUP
                    e0 00 00 51    #     224.0.0.81
                """);
        assertPayload(requests.stop(SyncRole.BACKUP), """
                0a 01 00 00      # IPVS_CMD_DEL_DAEMON, version 1
                0c 00 03 80      # IPVS_CMD_ATTR_DAEMON, length 12, nested
                  08 00 01 00      #   IPVS_DAEMON_ATTR_STATE
                    02 00 00 00    #     IP_VS_STATE_BACKUP
                """);
    }

    @Test
    void namesTheGroupOfADaemonThatSpeaksOverIpv6() {
        assertPayload(requests.start(new SyncDaemon(SyncRole.BACKUP, "e", 0, IpAddress.parse("ff02::81"))), """
                09 01 00 00      # IPVS_CMD_NEW_DAEMON, version 1
                30 00 03 80      # IPVS_CMD_ATTR_DAEMON, length 48, nested
                  08 00 01 00      #   IPVS_DAEMON_ATTR_STATE
                    02 00 00 00    #     IP_VS_STATE_BACKUP
                  06 00 02 00      #   IPVS_DAEMON_ATTR_MCAST_IFN, length 6
                    65 00 00 00    #     "e"
                  08 00 03 00      #   IPVS_DAEMON_ATTR_SYNC_ID
                    00 00 00 00    #     0
                  14 00 06 00      #   IPVS_DAEMON_ATTR_MCAST_GROUP6
                    ff 02 00 00    #     ff02::81
                    00 00 00 00
                    00 00 00 00
                    00 00 00 81
                """);
    }

    @Test
    void saysInWordsWhatItAsks() {
        assertThat(requests.of(new IpvsCommand.DeleteService(VIP)).operation())
                .hasToString("delete TCP 192.0.2.100:80");
        assertThat(requests.destinationsOf(VIP).operation()).hasToString("list the destinations of TCP 192.0.2.100:80");
    }

    private static void assertPayload(NetlinkRequest request, String dump) {
        assertThat(HexDump.of(request.payload())).isEqualTo(HexDump.of(HexDump.buffer(dump)));
    }
}
