package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsCommand.AddDestination;
import io.lvsoperator.agent.ipvs.IpvsCommand.AddService;
import io.lvsoperator.agent.ipvs.IpvsCommand.DeleteDestination;
import io.lvsoperator.agent.ipvs.IpvsCommand.DeleteService;
import io.lvsoperator.agent.ipvs.IpvsCommand.SetDestination;
import io.lvsoperator.agent.ipvs.IpvsCommand.SetService;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.PersistenceNetmask;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SchedulerFlag;
import io.lvsoperator.agent.ipvs.SchedulerProbe;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.netlink.RefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class IpvsIT {
    private static final VirtualServerKey VIP = tcp("192.0.2.100", 80);
    private static final VirtualServerKey VIP6 = tcp("2001:db8::100", 80);

    private final NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final Ipvs ipvs = new NetlinkIpvs(netlink);

    @AfterEach
    void close() {
        netlink.close();
    }

    @Test
    void tellsTheVersionAsIpvsadmDoes() throws Exception {
        var info = ipvs.info();

        assertThat(Oracle.run("ipvsadm", "-Ln"))
                .contains("version " + info.version() + " (size=" + info.connectionTableSize() + ")");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.100, 192.0.2.100:80", "2001:db8::100, [2001:db8::100]:80"})
    void addsAVirtualServer(String address, String inIpvsadm) throws Exception {
        ipvs.execute(new AddService(server(tcp(address, 80), Scheduler.WLC)));

        assertThat(Oracle.ipvsadm()).containsExactly("-A -t " + inIpvsadm + " -s wlc");
    }

    @Test
    void addsFirewallMarkUdpAndSctpServers() throws Exception {
        ipvs.execute(new AddService(server(new VirtualServerKey.FirewallMark(ip("::").family(), 7), Scheduler.RR)));
        ipvs.execute(new AddService(server(key(Protocol.UDP, "192.0.2.100", 53), Scheduler.RR)));
        ipvs.execute(new AddService(server(key(Protocol.SCTP, "192.0.2.100", 9), Scheduler.RR)));

        assertThat(Oracle.ipvsadm())
                .containsExactlyInAnyOrder(
                        "-A -f 7 -6 -s rr", "-A -u 192.0.2.100:53 -s rr", "-A --sctp-service 192.0.2.100:9 -s rr");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.100, 10.0.0.1, 8080, NAT, -a -t 192.0.2.100:80 -r 10.0.0.1:8080 -m -w 3",
        "192.0.2.100, 10.0.0.1, 80, DR, -a -t 192.0.2.100:80 -r 10.0.0.1:80 -g -w 3",
        "2001:db8::100, 2001:db8::1, 8080, NAT, -a -t [2001:db8::100]:80 -r [2001:db8::1]:8080 -m -w 3",
        "2001:db8::100, 2001:db8::1, 80, DR, -a -t [2001:db8::100]:80 -r [2001:db8::1]:80 -g -w 3",
    })
    void addsADestination(String vip, String realServer, int port, String method, String inIpvsadm) throws Exception {
        var key = tcp(vip, 80);
        ipvs.execute(new AddService(server(key, Scheduler.RR)));

        var forwarding = method.equals("DR") ? ForwardingMethod.DIRECT_ROUTE : ForwardingMethod.MASQUERADE;
        ipvs.execute(new AddDestination(key, destination(realServer, port, forwarding, 3)));

        assertThat(Oracle.ipvsadm()).contains(inIpvsadm);
    }

    @Test
    void changesAVirtualServerInPlace() throws Exception {
        ipvs.execute(new AddService(server(VIP, Scheduler.RR)));
        ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.1", 1)));

        ipvs.execute(new SetService(new VirtualServer(
                VIP,
                VirtualServerConfig.of(Scheduler.MH, VIP.family()).withSchedulerFlags(Set.of(SchedulerFlag.MH_PORT)))));

        assertThat(Oracle.ipvsadm())
                .containsExactly(
                        "-A -t 192.0.2.100:80 -s mh -b mh-port", "-a -t 192.0.2.100:80 -r 10.0.0.1:80 -g -w 1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.100, 32, -A -t 192.0.2.100:80 -s sh -p 360 -b sh-fallback",
        "192.0.2.100, 24, -A -t 192.0.2.100:80 -s sh -p 360 -M 255.255.255.0 -b sh-fallback",
        "2001:db8::100, 128, -A -t [2001:db8::100]:80 -s sh -p 360 -b sh-fallback",
        "2001:db8::100, 64, -A -t [2001:db8::100]:80 -s sh -p 360 -M 64 -b sh-fallback",
    })
    void keepsClientsWithTheirRealServer(String vip, int prefixLength, String inIpvsadm) throws Exception {
        var key = tcp(vip, 80);
        var config = VirtualServerConfig.of(Scheduler.SH, key.family())
                .withSchedulerFlags(Set.of(SchedulerFlag.SH_FALLBACK))
                .withPersistence(360, PersistenceNetmask.ofPrefix(key.family(), prefixLength));

        ipvs.execute(new AddService(new VirtualServer(key, config)));

        assertThat(Oracle.ipvsadm()).containsExactly(inIpvsadm);
        assertThat(onlyServer().server().config()).isEqualTo(config);
    }

    @Test
    void endsPersistenceInPlace() throws Exception {
        var plain = VirtualServerConfig.of(Scheduler.RR, VIP.family());
        ipvs.execute(new AddService(
                new VirtualServer(VIP, plain.withPersistence(360, PersistenceNetmask.whole(VIP.family())))));

        ipvs.execute(new SetService(new VirtualServer(VIP, plain)));

        assertThat(onlyServer().server().config()).isEqualTo(plain);
    }

    @Test
    void changesOneDestinationAndLeavesTheOthers() throws Exception {
        ipvs.execute(new AddService(server(VIP, Scheduler.WRR)));
        ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.1", 1)));
        ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.2", 1)));

        ipvs.execute(new SetDestination(VIP, directRoute("10.0.0.1", 0)));

        assertThat(Oracle.ipvsadm())
                .contains("-a -t 192.0.2.100:80 -r 10.0.0.1:80 -g -w 0", "-a -t 192.0.2.100:80 -r 10.0.0.2:80 -g -w 1");
    }

    @Test
    void deletesADestinationAndAVirtualServer() throws Exception {
        ipvs.execute(new AddService(server(VIP, Scheduler.RR)));
        ipvs.execute(new AddService(server(VIP6, Scheduler.RR)));
        ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.1", 1)));
        ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.2", 1)));

        ipvs.execute(new DeleteDestination(VIP, directRoute("10.0.0.1", 1).key()));
        ipvs.execute(new DeleteService(VIP6));

        assertThat(Oracle.ipvsadm())
                .containsExactly("-A -t 192.0.2.100:80 -s rr", "-a -t 192.0.2.100:80 -r 10.0.0.2:80 -g -w 1");
    }

    @Test
    void listsAnEmptyTable() throws Exception {
        assertThat(ipvs.table()).isEqualTo(IpvsTable.EMPTY);
    }

    @Test
    void listsDestinationsInTheKernelsOrder() throws Exception {
        ipvs.execute(new AddService(server(VIP, Scheduler.RR)));
        for (var address : List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")) {
            ipvs.execute(new AddDestination(VIP, directRoute(address, 1)));
        }

        assertThat(onlyServer().destinations())
                .extracting(observed -> observed.destination().key().address().toString())
                .containsExactly("10.0.0.3", "10.0.0.2", "10.0.0.1");
    }

    /** What strangers put there is read so well that it can be written again, byte for byte as ipvsadm sees it. */
    @Test
    void readsAForeignTableWithoutLoss() throws Exception {
        Oracle.feed("""
                -A -t 192.0.2.100:80 -s wlc
                -a -t 192.0.2.100:80 -r 10.0.0.1:80 -i -w 1
                -a -t 192.0.2.100:80 -r 10.0.0.2:80 -i --tun-type gue --tun-port 6080 --tun-nocsum -w 2
                -a -t 192.0.2.100:80 -r 10.0.0.3:80 -i --tun-type gre --tun-csum -w 3 -x 500 -y 400
                -a -t 192.0.2.100:80 -r [2001:db8::1]:80 -i -w 4
                -A -u 192.0.2.100:53 -s rr -o
                -a -u 192.0.2.100:53 -r 10.0.0.1:5353 -m -w 1000
                -A -u 192.0.2.100:5060 -s sh -p 60 --pe sip
                -A -f 10 -s lblcr -p 360 -M 255.255.0.0
                -a -f 10 -r 10.0.0.9:0 -g -w 0
                -A -f 4000000000 -6 -s dh -b flag-3
                -A -t [2001:db8::100]:0 -s mh -p 30 -M 48 -b mh-fallback,mh-port
                -a -t [2001:db8::100]:0 -r [2001:db8::2]:0 -g -w 1
                """, "ipvsadm", "-R");
        var before = Oracle.ipvsadm();
        assertThat(before).hasSize(13);

        var table = ipvs.table();
        Oracle.run("ipvsadm", "-C");
        ipvs.execute(rebuild(table));

        assertThat(Oracle.ipvsadm()).isEqualTo(before);
    }

    @Test
    void sortsOutWhatTheKernelRefuses() throws Exception {
        ipvs.execute(new AddService(server(VIP, Scheduler.RR)));
        var there = directRoute("10.0.0.1", 1);
        var missing = directRoute("10.0.0.2", 1);
        ipvs.execute(new AddDestination(VIP, there));

        assertRefused(new AddService(server(VIP, Scheduler.RR)), Errno.EEXIST);
        assertRefused(new SetService(server(VIP6, Scheduler.RR)), Errno.ESRCH);
        assertRefused(new DeleteService(VIP6), Errno.ESRCH);
        assertRefused(new AddDestination(VIP, there), Errno.EEXIST);
        assertRefused(new SetDestination(VIP, missing), Errno.ENOENT);
        assertRefused(new DeleteDestination(VIP, missing.key()), Errno.ENOENT);
        assertRefused(new AddDestination(VIP6, there), Errno.ESRCH);
        assertRefused(new AddDestination(VIP, directRoute("10.0.0.3", -1)), Errno.ERANGE);
        assertRefused(new AddDestination(VIP, directRoute("224.0.0.1", 1)), Errno.EINVAL);
        var config = VirtualServerConfig.of(Scheduler.RR, VIP6.family());
        assertRefused(
                new AddService(new VirtualServer(
                        VIP6,
                        new VirtualServerConfig(
                                "nosuch", config.flags(), 0, config.netmask(), config.persistenceEngine()))),
                Errno.ENOENT);
    }

    @Test
    void goesOnAfterACommandOfAListThatIsRefused() throws Exception {
        var commands = List.of(
                new AddService(server(VIP, Scheduler.RR)),
                new AddDestination(VIP, directRoute("10.0.0.1", 1)),
                new AddDestination(VIP, directRoute("10.0.0.1", 1)),
                new AddDestination(VIP, directRoute("10.0.0.2", 1)),
                new DeleteService(VIP6));

        var results = ipvs.execute(commands);

        assertThat(results).extracting(CommandResult::command).containsExactlyElementsOf(commands);
        assertThat(results)
                .extracting(result ->
                        result.error().map(error -> Errno.nameOf(error.errno())).orElse("done"))
                .containsExactly("done", "done", "EEXIST", "done", "ESRCH");
        assertThat(Oracle.ipvsadm()).hasSize(3);
    }

    @Test
    void fillsAndReadsATableThatTakesManyDatagrams() throws Exception {
        var commands = new ArrayList<IpvsCommand>();
        for (var service = 0; service < 500; service++) {
            var key = tcp("192.0.2." + service % 250, 1000 + service);
            commands.add(new AddService(server(key, Scheduler.WLC)));
            for (var realServer = 1; realServer <= 4; realServer++) {
                commands.add(new AddDestination(key, directRoute("10.0.0." + realServer, realServer)));
            }
        }

        assertThat(ipvs.execute(commands)).allMatch(result -> result.error().isEmpty());

        assertThat(ipvs.table().servers())
                .hasSize(500)
                .allSatisfy(
                        (key, observed) -> assertThat(observed.destinations()).hasSize(4));
        assertThat(Oracle.ipvsadm()).hasSize(2500);
    }

    @Test
    void findsTheSchedulersThatIpvsadmCanUse() throws Exception {
        var usable = EnumSet.noneOf(Scheduler.class);
        for (var scheduler : Scheduler.values()) {
            try {
                Oracle.run("ipvsadm", "-A", "-f", "99", "-s", scheduler.kernelName());
                Oracle.run("ipvsadm", "-D", "-f", "99");
                usable.add(scheduler);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("Scheduler or persistence engine not found");
            }
        }

        var supported = new SchedulerProbe(ipvs).supported(EnumSet.allOf(Scheduler.class));

        assertThat(supported).isEqualTo(usable).contains(Scheduler.RR, Scheduler.WLC, Scheduler.MH);
        assertThat(new SchedulerProbe(ipvs).hasIpv6(Scheduler.RR)).isTrue();
        assertThat(Oracle.ipvsadm()).as("what the probe leaves behind").isEmpty();
    }

    @Test
    void everySchedulerOfTheKernelCanServe() throws Exception {
        for (var scheduler : new SchedulerProbe(ipvs).supported(EnumSet.allOf(Scheduler.class))) {
            ipvs.execute(new AddService(server(VIP, scheduler)));
            ipvs.execute(new AddDestination(VIP, directRoute("10.0.0.1", 1)));

            assertThat(Oracle.ipvsadm()).contains("-A -t 192.0.2.100:80 -s " + scheduler.kernelName());
            ipvs.execute(new DeleteService(VIP));
        }
    }

    @Test
    void probesAroundMarksThatAreTaken() throws Exception {
        var taken = 0x7e000001;
        Oracle.run("ipvsadm", "-A", "-f", String.valueOf(taken), "-s", "rr");

        assertThat(new SchedulerProbe(ipvs).supported(List.of(Scheduler.WRR))).containsExactly(Scheduler.WRR);

        assertThat(Oracle.ipvsadm()).containsExactly("-A -f " + taken + " -s rr");
    }

    @Test
    void countsConnectionsAndTraffic() throws Exception {
        Oracle.run("ip", "addr", "add", "192.0.2.100/32", "dev", "lo");
        Oracle.run("ip", "addr", "add", "10.0.0.1/32", "dev", "lo");
        ipvs.execute(new AddService(server(VIP, Scheduler.RR)));
        ipvs.execute(new AddDestination(VIP, destination("10.0.0.1", 8080, ForwardingMethod.MASQUERADE, 1)));

        try (var server = new ServerSocket(8080, 1, InetAddress.getByName("10.0.0.1"));
                var client = new Socket()) {
            client.connect(new InetSocketAddress("192.0.2.100", 80), 10_000);
            try (var accepted = server.accept()) {
                client.getOutputStream().write(new byte[1000]);
                assertThat(accepted.getInputStream().readNBytes(1000)).hasSize(1000);

                // The kernel adds up its counters every two seconds.
                var statistics = statisticsOnceTheyCount();
                assertThat(statistics.connections()).isEqualTo(1);
                assertThat(statistics.inPackets()).isGreaterThanOrEqualTo(3);
                assertThat(statistics.inBytes()).isGreaterThan(1000);
                assertThat(onlyServer().destinations())
                        .singleElement()
                        .extracting(ObservedDestination::connections)
                        .isEqualTo(new ConnectionCounts(1, 0, 0));
            }
        }
    }

    @Test
    void saysThatItMayNot() {
        FreshNetworkNamespace.dropCapabilities();

        var add = new AddService(server(VIP, Scheduler.RR));
        assertMayNot(ipvs::info);
        assertMayNot(ipvs::table);
        assertMayNot(() -> ipvs.execute(add));
        assertMayNot(() -> ipvs.execute(List.of(add)));
    }

    /** The kernel puts each new destination in front, so the last one goes in first. */
    private static List<IpvsCommand> rebuild(IpvsTable table) {
        var commands = new ArrayList<IpvsCommand>();
        for (var observed : table.servers().values()) {
            commands.add(new AddService(observed.server()));
            for (var destination : observed.destinations().reversed()) {
                commands.add(new AddDestination(observed.server().key(), destination.destination()));
            }
        }
        return commands;
    }

    private Statistics statisticsOnceTheyCount() throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            var statistics = onlyServer().statistics();
            if (statistics.connections() > 0) {
                return statistics;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the kernel counted no connection");
    }

    private ObservedServer onlyServer() throws Exception {
        var servers = ipvs.table().servers().values();
        assertThat(servers).hasSize(1);
        return servers.iterator().next();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static VirtualServerKey tcp(String address, int port) {
        return key(Protocol.TCP, address, port);
    }

    private static VirtualServerKey key(Protocol protocol, String address, int port) {
        return new VirtualServerKey.AddressAndPort(protocol, ip(address), port);
    }

    private static VirtualServer server(VirtualServerKey key, Scheduler scheduler) {
        return new VirtualServer(key, VirtualServerConfig.of(scheduler, key.family()));
    }

    private static Destination directRoute(String address, int weight) {
        return destination(address, 80, ForwardingMethod.DIRECT_ROUTE, weight);
    }

    private static Destination destination(String address, int port, ForwardingMethod method, int weight) {
        return new Destination(new DestinationKey(ip(address), port), DestinationConfig.of(method, weight));
    }

    private void assertRefused(IpvsCommand command, Errno errno) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> ipvs.execute(command))
                .withMessageStartingWith(command + ": " + errno);
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws Exception;
    }

    private static void assertMayNot(Operation operation) {
        assertThatExceptionOfType(IpvsUnavailableException.class)
                .isThrownBy(operation::run)
                .matches(e -> e.reason() == IpvsUnavailableException.Reason.NO_PERMISSION);
    }
}
