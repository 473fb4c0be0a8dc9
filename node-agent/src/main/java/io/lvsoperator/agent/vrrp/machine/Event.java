package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Advertisement;

/** What happens to a virtual router. */
public sealed interface Event {

    /** It shall take part from now on. */
    record Startup() implements Event {}

    /** It shall end. */
    record Shutdown(Ending ending) implements Event {}

    /** Its interface can send and receive, from an address of its own. */
    record LinkUp() implements Event {}

    /** Its interface cannot. */
    record LinkDown() implements Event {}

    /**
     * A valid advertisement for this virtual router has come from another router.
     *
     * @param ownSource the address that we send from, for the tie-break
     */
    record AdvertisementReceived(Advertisement advertisement, IpAddress source, IpAddress ownSource) implements Event {}

    /** A timer has expired, perhaps one that was cancelled meanwhile. */
    record TimerExpired(long generation) implements Event {}

    /** From now on it runs with other settings. */
    record SettingsChanged(RouterSettings settings) implements Event {}

    /** Why it ends. */
    enum Ending {
        /** This agent stops; the configuration stands, and another agent will take over here. */
        AGENT_STOPS,
        /** The virtual router is no longer configured on this node: nothing of it may remain. */
        WITHDRAWN
    }
}
