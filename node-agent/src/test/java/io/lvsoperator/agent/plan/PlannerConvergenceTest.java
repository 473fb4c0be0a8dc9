package io.lvsoperator.agent.plan;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Placeholder;
import io.lvsoperator.agent.ipvs.Scheduler;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random desired states and random interference: one pass converges, the next is empty, edits are minimal. */
class PlannerConvergenceTest {
    private static final VirtualServerKey FOREIGN = new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 4711);
    private static final VirtualServerKey PLACEHOLDER =
            Placeholder.of(AddressFamily.IPV4).key();
    private static final List<SchedulerName> SCHEDULERS = List.of(SchedulerName.values());
    private static final int ROUNDS = 200;

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4_000, 50_000, 2026})
    void everyRandomDesiredStateIsReachedInOnePassWithTheFewestCommands(long seed) throws Exception {
        Random random = new Random(seed);
        Ledger ledger = Ledger.EMPTY;
        putForeignService();
        List<ObservedServer> foreign = foreignServices();
        for (int round = 0; round < ROUNDS; round++) {
            interfere(random);
            Assignment assignment = randomAssignment(random);
            DesiredState desired = DesiredStateCompiler.compile(assignment, NODE);
            IpvsTable before = ipvs.table();

            Plan plan = plan(desired, ledger);
            StepExecution.execute(plan.steps(), ipvs, links);
            Set<VirtualServerKey> oursBefore = ledger.services();
            ledger = plan.ledgerAfter();

            assertThat(plan.steps()).as("round %d", round).hasSize(differences(desired, before, oursBefore));
            assertHashTablesDependOnNothingElse(desired);
            assertThat(tableOf(desired)).as("round %d", round).isEqualTo(tableOfOurs());
            assertThat(plan(desired, ledger).steps()).as("round %d", round).isEmpty();
            assertThat(foreignServices()).as("round %d", round).isEqualTo(foreign);
        }
    }

    private Plan plan(DesiredState desired, Ledger ledger) throws Exception {
        return Planner.plan(
                desired, new Observed(new Observed.Table(ipvs.table()), links.state(), Map.of()), ledger, NODE);
    }

    private void putForeignService() throws Exception {
        ipvs.execute(new IpvsCommand.AddService(
                new VirtualServer(FOREIGN, VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4))));
        ipvs.execute(new IpvsCommand.AddDestination(FOREIGN, stranger()));
    }

    private List<ObservedServer> foreignServices() throws Exception {
        return ipvs.table().servers().values().stream()
                .filter(server -> server.server().key().equals(FOREIGN))
                .toList();
    }

    private static Destination stranger() {
        return new Destination(
                new DestinationKey(IpAddress.parse("10.0.0.66"), 80),
                DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, 1));
    }

    /** A stranger deletes and alters services and destinations, adds some of his own, and disturbs their order. */
    private void interfere(Random random) throws Exception {
        for (ObservedServer server : List.copyOf(ipvs.table().servers().values())) {
            VirtualServerKey key = server.server().key();
            if (key.equals(FOREIGN)) {
                continue;
            }
            switch (random.nextInt(12)) {
                case 0 -> ipvs.execute(new IpvsCommand.DeleteService(key));
                case 1 ->
                    ipvs.execute(new IpvsCommand.SetService(
                            new VirtualServer(key, VirtualServerConfig.of(Scheduler.WLC, key.family()))));
                case 2 -> ipvs.execute(new IpvsCommand.AddDestination(key, stranger()));
                case 3, 4 -> disturb(random, key, server.destinations());
                default -> {}
            }
        }
    }

    private void disturb(Random random, VirtualServerKey key, List<ObservedDestination> destinations) throws Exception {
        for (ObservedDestination observed : destinations) {
            Destination destination = observed.destination();
            Destination altered =
                    new Destination(destination.key(), destination.config().withWeight(1 + random.nextInt(4)));
            switch (random.nextInt(4)) {
                case 0 -> ipvs.execute(new IpvsCommand.DeleteDestination(key, destination.key()));
                case 1 -> ipvs.execute(new IpvsCommand.SetDestination(key, altered));
                case 2 -> {
                    ipvs.execute(new IpvsCommand.DeleteDestination(key, destination.key()));
                    ipvs.execute(new IpvsCommand.AddDestination(key, altered));
                }
                default -> {}
            }
        }
    }

    /** The last one added comes first; those without weight have no slots, whatever they had before. */
    private void assertHashTablesDependOnNothingElse(DesiredState desired) {
        for (DesiredState.Service service : desired.services().values()) {
            if (service.server().config().scheduler().equals("mh")) {
                List<Map.Entry<DestinationKey, Integer>> expected = service.destinations().entrySet().stream()
                        .filter(entry -> entry.getValue().weight() > 0)
                        .map(entry -> Map.entry(entry.getKey(), entry.getValue().weight()))
                        .toList();
                assertThat(ipvs.hashed(service.server().key())).isEqualTo(expected.reversed());
            }
        }
    }

    private static Assignment randomAssignment(Random random) {
        List<VirtualServerSliceSpec> slices = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextBoolean()) {
                List<VirtualServerSliceSpec.SliceRealServer> realServers = new ArrayList<>();
                for (int r = 1; r <= 6; r++) {
                    if (random.nextBoolean()) {
                        realServers.add(at("10.0.0." + r, random.nextInt(3)));
                    }
                }
                slices.add(slice(
                        random.nextBoolean()
                                ? io.lvsoperator.api.v1alpha1.ForwardingMethod.DR
                                : io.lvsoperator.api.v1alpha1.ForwardingMethod.NAT,
                        random.nextBoolean() ? SchedulerName.MH : SCHEDULERS.get(random.nextInt(SCHEDULERS.size())),
                        Phase.SERVING,
                        "192.0.2." + (100 + i),
                        80,
                        realServers.toArray(VirtualServerSliceSpec.SliceRealServer[]::new)));
            }
        }
        return director(slices.toArray(VirtualServerSliceSpec[]::new));
    }

    private record ServiceContent(VirtualServerConfig config, Map<DestinationKey, DestinationConfig> destinations) {
        boolean isHashed() {
            return config.scheduler().equals("mh");
        }
    }

    private static Map<VirtualServerKey, ServiceContent> tableOf(DesiredState desired) {
        Map<VirtualServerKey, ServiceContent> content = new HashMap<>();
        desired.services()
                .forEach((key, service) ->
                        content.put(key, new ServiceContent(service.server().config(), service.destinations())));
        return content;
    }

    private Map<VirtualServerKey, ServiceContent> tableOfOurs() throws Exception {
        Map<VirtualServerKey, ServiceContent> content = contentOf(ipvs.table());
        content.remove(FOREIGN);
        content.remove(PLACEHOLDER);
        return content;
    }

    /** Destinations in the order in which they were added. */
    private static Map<VirtualServerKey, ServiceContent> contentOf(IpvsTable table) {
        Map<VirtualServerKey, ServiceContent> content = new HashMap<>();
        table.servers().forEach((key, server) -> {
            Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();
            server.destinations()
                    .reversed()
                    .forEach(d -> destinations.put(
                            d.destination().key(), d.destination().config()));
            content.put(key, new ServiceContent(server.server().config(), destinations));
        });
        return content;
    }

    /** Counted here anew, object by object: the device settings of NAT are counted by what they were. */
    private int differences(DesiredState desired, IpvsTable before, Set<VirtualServerKey> ours) {
        Map<VirtualServerKey, ServiceContent> present = contentOf(before);
        Map<VirtualServerKey, ServiceContent> wanted = tableOf(desired);
        if (!wanted.isEmpty() || present.containsKey(PLACEHOLDER)) {
            wanted.put(
                    PLACEHOLDER,
                    new ServiceContent(VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4), Map.of()));
        }
        int count = links.takeChanges().isEmpty() ? 0 : 1;
        for (Map.Entry<VirtualServerKey, ServiceContent> entry : wanted.entrySet()) {
            ServiceContent found = present.get(entry.getKey());
            if (found == null) {
                count += 1 + entry.getValue().destinations().size();
                continue;
            }
            count += found.config().equals(entry.getValue().config()) ? 0 : 1;
            count += entry.getValue().isHashed()
                    ? hashedDifferences(entry.getValue(), found, ours.contains(entry.getKey()))
                    : plainDifferences(entry.getValue(), found);
        }
        count += (int) present.keySet().stream()
                .filter(key -> ours.contains(key) && !wanted.containsKey(key))
                .count();
        return count;
    }

    private static int plainDifferences(ServiceContent wanted, ServiceContent found) {
        Map<DestinationKey, DestinationConfig> all = new HashMap<>(found.destinations());
        all.putAll(wanted.destinations());
        return (int) all.keySet().stream()
                .filter(key -> !Objects.equals(
                        found.destinations().get(key), wanted.destinations().get(key)))
                .count();
    }

    /** Tries every number of destinations that might stay, from all down: the oldest that stand in order already. */
    private static int hashedDifferences(ServiceContent wanted, ServiceContent found, boolean ours) {
        List<DestinationKey> weighted = wanted.destinations().keySet().stream()
                .filter(key -> weight(wanted, key) > 0)
                .toList();
        int staying = weighted.size();
        while (!found.destinations().keySet().stream()
                .filter(new HashSet<>(weighted.subList(0, staying))::contains)
                .toList()
                .equals(weighted.subList(0, staying))) {
            staying--;
        }
        Set<DestinationKey> again = new HashSet<>(weighted.subList(staying, weighted.size()));
        wanted.destinations().keySet().stream()
                .filter(key -> weight(wanted, key) == 0)
                .filter(key -> weight(found, key) != 0 || !ours || !found.isHashed())
                .forEach(again::add);
        again.retainAll(found.destinations().keySet());
        ServiceContent others = new ServiceContent(wanted.config(), without(wanted, again));
        return 2 * again.size() + plainDifferences(others, new ServiceContent(found.config(), without(found, again)));
    }

    private static int weight(ServiceContent content, DestinationKey key) {
        DestinationConfig config = content.destinations().get(key);
        return config == null ? 0 : config.weight();
    }

    private static Map<DestinationKey, DestinationConfig> without(ServiceContent content, Set<DestinationKey> keys) {
        Map<DestinationKey, DestinationConfig> rest = new HashMap<>(content.destinations());
        rest.keySet().removeAll(keys);
        return rest;
    }
}
