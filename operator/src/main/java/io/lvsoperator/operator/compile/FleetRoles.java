package io.lvsoperator.operator.compile;

import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes have which part in one fleet.
 *
 * @param chosenDirectors nodes that the fleet chooses as directors
 * @param directors those of them that have the role, the preferred one first
 * @param realServerNodes nodes that have the real-server role, those on their way out included
 * @param directorsAlsoRealServers nodes that both selectors match; they are directors only
 * @param conflicts nodes where another fleet has this fleet's virtual router id
 * @param virtualRouterId the fleet's; none when it names none and none was free, and then it directs nothing
 */
public record FleetRoles(
        SortedSet<String> chosenDirectors,
        List<String> directors,
        SortedSet<String> realServerNodes,
        SortedSet<String> directorsAlsoRealServers,
        List<RouterIdConflict> conflicts,
        @Nullable Integer virtualRouterId) {

    /** Another fleet directs a node with the same virtual router id. */
    public record RouterIdConflict(String node, String holder, int virtualRouterId) {}
}
