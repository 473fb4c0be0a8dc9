package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.NotFromC;

/**
 * A service that no packet meets, one for each family, without destinations.
 *
 * <p>With the last service of a family the kernel takes its hooks out of that family's path, and the packets of every connection
 * that still goes on reach the director's own TCP, which resets them. As long as a placeholder stands no service is the last.
 * Its firewall mark {@value #MARK} (0x7e000010) is reserved as those of {@link SchedulerProbe} are.
 */
public final class Placeholder {
    @NotFromC("our choice, the first after the marks of SchedulerProbe")
    private static final int MARK = 0x7e000010;

    private Placeholder() {}

    /** The placeholder of that family. */
    public static VirtualServer of(AddressFamily family) {
        return new VirtualServer(
                new VirtualServerKey.FirewallMark(family, MARK), VirtualServerConfig.of(Scheduler.RR, family));
    }

    /** True for the placeholder of either family. */
    public static boolean is(VirtualServerKey key) {
        return key instanceof VirtualServerKey.FirewallMark(var _, var mark) && mark == MARK;
    }
}
