package io.lvsoperator.agent.plan;

import static io.lvsoperator.agent.kernel.Assignments.NODE;
import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.kernel.FakeIpvs;
import io.lvsoperator.agent.kernel.FakeLinks;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random desired states and random interference: one pass converges, the next is empty, edits are minimal. */
class PlannerConvergenceTest {
    private static final VirtualServerKey FOREIGN = new VirtualServerKey.FirewallMark(AddressFamily.IPV4, 4711);
    private static final List<SchedulerName> SCHEDULERS = List.of(SchedulerName.values());
    private static final int ROUNDS = 200;

    private final FakeIpvs ipvs = new FakeIpvs();
    private final FakeLinks links = new FakeLinks().with(2, "eth0", "192.0.2.11/24");

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4_000, 50_000, 2026})
    void everyRandomDesiredStateIsReachedInOnePassWithTheFewestCommands(long seed) throws Exception {
        Random random = new Random(seed);
        Ledger ledger = Ledger.EMPTY;
        ipvs.execute(new IpvsCommand.AddService(new VirtualServer(
                FOREIGN, VirtualServerConfig.of(io.lvsoperator.agent.ipvs.Scheduler.RR, AddressFamily.IPV4))));
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
            assertThat(tableOf(desired)).as("round %d", round).isEqualTo(tableOfOurs());
            assertThat(plan(desired, ledger).steps()).as("round %d", round).isEmpty();
            assertThat(ipvs.table().servers()).as("round %d", round).containsKey(FOREIGN);
        }
    }

    private Plan plan(DesiredState desired, Ledger ledger) throws Exception {
        return Planner.plan(
                desired, new Observed(new Observed.Table(ipvs.table()), links.state(), Map.of()), ledger, NODE);
    }

    /** A stranger deletes some services and destinations. */
    private void interfere(Random random) throws Exception {
        for (VirtualServerKey key : List.copyOf(ipvs.table().servers().keySet())) {
            if (!key.equals(FOREIGN) && random.nextInt(10) == 0) {
                ipvs.execute(new IpvsCommand.DeleteService(key));
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
                        random.nextBoolean() ? ForwardingMethod.DR : ForwardingMethod.NAT,
                        SCHEDULERS.get(random.nextInt(SCHEDULERS.size())),
                        Phase.SERVING,
                        "192.0.2." + (100 + i),
                        80,
                        realServers.toArray(VirtualServerSliceSpec.SliceRealServer[]::new)));
            }
        }
        return director(slices.toArray(VirtualServerSliceSpec[]::new));
    }

    private record ServiceContent(VirtualServerConfig config, Map<DestinationKey, DestinationConfig> destinations) {}

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
        return content;
    }

    private static Map<VirtualServerKey, ServiceContent> contentOf(IpvsTable table) {
        Map<VirtualServerKey, ServiceContent> content = new HashMap<>();
        table.servers().forEach((key, server) -> {
            Map<DestinationKey, DestinationConfig> destinations = new HashMap<>();
            server.destinations()
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
        int count = links.takeChanges().isEmpty() ? 0 : 1;
        for (Map.Entry<VirtualServerKey, ServiceContent> entry : wanted.entrySet()) {
            ServiceContent found = present.get(entry.getKey());
            if (found == null) {
                count += 1 + entry.getValue().destinations().size();
                continue;
            }
            count += found.config().equals(entry.getValue().config()) ? 0 : 1;
            Map<DestinationKey, DestinationConfig> all = new HashMap<>(found.destinations());
            all.putAll(entry.getValue().destinations());
            count += (int) all.keySet().stream()
                    .filter(key -> !java.util.Objects.equals(
                            found.destinations().get(key),
                            entry.getValue().destinations().get(key)))
                    .count();
        }
        count += (int) present.keySet().stream()
                .filter(key -> ours.contains(key) && !wanted.containsKey(key))
                .count();
        return count;
    }
}
