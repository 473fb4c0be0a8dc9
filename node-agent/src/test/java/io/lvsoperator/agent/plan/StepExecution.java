package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;

/** Carries steps out one by one; a refused one fails the test. */
final class StepExecution {
    private StepExecution() {}

    static void execute(List<Step> steps, Ipvs ipvs, Links links) throws NetlinkException, IpvsUnavailableException {
        for (Step step : steps) {
            switch (step) {
                case Step.ChangeIpvs change -> ipvs.execute(change.command());
                case Step.ConfigureDevice device -> links.set(device.interfaceIndex(), device.settings());
                case Step.SetKernel change -> throw new IllegalArgumentException("not carried out here: " + change);
                case Step.HoldVip hold -> links.add(hold.address());
                case Step.ReleaseVip release ->
                    links.delete(
                            release.interfaceIndex(),
                            release.vip(),
                            release.vip().family().addressBits());
            }
        }
    }
}
