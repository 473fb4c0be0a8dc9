package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.link.HostAddress;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.Map;
import java.util.Optional;

/** One change of the kernel. */
public sealed interface Step {

    /**
     * A change of the IPVS table.
     *
     * @param origin the slice that it is for; empty when something is cleaned up
     */
    record ChangeIpvs(IpvsCommand command, Optional<SliceName> origin) implements Step {}

    /**
     * Sets an interface's IPv4 settings.
     *
     * @param fleet that asks for it; empty when former values are restored
     */
    record ConfigureDevice(
            int interfaceIndex, String interfaceName, Map<DeviceSetting, Integer> settings, Optional<String> fleet)
            implements Step {
        public ConfigureDevice {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Sets a setting of the kernel as a whole.
     *
     * @param fleet that asks for it; empty when the former value is restored
     */
    record SetKernel(KernelSetting setting, int value, Optional<String> fleet) implements Step {}

    /** Puts a VIP on the loopback. */
    record HoldVip(HostAddress address, String fleet) implements Step {}

    /** Takes a VIP off the loopback. */
    record ReleaseVip(int interfaceIndex, IpAddress vip) implements Step {}
}
