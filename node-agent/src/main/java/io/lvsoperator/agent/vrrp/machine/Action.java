package io.lvsoperator.agent.vrrp.machine;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Advertisement;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.util.List;

/** What a virtual router wants done, in the order of the list that carries it. */
public sealed interface Action {

    /** Send this to the group. */
    record SendAdvertisement(Advertisement advertisement) implements Action {}

    /** Put these addresses on the interface, where they are not there. */
    record AddVips(List<IpAddress> vips) implements Action {}

    /** Take these addresses from the interface, as far as they are there and ours, and announce them no more. */
    record RemoveVips(List<IpAddress> vips) implements Action {}

    /** Tell the neighbours that these addresses are here: now, and some times more. */
    record Announce(List<IpAddress> vips) implements Action {}

    /** Run this timer. It takes the place of any other: a virtual router has one timer at a time. */
    record StartTimer(Timer timer) implements Action {}

    /** Stop the timer of this generation. */
    record CancelTimer(long generation) implements Action {}

    /** Tell that the state has changed. */
    record ReportTransition(VirtualRouterState from, VirtualRouterState to, Cause cause) implements Action {}

    /** Tell that a timer was found expired this long after its deadline, longer than the down interval. */
    record ReportStall(long lateNanos) implements Action {}
}
