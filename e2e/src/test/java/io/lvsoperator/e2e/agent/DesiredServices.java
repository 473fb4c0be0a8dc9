package io.lvsoperator.e2e.agent;

import io.lvsoperator.agent.desired.DesiredSettings;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.plan.Observed;
import io.lvsoperator.agent.plan.Plan;
import io.lvsoperator.agent.plan.Planner;
import io.lvsoperator.agent.plan.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services that one kernel shall have, one state after the other, and the agent's plans that bring them there. */
final class DesiredServices {
    private static final NetworkState NO_NETWORK = new NetworkState(List.of(), List.of());

    private final Ipvs ipvs;
    private Ledger ledger = Ledger.EMPTY;

    DesiredServices(Ipvs ipvs) {
        this.ipvs = ipvs;
    }

    static DesiredState.Service service(VirtualServer server, Map<DestinationKey, DestinationConfig> destinations) {
        return new DesiredState.Service(server, destinations, Set.of(), "edge", new SliceName("shop", "web"));
    }

    /** One pass: what was executed. */
    List<IpvsCommand> apply(Iterable<DesiredState.Service> services) throws Exception {
        Plan plan = Planner.plan(
                desired(services), new Observed(new Observed.Table(ipvs.table()), NO_NETWORK, Map.of()), ledger, "d1");
        List<IpvsCommand> commands = plan.steps().stream()
                .map(step -> ((Step.ChangeIpvs) step).command())
                .toList();
        for (CommandResult result : ipvs.execute(commands)) {
            if (result.error().isPresent()) {
                throw new IllegalStateException(result.error().get().toString());
            }
        }
        ledger = plan.ledgerAfter();
        return commands;
    }

    private static DesiredState desired(Iterable<DesiredState.Service> services) {
        Map<VirtualServerKey, DesiredState.Service> byKey = new LinkedHashMap<>();
        services.forEach(service -> byKey.put(service.server().key(), service));
        return new DesiredState(byKey, List.of(), List.of(), DesiredSettings.NONE, Map.of());
    }

    /** As an agent that lost its state directory. */
    void forget() {
        ledger = Ledger.EMPTY;
    }
}
