package io.lvsoperator.e2e.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes of a test do at each moment, and what must never be: a director that sends to a node for a VIP that the node
 * does not hold.
 */
final class Segment {
    private final Map<String, NodeState> states = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** A director uses a node as a real server for a VIP. */
    record Use(String vip, String node) {}

    /** VIPs that a node holds as a real server, and what it does as a director. */
    record NodeState(Set<String> held, Set<Use> used) {}

    /** A node has changed; null: it could not, and stays as it was. */
    synchronized void apply(String node, @Nullable NodeState state) {
        if (state == null) {
            return;
        }
        states.put(node, state);
        check();
    }

    synchronized void clear(String node) {
        if (states.remove(node) != null) {
            check();
        }
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized boolean holds(String node, String vip) {
        NodeState state = states.get(node);
        return state != null && state.held().contains(vip);
    }

    synchronized boolean uses(String director, String vip, String node) {
        NodeState state = states.get(director);
        return state != null && state.used().contains(new Use(vip, node));
    }

    private void check() {
        states.forEach((director, state) -> state.used().forEach(use -> {
            NodeState target = states.get(use.node());
            if (target == null || !target.held().contains(use.vip())) {
                violations.add(director + " sends to " + use.node() + " for " + use.vip() + ", which it does not hold: "
                        + states);
            }
        }));
    }
}
