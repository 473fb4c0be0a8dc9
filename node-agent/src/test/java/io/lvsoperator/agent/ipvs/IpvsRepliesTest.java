package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.Mutations;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpvsRepliesTest {
    static final ByteBuffer SERVICE = HexDump.buffer("""
            01 01 00 00      # IPVS_CMD_NEW_SERVICE, version 1
            78 00 01 80      # IPVS_CMD_ATTR_SERVICE, length 120, nested
              06 00 01 00      #   IPVS_SVC_ATTR_AF
                02 00 00 00    #     AF_INET
              06 00 02 00      #   IPVS_SVC_ATTR_PROTOCOL
                11 00 00 00    #     UDP
              14 00 03 00      #   IPVS_SVC_ATTR_ADDR
                c0 00 02 64    #     192.0.2.100
                de ad be ef    #     the rest of the union is not the address
                00 00 00 00
                00 00 00 00
              06 00 04 00      #   IPVS_SVC_ATTR_PORT
                13 c4 00 00    #     5060
              07 00 06 00      #   IPVS_SVC_ATTR_SCHED_NAME
                73 68 00 00    #     sh
              08 00 0b 00      #   IPVS_SVC_ATTR_PE_NAME
                73 69 70 00    #     sip
              0c 00 07 00      #   IPVS_SVC_ATTR_FLAGS
                13 00 00 00    #     PERSISTENT, HASHED, SCHED2
                ff ff ff ff
              08 00 08 00      #   IPVS_SVC_ATTR_TIMEOUT
                2c 01 00 00    #     300 s
              08 00 09 00      #   IPVS_SVC_ATTR_NETMASK
                ff ff f0 00    #     255.255.240.0 in network order
              0c 00 0a 80      #   IPVS_SVC_ATTR_STATS, which has the truncated counters
                08 00 01 00    #     IPVS_STATS_ATTR_CONNS
                  63 00 00 00
              10 00 0c 80      #   IPVS_SVC_ATTR_STATS64
                0c 00 01 00    #     IPVS_STATS_ATTR_CONNS
                  01 00 00 00
                  02 00 00 00  #       2^33 + 1
            """);

    static final ByteBuffer DESTINATION = HexDump.buffer("""
            05 01 00 00      # IPVS_CMD_NEW_DEST, version 1
            88 00 02 80      # IPVS_CMD_ATTR_DEST, length 136, nested
              14 00 01 00      #   IPVS_DEST_ATTR_ADDR
                20 01 0d b8    #     2001:db8::1
                00 00 00 00
                00 00 00 00
                00 00 00 01
              06 00 02 00      #   IPVS_DEST_ATTR_PORT
                1f 90 00 00    #     8080
              08 00 03 00      #   IPVS_DEST_ATTR_FWD_METHOD
                02 00 00 00    #     TUNNEL
              08 00 04 00      #   IPVS_DEST_ATTR_WEIGHT
                07 00 00 00
              05 00 0d 00      #   IPVS_DEST_ATTR_TUN_TYPE
                01 00 00 00    #     GUE
              06 00 0e 00      #   IPVS_DEST_ATTR_TUN_PORT
                17 c0 00 00    #     6080 in network order
              06 00 0f 00      #   IPVS_DEST_ATTR_TUN_FLAGS
                01 00 00 00    #     CSUM
              08 00 05 00      #   IPVS_DEST_ATTR_U_THRESH
                f4 01 00 00    #     500
              08 00 06 00      #   IPVS_DEST_ATTR_L_THRESH
                90 01 00 00    #     400
              08 00 07 00      #   IPVS_DEST_ATTR_ACTIVE_CONNS
                03 00 00 00
              08 00 08 00      #   IPVS_DEST_ATTR_INACT_CONNS
                04 00 00 00
              08 00 09 00      #   IPVS_DEST_ATTR_PERSIST_CONNS
                05 00 00 00
              06 00 0b 00      #   IPVS_DEST_ATTR_ADDR_FAMILY
                0a 00 00 00    #     AF_INET6
              10 00 0c 80      #   IPVS_DEST_ATTR_STATS64
                0c 00 02 00    #     IPVS_STATS_ATTR_INPKTS
                  08 00 00 00
                  00 00 00 00
            """);

    @Test
    void readsAService() throws Exception {
        var observed = IpvsReplies.server(message(SERVICE));

        assertThat(observed.server())
                .isEqualTo(new VirtualServer(
                        new VirtualServerKey.AddressAndPort(Protocol.UDP, IpAddress.parse("192.0.2.100"), 5060),
                        new VirtualServerConfig(
                                "sh",
                                ServiceFlags.PERSISTENT.plus(ServiceFlags.of(List.of(SchedulerFlag.SH_PORT))),
                                300,
                                PersistenceNetmask.ofPrefix(AddressFamily.IPV4, 20),
                                Optional.of("sip"))));
        assertThat(observed.statistics().connections()).isEqualTo((1L << 33) + 1);
        assertThat(observed.destinations()).isEmpty();
    }

    @Test
    void readsADestinationOfAnotherFamilyThanItsService() throws Exception {
        assertThat(IpvsReplies.destination(message(DESTINATION), AddressFamily.IPV4))
                .isEqualTo(new ObservedDestination(
                        new Destination(
                                new DestinationKey(IpAddress.parse("2001:db8::1"), 8080),
                                new DestinationConfig(ForwardingMethod.TUNNEL, 7, 500, 400, new Tunnel(1, 6080, 1))),
                        new ConnectionCounts(3, 4, 5),
                        new Statistics(0, 8, 0, 0, 0, 0, 0, 0, 0, 0)));
    }

    @Test
    void takesTheServicesFamilyForADestinationThatNamesNone() throws Exception {
        var message = message(HexDump.buffer("""
                05 01 00 00      # IPVS_CMD_NEW_DEST, version 1
                20 00 02 80      # IPVS_CMD_ATTR_DEST, length 32, nested
                  14 00 01 00      #   IPVS_DEST_ATTR_ADDR
                    0a 00 00 01    #     10.0.0.1
                    00 00 00 00
                    00 00 00 00
                    00 00 00 00
                  06 00 02 00      #   IPVS_DEST_ATTR_PORT
                    00 50 00 00    #     80
                """));

        assertThat(IpvsReplies.destination(message, AddressFamily.IPV4)
                        .destination()
                        .key())
                .isEqualTo(new DestinationKey(IpAddress.parse("10.0.0.1"), 80));
    }

    @Test
    void readsEveryCounter() throws Exception {
        var writer = new MessageWriter().header(4, header -> {});
        writer.nested(
                IpvsGenl.IPVS_CMD_ATTR_DEST,
                destination -> destination
                        .bytes(IpvsGenl.IPVS_DEST_ATTR_ADDR, new byte[16])
                        .nested(
                                IpvsGenl.IPVS_DEST_ATTR_STATS64,
                                stats -> IntStream.rangeClosed(1, 10).forEach(type -> stats.u64(type, 100L * type))));

        assertThat(IpvsReplies.destination(message(writer.finish()), AddressFamily.IPV4)
                        .statistics())
                .isEqualTo(new Statistics(100, 200, 300, 400, 500, 600, 700, 800, 900, 1000));
    }

    @Test
    void readsTheTimeouts() throws Exception {
        assertThat(IpvsReplies.timeouts(message(HexDump.buffer("""
                0c 01 00 00      # IPVS_CMD_SET_CONFIG, which answers a GET_CONFIG
                08 00 04 00      # IPVS_CMD_ATTR_TIMEOUT_TCP
                  84 03 00 00    #   900 s
                08 00 05 00      # IPVS_CMD_ATTR_TIMEOUT_TCP_FIN
                  78 00 00 00    #   120 s
                08 00 06 00      # IPVS_CMD_ATTR_TIMEOUT_UDP
                  2c 01 00 00    #   300 s
                """)))).isEqualTo(new IpvsTimeouts(900, 120, 300));
    }

    private static final String DAEMON_DUMP = """
                09 01 00 00      # IPVS_CMD_NEW_DAEMON, which answers a GET_DAEMON
                40 00 03 80      # IPVS_CMD_ATTR_DAEMON, length 64, nested
                  08 00 01 00      #   IPVS_DAEMON_ATTR_STATE
                    02 00 00 00    #     IP_VS_STATE_BACKUP
                  09 00 02 00      #   IPVS_DAEMON_ATTR_MCAST_IFN, length 9
                    65 74 68 30    #     "eth0"
                    00 00 00 00
                  08 00 03 00      #   IPVS_DAEMON_ATTR_SYNC_ID
                    33 00 00 00    #     51
                  06 00 04 00      #   IPVS_DAEMON_ATTR_SYNC_MAXLEN
                    bc 05 00 00    #     1468
                  06 00 07 00      #   IPVS_DAEMON_ATTR_MCAST_PORT
                    90 22 00 00    #     8848
                  05 00 08 00      #   IPVS_DAEMON_ATTR_MCAST_TTL
                    01 00 00 00    #     1
                  08 00 05 00      #   IPVS_DAEMON_ATTR_MCAST_GROUP
                    e0 00 00 51    #     224.0.0.81
                """;

    static final ByteBuffer DAEMON = HexDump.buffer(DAEMON_DUMP);

    @Test
    void readsADaemon() throws Exception {
        assertThat(IpvsReplies.daemon(message(DAEMON)))
                .isEqualTo(new SyncDaemon(SyncRole.BACKUP, "eth0", 51, IpAddress.parse("224.0.0.81")));
    }

    @Test
    void aDaemonThatIsNeitherMasterNorBackupIsMalformed() {
        String none = DAEMON_DUMP.replace("02 00 00 00    #     IP_VS_STATE_BACKUP", "00 00 00 00");

        assertThatThrownBy(() -> IpvsReplies.daemon(message(HexDump.buffer(none))))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("state 0");
    }

    @Test
    void readsTheVersion() throws Exception {
        assertThat(IpvsReplies.info(message(HexDump.buffer("""
                0e 01 00 00      # IPVS_CMD_SET_INFO, version 1
                08 00 01 00      # IPVS_INFO_ATTR_VERSION
                  01 02 01 00    #   1.2.1
                08 00 02 00      # IPVS_INFO_ATTR_CONN_TAB_SIZE
                  00 10 00 00    #   4096
                """)))).isEqualTo(new IpvsInfo("1.2.1", 4096));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 01", // no generic netlink header
                "01 01 00 00", // no service
                "01 01 00 00  04 00 01 80", // an empty one
                "01 01 00 00  0c 00 01 80  06 00 01 00 07 00 00 00", // address family 7
                "01 01 00 00  0c 00 01 80  06 00 01 00 02 00 00 00", // no address
                "01 01 00 00  0c 00 01 80  05 00 01 00 02 00 00 00", // an address family of one byte
            })
    void refusesWhatIsNoService(String bytes) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> IpvsReplies.server(message(HexDump.buffer(bytes))));
    }

    @Test
    void readsBackAnyServiceThatItCanWrite() throws Exception {
        var random = new RandomTable(21);
        for (var round = 0; round < 5000; round++) {
            var server = random.server();
            var writer = new MessageWriter().header(4, header -> {});
            IpvsRequests.server(writer, server);

            assertThat(IpvsReplies.server(message(writer.finish())).server()).isEqualTo(server);
        }
    }

    @Test
    void readsBackAnyDestinationThatItCanWrite() throws Exception {
        var random = new RandomTable(22);
        for (var round = 0; round < 5000; round++) {
            var destination = random.destination();
            var writer = new MessageWriter().header(4, header -> {});
            IpvsRequests.destination(writer, destination);

            assertThat(IpvsReplies.destination(message(writer.finish()), random.family())
                            .destination())
                    .isEqualTo(destination);
        }
    }

    @Test
    void survivesMutants() {
        Mutations.check(23, List.of(SERVICE), IpvsReplies::server);
        Mutations.check(24, List.of(DESTINATION), message -> IpvsReplies.destination(message, AddressFamily.IPV4));
        Mutations.check(25, List.of(SERVICE, DESTINATION), IpvsReplies::info);
    }

    private static NetlinkMessage message(ByteBuffer payload) {
        return HexDump.message(30, payload);
    }
}
