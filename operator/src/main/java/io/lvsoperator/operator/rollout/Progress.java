package io.lvsoperator.operator.rollout;

import java.util.Set;

/**
 * How far the nodes are with the slice as it stands.
 *
 * @param holders real-server nodes that have applied it, and so hold every VIP that it lists for them
 * @param coming real-server nodes that are about to: ready, without having applied it or failed to
 * @param directorsLetGo whether no director uses anything any more that the slice has as Leaving or does not list
 * @param nodesLetGo whether no node holds anything any more that the slice does not list
 */
public record Progress(Set<String> holders, Set<String> coming, boolean directorsLetGo, boolean nodesLetGo) {}
