package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import java.util.Map;

/**
 * All roles of all nodes.
 *
 * @param byFleet parts per fleet name
 * @param byNode what the LvsNode of each node must say; nodes without a role are not in it
 */
public record Roles(Map<String, FleetRoles> byFleet, Map<String, LvsNodeSpec> byNode) {}
