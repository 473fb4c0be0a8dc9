package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.NetlinkIpvs;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.PersistenceNetmask;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.ServiceFlags;
import io.lvsoperator.agent.ipvs.Tunnel;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random desired states and a stranger who interferes at random, in a real kernel: each step ends with kernel = desired. */
@Tag("kernel")
@ExtendWith(FreshNetworkNamespace.class)
class RandomTableIT {
    private static final int STEPS = 500;
    private static final int SERVICES = 6;
    private static final int REAL_SERVERS = 6;

    /** Those that every kernel of the tests has. */
    private static final List<Scheduler> SCHEDULERS =
            List.of(Scheduler.RR, Scheduler.WRR, Scheduler.LC, Scheduler.WLC, Scheduler.SH, Scheduler.MH, Scheduler.MH);

    private static final VirtualServerKey FOREIGN = new VirtualServerKey.FirewallMark(AddressFamily.IPV6, 4711);

    private final NetlinkSocket netlink = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);
    private final Ipvs ipvs = new NetlinkIpvs(netlink);
    private final DesiredServices engine = new DesiredServices(ipvs);

    @AfterEach
    void close() {
        netlink.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyStepEndsWithTheKernelAsDesiredAndTheForeignServiceUntouched(long seed) throws Exception {
        Random random = new Random(seed);
        ipvs.execute(new IpvsCommand.AddService(
                new VirtualServer(FOREIGN, VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV6))));
        ipvs.execute(
                new IpvsCommand.AddDestination(FOREIGN, new Destination(realServer(FOREIGN, 9), config(random, 1))));
        ObservedServer foreign = content(ipvs.table()).remove(FOREIGN);

        for (int step = 0; step < STEPS; step++) {
            interfere(random);
            List<DesiredState.Service> desired = desired(random);

            engine.apply(desired);

            Map<VirtualServerKey, ObservedServer> found = content(ipvs.table());
            assertThat(found.remove(FOREIGN))
                    .as("foreign, step %d of seed %d", step, seed)
                    .isEqualTo(foreign);
            assertThat(tableOf(found)).as("step %d of seed %d", step, seed).isEqualTo(tableOf(desired));
            assertThat(engine.apply(desired)).as("second pass of step %d", step).isEmpty();
        }
    }

    /** A stranger's mischief, to which the kernel may say no. */
    private void interfere(Random random) throws Exception {
        List<IpvsCommand> mischief = new ArrayList<>();
        for (ObservedServer server : ipvs.table().servers().values()) {
            VirtualServerKey key = server.server().key();
            if (key.equals(FOREIGN)) {
                continue;
            }
            switch (random.nextInt(10)) {
                case 0 -> mischief.add(new IpvsCommand.DeleteService(key));
                case 1 -> mischief.add(new IpvsCommand.SetService(new VirtualServer(key, config(random, key))));
                case 2 ->
                    mischief.add(new IpvsCommand.AddDestination(
                            key, new Destination(realServer(key, 50 + random.nextInt(3)), config(random, 1))));
                case 3, 4 ->
                    server.destinations()
                            .forEach(present -> mischief.add(disturbance(
                                    random, key, present.destination().key())));
                default -> {}
            }
        }
        ipvs.execute(mischief);
    }

    private static IpvsCommand disturbance(Random random, VirtualServerKey service, DestinationKey destination) {
        Destination altered = new Destination(destination, config(random, 1 + random.nextInt(4)));
        return switch (random.nextInt(3)) {
            case 0 -> new IpvsCommand.DeleteDestination(service, destination);
            case 1 -> new IpvsCommand.SetDestination(service, altered);
            default -> new IpvsCommand.AddDestination(service, altered);
        };
    }

    private static List<DesiredState.Service> desired(Random random) {
        List<DesiredState.Service> desired = new ArrayList<>();
        for (int number = 0; number < SERVICES; number++) {
            if (random.nextInt(3) > 0) {
                VirtualServerKey key = key(number);
                Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
                for (int realServer = 1; realServer <= REAL_SERVERS; realServer++) {
                    if (random.nextBoolean()) {
                        destinations.put(realServer(key, realServer), config(random, random.nextInt(3)));
                    }
                }
                desired.add(DesiredServices.service(new VirtualServer(key, config(random, key)), destinations));
            }
        }
        return desired;
    }

    private static VirtualServerKey key(int number) {
        return switch (number) {
            case 0 -> new VirtualServerKey.AddressAndPort(Protocol.UDP, IpAddress.parse("192.0.2.100"), 53);
            case 1 -> new VirtualServerKey.AddressAndPort(Protocol.SCTP, IpAddress.parse("2001:db8::100"), 9);
            case 2 -> new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 10);
            case 3 -> new VirtualServerKey.FirewallMark(AddressFamily.IPV6, 10);
            case 4 -> new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("2001:db8::100"), 80);
            default -> new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80);
        };
    }

    private static VirtualServerConfig config(Random random, VirtualServerKey key) {
        Scheduler scheduler = SCHEDULERS.get(random.nextInt(SCHEDULERS.size()));
        VirtualServerConfig config = VirtualServerConfig.of(scheduler, key.family());
        return switch (random.nextInt(4)) {
            case 0 -> config.withPersistence(60 + random.nextInt(3), PersistenceNetmask.ofPrefix(key.family(), 24));
            case 1 ->
                new VirtualServerConfig(
                        config.scheduler(),
                        new ServiceFlags(random.nextInt(2) * 0x8 + random.nextInt(2) * 0x10),
                        0,
                        config.netmask(),
                        Optional.empty());
            default -> config;
        };
    }

    private static DestinationConfig config(Random random, int weight) {
        ForwardingMethod method = random.nextBoolean() ? ForwardingMethod.DIRECT_ROUTE : ForwardingMethod.MASQUERADE;
        return random.nextInt(4) == 0
                ? new DestinationConfig(method, weight, 500, 400 + random.nextInt(2), Tunnel.NONE)
                : DestinationConfig.of(method, weight);
    }

    private static DestinationKey realServer(VirtualServerKey service, int number) {
        String address = service.family() == AddressFamily.IPV4 ? "10.0.0." + number : "2001:db8:1::" + number;
        return new DestinationKey(IpAddress.parse(address), 80);
    }

    /** Without what the agent puts there for itself. */
    private static Map<VirtualServerKey, ObservedServer> content(IpvsTable table) {
        Map<VirtualServerKey, ObservedServer> servers = new LinkedHashMap<>(table.servers());
        servers.keySet().removeIf(Placeholder::is);
        return servers;
    }

    private static Map<String, String> tableOf(Map<VirtualServerKey, ObservedServer> found) {
        Map<String, String> table = new TreeMap<>();
        found.forEach((key, server) -> {
            Map<String, DestinationConfig> destinations = new TreeMap<>();
            server.destinations()
                    .forEach(observed -> destinations.put(
                            observed.destination().key().toString(),
                            observed.destination().config()));
            table.put(key.toString(), server.server().config() + " " + destinations);
        });
        return table;
    }

    private static Map<String, String> tableOf(List<DesiredState.Service> desired) {
        Map<String, String> table = new TreeMap<>();
        desired.forEach(service -> {
            Map<String, DestinationConfig> destinations = new TreeMap<>();
            service.destinations().forEach((key, config) -> destinations.put(key.toString(), config));
            table.put(service.server().key().toString(), service.server().config() + " " + destinations);
        });
        return table;
    }
}
