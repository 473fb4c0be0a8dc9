package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.vrrp.VrrpConfig;
import java.time.Duration;

/** VRRP as the reconcile loop sees it: it says which virtual routers shall run with which VIPs, and never touches a VIP. */
public interface Election {

    /** Runs exactly these virtual routers from now on. Returns at once. */
    void configure(VrrpConfig config);

    /**
     * Waits until what was handed over last has been carried out, so that VIPs that are no longer in it are off the
     * interfaces.
     *
     * @return false when that took longer than {@code atMost}
     */
    boolean awaitSettled(Duration atMost) throws InterruptedException;
}
