package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which directors of a fleet are Active, by family. A node whose agent is not ready does not count: nobody speaks for it. */
public record ActiveDirectors(Map<AddressFamily, SortedSet<String>> byFamily) {

    /** Reads them from the reports of the agents. */
    public static ActiveDirectors of(List<AgentView> agents, String fleet) {
        Map<AddressFamily, SortedSet<String>> byFamily = new EnumMap<>(AddressFamily.class);
        for (AddressFamily family : AddressFamily.values()) {
            byFamily.put(family, new TreeSet<>());
        }
        for (AgentView agent : agents) {
            if (agent.isReady() && agent.directs(fleet)) {
                NodeTrouble.routers(agent)
                        .filter(r -> r.fleet().equals(fleet) && r.state() == VirtualRouterState.ACTIVE)
                        .forEach(r -> in(byFamily, r.family()).add(agent.node()));
            }
        }
        return new ActiveDirectors(byFamily);
    }

    /** Nodes that are Active for a family; more than one while two claim it. */
    public SortedSet<String> of(AddressFamily family) {
        return in(byFamily, family);
    }

    private static SortedSet<String> in(Map<AddressFamily, SortedSet<String>> byFamily, AddressFamily family) {
        return byFamily.getOrDefault(family, new TreeSet<>());
    }
}
