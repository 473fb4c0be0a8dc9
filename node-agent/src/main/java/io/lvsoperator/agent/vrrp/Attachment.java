package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.link.Link;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;

/**
 * A usable way to the other routers of one interface and family.
 *
 * @param link as seen last
 * @param mac of the interface
 * @param source the address that we send from: never a VIP
 * @param socket open, bound to the interface
 * @param group whether the socket hears the group
 */
record Attachment(Link link, MacAddress mac, IpAddress source, AdvertisementSocket socket, boolean group) {

    Attachment withLink(Link seen, MacAddress seenMac) {
        return new Attachment(seen, seenMac, source, socket, group);
    }
}
