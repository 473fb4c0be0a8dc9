package io.lvsoperator.agent.heartbeat;

import io.lvsoperator.agent.heartbeat.wire.Heartbeat;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.List;
import java.util.Set;

/**
 * The virtual routers of a fleet on this node.
 *
 * @param unheard families of those that have heard no advert for longer than the down interval
 */
public record FleetView(List<Heartbeat.Router> routers, Set<AddressFamily> unheard) {}
