package io.lvsoperator.agent.link;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.nativeaccess.MacAddress;
import io.lvsoperator.agent.netlink.AttributeReader;
import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The messages of rtnetlink. Empty where one is about something else than an interface, or an IPv4 or IPv6 address. */
final class RtnetlinkReplies {
    private RtnetlinkReplies() {}

    static Optional<LinkEvent> event(NetlinkMessage message) throws MalformedMessageException {
        return switch (message.type()) {
            case Rtnetlink.RTM_NEWLINK -> link(message).map(LinkEvent.LinkChanged::new);
            case Rtnetlink.RTM_DELLINK -> link(message).map(LinkEvent.LinkRemoved::new);
            case Rtnetlink.RTM_NEWADDR -> address(message).map(LinkEvent.AddressChanged::new);
            case Rtnetlink.RTM_DELADDR -> address(message).map(LinkEvent.AddressRemoved::new);
            default -> Optional.empty();
        };
    }

    /** A bridge tells in the same message types, under its own family, of ports that join and leave: not of interfaces. */
    static Optional<Link> link(NetlinkMessage message) throws MalformedMessageException {
        var header = header(message, Rtnetlink.IFINFOMSG_SIZE);
        if (header.get(Rtnetlink.IFI_FAMILY) != Rtnetlink.AF_UNSPEC) {
            return Optional.empty();
        }
        var ethernet = header.getShort(Rtnetlink.IFI_TYPE) == Rtnetlink.ARPHRD_ETHER;
        var name = "";
        var mtu = 0;
        var hardware = Optional.<MacAddress>empty();
        var kind = Optional.<String>empty();
        var settings = Map.<DeviceSetting, Integer>of();
        var attributes = attributes(message, Rtnetlink.IFINFOMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Rtnetlink.IFLA_IFNAME -> name = attributes.string();
                case Rtnetlink.IFLA_MTU -> mtu = attributes.s32();
                case Rtnetlink.IFLA_ADDRESS -> hardware = ethernet ? Optional.of(mac(attributes)) : Optional.empty();
                case Rtnetlink.IFLA_LINKINFO -> kind = kind(attributes.nested());
                case Rtnetlink.IFLA_AF_SPEC -> settings = ipv4Settings(attributes.nested());
                default -> {}
            }
        }
        return Optional.of(new Link(
                header.getInt(Rtnetlink.IFI_INDEX),
                name,
                header.getInt(Rtnetlink.IFI_FLAGS),
                mtu,
                hardware,
                kind,
                settings));
    }

    private static MacAddress mac(AttributeReader attribute) throws MalformedMessageException {
        var bytes = new byte[MacAddress.LENGTH];
        attribute.struct(MacAddress.LENGTH).get(bytes);
        return MacAddress.of(bytes);
    }

    private static Optional<String> kind(AttributeReader linkInfo) throws MalformedMessageException {
        while (linkInfo.next()) {
            if (linkInfo.type() == Rtnetlink.IFLA_INFO_KIND) {
                return Optional.of(linkInfo.string());
            }
        }
        return Optional.empty();
    }

    private static Map<DeviceSetting, Integer> ipv4Settings(AttributeReader families) throws MalformedMessageException {
        while (families.next()) {
            if (families.type() == Rtnetlink.AF_INET) {
                var ipv4 = families.nested();
                while (ipv4.next()) {
                    if (ipv4.type() == Rtnetlink.IFLA_INET_CONF) {
                        return settings(ipv4.bytes());
                    }
                }
            }
        }
        return Map.of();
    }

    /** When it lists them the kernel has them as an array, in which setting n is the n-th from 1. */
    private static Map<DeviceSetting, Integer> settings(ByteBuffer values) {
        var settings = new EnumMap<DeviceSetting, Integer>(DeviceSetting.class);
        for (var setting : DeviceSetting.values()) {
            var offset = (setting.number() - 1) * Integer.BYTES;
            if (offset + Integer.BYTES <= values.limit()) {
                settings.put(setting, values.getInt(offset));
            }
        }
        return settings;
    }

    static Optional<InterfaceAddress> address(NetlinkMessage message) throws MalformedMessageException {
        var header = header(message, Rtnetlink.IFADDRMSG_SIZE);
        var family = family(header.get(Rtnetlink.IFA_FAMILY));
        if (family.isEmpty()) {
            return Optional.empty();
        }
        var fields = new AddressFields(family.get(), Byte.toUnsignedLong(header.get(Rtnetlink.IFA_HEADER_FLAGS)));
        var attributes = attributes(message, Rtnetlink.IFADDRMSG_SIZE);
        while (attributes.next()) {
            fields.take(attributes);
        }
        return Optional.of(new InterfaceAddress(
                header.getInt(Rtnetlink.IFA_INDEX),
                fields.own(),
                Byte.toUnsignedInt(header.get(Rtnetlink.IFA_PREFIXLEN)),
                (int) fields.flags,
                fields.label,
                fields.protocol,
                fields.preferred,
                fields.valid));
    }

    private static final class AddressFields {
        private final AddressFamily family;
        private Optional<IpAddress> local = Optional.empty();
        private Optional<IpAddress> address = Optional.empty();
        private long flags;
        private Optional<String> label = Optional.empty();
        private int protocol;
        private long preferred = InterfaceAddress.FOREVER;
        private long valid = InterfaceAddress.FOREVER;

        AddressFields(AddressFamily family, long headerFlags) {
            this.family = family;
            this.flags = headerFlags;
        }

        void take(AttributeReader attribute) throws MalformedMessageException {
            switch (attribute.type()) {
                case Rtnetlink.IFA_LOCAL -> local = Optional.of(attribute.address(family));
                case Rtnetlink.IFA_ADDRESS -> address = Optional.of(attribute.address(family));
                case Rtnetlink.IFA_LABEL -> label = Optional.of(attribute.string());
                case Rtnetlink.IFA_FLAGS -> flags = attribute.u32();
                case Rtnetlink.IFA_PROTO -> protocol = attribute.u8();
                case Rtnetlink.IFA_CACHEINFO -> {
                    var lifetimes = attribute.struct(Rtnetlink.CACHEINFO_SIZE);
                    preferred = Integer.toUnsignedLong(lifetimes.getInt(Rtnetlink.CACHEINFO_PREFERRED));
                    valid = Integer.toUnsignedLong(lifetimes.getInt(Rtnetlink.CACHEINFO_VALID));
                }
                default -> {}
            }
        }

        /** IFA_ADDRESS is the other end of a point-to-point link; then, and for IPv4 always, IFA_LOCAL is the own one. */
        IpAddress own() throws MalformedMessageException {
            if (local.isPresent()) {
                return local.get();
            }
            if (address.isPresent()) {
                return address.get();
            }
            throw new MalformedMessageException("an address message without an address");
        }
    }

    private static Optional<AddressFamily> family(byte number) {
        for (var family : AddressFamily.values()) {
            if (family.number() == number) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    private static ByteBuffer header(NetlinkMessage message, int size) throws MalformedMessageException {
        if (message.payload().limit() < size) {
            throw new MalformedMessageException("an rtnetlink message of "
                    + message.payload().limit() + " bytes is shorter than its header of " + size);
        }
        return message.payload().slice(0, size).order(ByteOrder.nativeOrder());
    }

    private static AttributeReader attributes(NetlinkMessage message, int headerSize) {
        var payload = message.payload();
        return new AttributeReader(payload.slice(headerSize, payload.limit() - headerSize));
    }
}
