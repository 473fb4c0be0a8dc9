package io.lvsoperator.operator.status;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.operator.compile.DirectorNeeds;
import io.lvsoperator.operator.compile.FleetRoles;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the status of a fleet is made of.
 *
 * @param directors the nodes that have the role, as they are
 * @param servedFamilies families of the VIPs that the fleet serves
 * @param needs what its services ask of the directors' kernels
 * @param notDeployed why the agents' DaemonSet is not as it must be, in words; empty when it is
 * @param secretsNotWritten why the Secret that the agents read is not as it must be, in words; empty when it is
 * @param passwordNotFound why the password that the fleet asks for cannot be had, in words; empty when it can, or it asks for none
 * @param newestSlice resourceVersion of the slice of the fleet that was written last; empty when it has none
 * @param awaited what a fleet that is being deleted waits for, in words; empty otherwise
 */
public record FleetObservation(
        String fleet,
        long generation,
        boolean deleting,
        FleetRoles roles,
        List<AgentView> directors,
        Set<AddressFamily> servedFamilies,
        DirectorNeeds needs,
        ActiveDirectors active,
        Optional<String> notDeployed,
        Optional<String> secretsNotWritten,
        Optional<String> passwordNotFound,
        Optional<String> newestSlice,
        List<String> awaited) {}
