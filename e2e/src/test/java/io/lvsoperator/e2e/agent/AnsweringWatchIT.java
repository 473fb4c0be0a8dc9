package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.answering.AnsweringWatch;
import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.connections.ConnectionTable;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real servers that do not answer, by the kernel's own table of connections. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class AnsweringWatchIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void findsTheRealServerThatNothingComesBackFromAndNotTheOther() throws Exception {
        Oracle.run("ip", "addr", "add", "192.0.2.100/32", "dev", "lo");
        Oracle.run("ip", "addr", "add", "10.0.0.1/32", "dev", "lo");
        // What is sent there goes nowhere, as to a host that drops it.
        Oracle.run("ip", "link", "add", "nowhere", "type", "dummy");
        Oracle.run("ip", "addr", "add", "10.0.9.1/24", "dev", "nowhere");
        Oracle.run("ip", "link", "set", "nowhere", "up");
        Oracle.run("ip", "neigh", "add", "10.0.9.9", "lladdr", "02:00:00:00:00:09", "dev", "nowhere");
        Oracle.feed("""
                -A -t 192.0.2.100:80 -s rr
                -a -t 192.0.2.100:80 -r 10.0.0.1:8080 -m
                -a -t 192.0.2.100:80 -r 10.0.9.9:8080 -m
                """, "ipvsadm", "-R");
        try (var netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
                var server = new ServerSocket(8080, 64, InetAddress.getByName("10.0.0.1"));
                var watch = new AnsweringWatch(new ConnectionTable(), () -> {})) {
            assertThat(server.isBound()).isTrue();
            var sockets = new ArrayList<Socket>();
            for (var i = 0; i < 16; i++) {
                sockets.add(connecting());
            }

            var deadline = System.nanoTime() + LIMIT.toNanos();
            while (watch.found().isEmpty() && System.nanoTime() < deadline) {
                watch.passed(report(new NetlinkIpvs(netlink)));
                Thread.sleep(500);
            }

            assertThat(watch.found())
                    .as(() -> Oracle.run("ipvsadm", "-Ln") + Oracle.run("ipvsadm", "-Lnc"))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.realServer().key()).hasToString("10.0.9.9:8080");
                        assertThat(found.all()).isTrue();
                        assertThat(found.waiting()).isEqualTo(5);
                    });
            assertThat(watch.found()).extracting(NotAnswering::clientsRepeat).doesNotContain(Optional.of(false));
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /** Half of them get through at once; the others give up after two packets. */
    private static Socket connecting() {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress("192.0.2.100", 80), 1500);
        } catch (IOException noAnswer) {
            // what this test is about
        }
        return socket;
    }

    private static Report report(NetlinkIpvs ipvs) throws Exception {
        var table = ipvs.table();
        var services = new LinkedHashMap<VirtualServerKey, DesiredState.Service>();
        table.servers().forEach((key, observed) -> services.put(key, wanted(observed)));
        return new Report(
                new Assignment(1, new LvsNodeSpec(null, null), Map.of()),
                true,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                false,
                Set.of(),
                0,
                Map.of(),
                Optional.of(new Comparison(
                        new DesiredState(services, List.of(), List.of(), DesiredSettings.NONE, Map.of()), table)),
                Report.Untracked.NONE,
                Report.Sync.NOT_ASKED,
                Report.Extent.EVERYTHING,
                Duration.ZERO);
    }

    /** As if what stands there was asked for. */
    private static DesiredState.Service wanted(ObservedServer observed) {
        var destinations = new LinkedHashMap<DestinationKey, DestinationConfig>();
        observed.destinations()
                .forEach(d ->
                        destinations.put(d.destination().key(), d.destination().config()));
        return new DesiredState.Service(
                observed.server(), destinations, Set.of(), "edge", new SliceName("shop", "web"));
    }
}
