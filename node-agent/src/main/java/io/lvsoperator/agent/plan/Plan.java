package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way from what is to what shall be.
 *
 * @param steps in the order in which they have to be done
 * @param ledgerBefore to be on disk before the first step
 * @param ledgerAfter to be on disk once every step was done
 * @param problems of whole roles, by fleet: such a role is not applied
 * @param unservable services that could be programmed, but not serve anybody: their VIPs are not offered for them
 * @param settingProblems settings of the kernel that cannot be had
 * @param adopted services that stood in the kernel already, made by somebody else, and are ours from now on
 * @param foreignServices number of virtual servers that are none of ours
 * @param hashDigests by fleet, {@link HashDigest} of the services that the mh scheduler serves
 */
public record Plan(
        List<Step> steps,
        Ledger ledgerBefore,
        Ledger ledgerAfter,
        Map<String, Problem> problems,
        Map<VirtualServerKey, Problem> unservable,
        Map<KernelSetting, Problem> settingProblems,
        Set<VirtualServerKey> adopted,
        int foreignServices,
        Map<String, String> hashDigests) {
    public Plan {
        steps = List.copyOf(steps);
        problems = Map.copyOf(problems);
        unservable = Map.copyOf(unservable);
        settingProblems = Map.copyOf(settingProblems);
        adopted = Set.copyOf(adopted);
        hashDigests = Map.copyOf(hashDigests);
    }
}
