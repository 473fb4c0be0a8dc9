package io.lvsoperator.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.PersistenceNetmask;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.SchedulerFlag;
import io.lvsoperator.agent.ipvs.Tunnel;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Operations, counted. */
class IpvsPlannerTest {
    private static final VirtualServerKey VIP = tcp("192.0.2.100");
    private static final VirtualServerKey OTHER = tcp("192.0.2.101");
    private static final VirtualServerConfig RR = VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4);
    private static final VirtualServerConfig MH = VirtualServerConfig.of(Scheduler.MH, AddressFamily.IPV4);

    private final FakeIpvs ipvs = new FakeIpvs();
    private final Set<VirtualServerKey> ours = new HashSet<>();

    @Test
    void nothingChangedIsNoOperation() throws Exception {
        apply(service(VIP, RR, 1, 2, 3), service(OTHER, MH, 1, 2));

        assertThat(apply(service(VIP, RR, 1, 2, 3), service(OTHER, MH, 1, 2))).isEmpty();
    }

    @Test
    void aChangedWeightIsOneOperation() throws Exception {
        apply(service(VIP, RR, 1, 1, 1), service(OTHER, MH, 1, 1, 1));

        assertThat(apply(service(VIP, RR, 1, 7, 1), service(OTHER, MH, 1, 1, 9)))
                .containsExactly(
                        "set destination 10.0.0.2:80 of TCP 192.0.2.100:80",
                        "set destination 10.0.0.3:80 of TCP 192.0.2.101:80");
    }

    @Test
    void changedConnectionLimitsAreOneOperation() throws Exception {
        apply(service(VIP, RR, 1));

        Map<DestinationKey, DestinationConfig> limited =
                Map.of(realServer(1), new DestinationConfig(ForwardingMethod.DIRECT_ROUTE, 1, 500, 400, Tunnel.NONE));

        assertThat(apply(service(VIP, RR, limited)))
                .containsExactly("set destination 10.0.0.1:80 of TCP 192.0.2.100:80");
    }

    @Test
    void schedulerFlagsAndPersistenceChangeTogetherInPlaceByOneOperation() throws Exception {
        apply(service(VIP, RR, 1, 1));

        VirtualServerConfig other = VirtualServerConfig.of(Scheduler.SH, AddressFamily.IPV4)
                .withSchedulerFlags(List.of(SchedulerFlag.SH_PORT))
                .withPersistence(300, PersistenceNetmask.ofPrefix(AddressFamily.IPV4, 24));

        assertThat(apply(service(VIP, other, 1, 1))).containsExactly("set TCP 192.0.2.100:80");
    }

    @Test
    void anotherPortIsAddedBeforeTheFormerGoes() throws Exception {
        apply(service(VIP, RR, 1));

        assertThat(apply(service(OTHER, RR, 1)))
                .containsExactly(
                        "add TCP 192.0.2.101:80",
                        "add destination 10.0.0.1:80 of TCP 192.0.2.101:80",
                        "delete TCP 192.0.2.100:80");
    }

    @Test
    void theHooksOfAFamilyAreHeldBeforeItsFirstServiceComesAndLetGoAfterItsLast() throws Exception {
        assertThat(apply(service(VIP, RR)))
                .containsExactly("add IPv4 firewall mark 2113929232", "add TCP 192.0.2.100:80");

        assertThat(apply()).containsExactly("delete TCP 192.0.2.100:80", "delete IPv4 firewall mark 2113929232");
    }

    @Test
    void theHooksStayWhileTheyAreHeldThoughNoServiceIsLeft() throws Exception {
        apply(service(VIP, RR));

        assertThat(apply(EnumSet.of(AddressFamily.IPV4), List.of())).containsExactly("delete TCP 192.0.2.100:80");
    }

    @Test
    void aPlaceholderThatAStrangerFilledIsEmptiedInPlace() throws Exception {
        apply(service(VIP, RR));
        ipvs.execute(new IpvsCommand.AddDestination(
                Placeholder.of(AddressFamily.IPV4).key(), new Destination(realServer(9), weight(1))));

        assertThat(apply(service(VIP, RR)))
                .containsExactly("delete destination 10.0.0.9:80 of IPv4 firewall mark 2113929232");
    }

    @Test
    void aRealServerThatComesLastInOrderDisturbsNobody() throws Exception {
        apply(service(VIP, MH, 1, 1));

        assertThat(apply(service(VIP, MH, 1, 1, 1)))
                .containsExactly("add destination 10.0.0.3:80 of TCP 192.0.2.100:80");
    }

    @Test
    void aRealServerThatComesInBetweenHasThoseBehindItAddedAgainOneByOne() throws Exception {
        apply(service(VIP, MH, of(1, 1, 3, 1, 4, 1)));

        assertThat(apply(service(VIP, MH, of(1, 1, 2, 1, 3, 1, 4, 1))))
                .containsExactly(
                        "add destination 10.0.0.2:80 of TCP 192.0.2.100:80",
                        "delete destination 10.0.0.3:80 of TCP 192.0.2.100:80",
                        "add destination 10.0.0.3:80 of TCP 192.0.2.100:80",
                        "delete destination 10.0.0.4:80 of TCP 192.0.2.100:80",
                        "add destination 10.0.0.4:80 of TCP 192.0.2.100:80");
    }

    @Test
    void theSameComingInBetweenMovesNobodyUnderAnotherScheduler() throws Exception {
        apply(service(VIP, RR, of(1, 1, 3, 1, 4, 1)));

        assertThat(apply(service(VIP, RR, of(1, 1, 2, 1, 3, 1, 4, 1)))).hasSize(1);
    }

    @Test
    void aRealServerThatIsDrainedGivesUpItsSlotsAndDisturbsNobodyElse() throws Exception {
        apply(service(VIP, MH, 1, 1, 1));

        assertThat(apply(service(VIP, MH, 1, 0, 1)))
                .containsExactly(
                        "delete destination 10.0.0.2:80 of TCP 192.0.2.100:80",
                        "add destination 10.0.0.2:80 of TCP 192.0.2.100:80");
        assertThat(ipvs.hashed(VIP)).extracting(Map.Entry::getKey).containsExactly(realServer(3), realServer(1));
    }

    @Test
    void directorsWithDifferentPastsEndWithTheSameHashTable() throws Exception {
        FakeIpvs other = new FakeIpvs();
        Set<VirtualServerKey> oursThere = new HashSet<>();
        apply(service(VIP, RR, of(5, 3, 2, 1)));
        apply(service(VIP, MH, of(5, 3, 2, 0, 1, 4)));
        apply(service(VIP, MH, of(5, 0, 2, 2, 1, 4, 3, 1)));
        apply(service(VIP, MH, of(5, 0, 2, 2, 3, 1, 4, 6)));

        execute(
                other,
                oursThere,
                EnumSet.of(AddressFamily.IPV4),
                List.of(service(VIP, MH, of(5, 0, 2, 2, 3, 1, 4, 6))));

        assertThat(ipvs.hashed(VIP))
                .isEqualTo(other.hashed(VIP))
                .containsExactly(Map.entry(realServer(4), 6), Map.entry(realServer(3), 1), Map.entry(realServer(2), 2));
    }

    @Test
    void whatAnAdoptedServiceHasWithoutWeightIsAddedAnewSinceNobodyKnowsItsPast() throws Exception {
        ipvs.execute(new IpvsCommand.AddService(new VirtualServer(VIP, MH)));
        ipvs.execute(new IpvsCommand.AddDestination(VIP, new Destination(realServer(1), weight(5))));
        ipvs.execute(new IpvsCommand.SetDestination(VIP, new Destination(realServer(1), weight(0))));

        apply(service(VIP, MH, 0));

        assertThat(ipvs.hashed(VIP)).isEmpty();
        assertThat(apply(service(VIP, MH, 0))).isEmpty();
    }

    private List<String> apply(DesiredState.Service... services) throws Exception {
        Set<AddressFamily> held =
                services.length == 0 ? EnumSet.noneOf(AddressFamily.class) : EnumSet.of(AddressFamily.IPV4);
        return apply(held, List.of(services));
    }

    private List<String> apply(Set<AddressFamily> held, Collection<DesiredState.Service> services) throws Exception {
        return execute(ipvs, ours, held, services);
    }

    /** What was done, in words. */
    private static List<String> execute(
            FakeIpvs kernel,
            Set<VirtualServerKey> ours,
            Set<AddressFamily> held,
            Collection<DesiredState.Service> services)
            throws Exception {
        Map<VirtualServerKey, DesiredState.Service> desired = new LinkedHashMap<>();
        services.forEach(service -> desired.put(service.server().key(), service));
        kernel.takeExecuted();
        for (Step step : IpvsPlanner.steps(desired, held, kernel.table(), ours)) {
            kernel.execute(((Step.ChangeIpvs) step).command());
        }
        ours.clear();
        ours.addAll(desired.keySet());
        held.forEach(family -> ours.add(Placeholder.of(family).key()));
        return kernel.takeExecuted().stream().map(IpvsCommand::toString).toList();
    }

    /** Real servers 1, 2, 3 … with these weights. */
    private static DesiredState.Service service(VirtualServerKey key, VirtualServerConfig config, int... weights) {
        Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
        for (int i = 0; i < weights.length; i++) {
            destinations.put(realServer(i + 1), weight(weights[i]));
        }
        return service(key, config, destinations);
    }

    private static DesiredState.Service service(
            VirtualServerKey key, VirtualServerConfig config, Map<DestinationKey, DestinationConfig> destinations) {
        return new DesiredState.Service(
                new VirtualServer(key, config), destinations, Set.of(), "edge", new SliceName("shop", "web"));
    }

    /** Numbers of real servers and their weights, in turn; in the order of the numbers. */
    private static Map<DestinationKey, DestinationConfig> of(int... numbersAndWeights) {
        Map<Integer, Integer> weights = new TreeMap<>();
        for (int i = 0; i < numbersAndWeights.length; i += 2) {
            weights.put(numbersAndWeights[i], numbersAndWeights[i + 1]);
        }
        Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
        weights.forEach((number, weight) -> destinations.put(realServer(number), weight(weight)));
        return destinations;
    }

    private static DestinationKey realServer(int number) {
        return new DestinationKey(IpAddress.parse("10.0.0." + number), 80);
    }

    private static DestinationConfig weight(int weight) {
        return DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, weight);
    }

    private static VirtualServerKey tcp(String address) {
        return new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse(address), 80);
    }
}
