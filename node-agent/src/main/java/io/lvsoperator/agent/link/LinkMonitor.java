package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.Pollable;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkMonitor;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import java.util.List;

/** Tells when interfaces or addresses change, whoever changes them. For one thread. */
public final class LinkMonitor implements AutoCloseable {
    private final NetlinkMonitor monitor;

    private LinkMonitor(NetlinkMonitor monitor) {
        this.monitor = monitor;
    }

    /** Hears everything from now on; list the state after this, so that nothing falls between. */
    public static LinkMonitor open() throws NetlinkException {
        return new LinkMonitor(NetlinkMonitor.open(
                NetlinkProtocol.NETLINK_ROUTE,
                List.of(Rtnetlink.RTNLGRP_LINK, Rtnetlink.RTNLGRP_IPV4_IFADDR, Rtnetlink.RTNLGRP_IPV6_IFADDR)));
    }

    /** Ready when there are {@link #events}; for a {@link io.lvsoperator.agent.nativeaccess.Poller}. */
    public Pollable source() {
        return monitor.source();
    }

    /** The events that wait, oldest first; a {@link LinkEvent.Resync} stands for all that could not be had. */
    public List<LinkEvent> events() {
        try {
            return monitor.read(RtnetlinkReplies::event);
        } catch (NetlinkException e) {
            return List.of(new LinkEvent.Resync(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        monitor.close();
    }
}
