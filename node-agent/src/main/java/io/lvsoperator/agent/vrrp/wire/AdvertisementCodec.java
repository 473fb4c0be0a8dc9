package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Reception.Accepted;
import io.lvsoperator.agent.vrrp.wire.Reception.Dropped;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Encodes and checks VRRP version 3 advertisements (RFC 9568 sections 5.2, 7.1 and 7.2). */
public final class AdvertisementCodec {

    /** TTL and Hop Limit of every VRRP packet (RFC 9568 sections 5.1.1.3 and 5.1.2.3). */
    public static final int HOP_LIMIT = 255;

    private static final IpAddress IPV4_GROUP = IpAddress.parse("224.0.0.18");
    private static final IpAddress IPV6_GROUP = IpAddress.parse("ff02::12");

    private static final int CHECKSUM_OFFSET = 6;
    private static final int VERSION_AND_TYPE = (Advertisement.VERSION << 4) | Advertisement.TYPE_ADVERTISEMENT;

    private AdvertisementCodec() {}

    /** The multicast group of a family (RFC 9568 sections 5.1.1.2 and 5.1.2.2). */
    public static IpAddress group(AddressFamily family) {
        return switch (family) {
            case IPV4 -> IPV4_GROUP;
            case IPV6 -> IPV6_GROUP;
        };
    }

    /**
     * The message to send, without IP header.
     *
     * @param source the address it is sent from, of the family of the advertised addresses
     * @param destination the group, or the peer
     * @param form for IPv4; IPv6 has one form only
     */
    public static byte[] encode(
            Advertisement advertisement, IpAddress source, IpAddress destination, ChecksumForm form) {
        AddressFamily family = advertisement.family();
        int count = advertisement.addresses().size();
        ByteBuffer message = ByteBuffer.allocate(Advertisement.HEADER_BYTES + count * family.addressLength())
                .put((byte) VERSION_AND_TYPE)
                .put((byte) advertisement.virtualRouterId())
                .put((byte) advertisement.priority())
                .put((byte) count)
                .putShort((short) advertisement.intervalCentiseconds())
                .putShort((short) 0);
        advertisement.addresses().forEach(address -> message.put(address.toBytes()));
        message.flip();
        ByteBuffer pseudoHeader = pseudoHeader(family, form, source, destination, message.remaining());
        message.putShort(CHECKSUM_OFFSET, (short) Checksum.of(pseudoHeader, message));
        return message.array();
    }

    /**
     * Makes every receive check in the order of {@link DropReason}. Total: any bytes give a result, none an exception.
     *
     * @param configured whether a virtual router of this id and family is on the interface that received the message
     * @param ownSource the address that we send from on that interface
     */
    public static Reception decode(
            ReceivedMessage received, AddressFamily family, IntPredicate configured, IpAddress ownSource) {
        byte[] bytes = received.bytes();
        int virtualRouterId = bytes.length < Advertisement.HEADER_BYTES ? 0 : Byte.toUnsignedInt(bytes[1]);
        Optional<DropReason> malformed = checkForm(received, family);
        if (malformed.isPresent()) {
            return new Dropped(malformed.get(), virtualRouterId);
        }
        Optional<ChecksumForm> form = matchingForm(received, family);
        if (form.isEmpty()) {
            return new Dropped(DropReason.CHECKSUM, virtualRouterId);
        }
        Optional<DropReason> meaningless = checkContent(received, family, configured, ownSource);
        if (meaningless.isPresent()) {
            return new Dropped(meaningless.get(), virtualRouterId);
        }
        Advertisement advertisement = new Advertisement(
                virtualRouterId, Byte.toUnsignedInt(bytes[2]), interval(bytes), addresses(bytes, family));
        return new Accepted(advertisement, received.source(), form.get());
    }

    private static Optional<DropReason> checkForm(ReceivedMessage received, AddressFamily family) {
        byte[] bytes = received.bytes();
        if (received.hopLimit() != HOP_LIMIT) {
            return Optional.of(DropReason.HOP_LIMIT);
        }
        if (bytes.length < Advertisement.HEADER_BYTES) {
            return Optional.of(DropReason.TOO_SHORT);
        }
        if (((bytes[0] >>> 4) & 0xf) != Advertisement.VERSION) {
            return Optional.of(DropReason.VERSION);
        }
        if ((bytes[0] & 0xf) != Advertisement.TYPE_ADVERTISEMENT) {
            return Optional.of(DropReason.TYPE);
        }
        if (count(bytes) == 0) {
            return Optional.of(DropReason.NO_ADDRESSES);
        }
        return bytes.length < announcedBytes(bytes, family) ? Optional.of(DropReason.INCOMPLETE) : Optional.empty();
    }

    private static Optional<DropReason> checkContent(
            ReceivedMessage received, AddressFamily family, IntPredicate configured, IpAddress ownSource) {
        byte[] bytes = received.bytes();
        if (!configured.test(Byte.toUnsignedInt(bytes[1])) || bytes[1] == 0) {
            return Optional.of(DropReason.UNKNOWN_VIRTUAL_ROUTER);
        }
        if (interval(bytes) == 0) {
            return Optional.of(DropReason.ZERO_INTERVAL);
        }
        if (family == AddressFamily.IPV6 && !address(bytes, family, 0).isLinkLocal()) {
            return Optional.of(DropReason.FIRST_ADDRESS_NOT_LINK_LOCAL);
        }
        return received.source().equals(ownSource) ? Optional.of(DropReason.OWN_SOURCE) : Optional.empty();
    }

    /**
     * Over IPv4 the sum covers the fixed part and the addresses alone: a peer may append an authentication trailer that is no
     * part of version 3. Over IPv6 the sum is the kernel's, over all that was sent.
     */
    private static Optional<ChecksumForm> matchingForm(ReceivedMessage received, AddressFamily family) {
        int length = family == AddressFamily.IPV4 ? announcedBytes(received.bytes(), family) : received.bytes().length;
        ByteBuffer message = ByteBuffer.wrap(received.bytes(), 0, length);
        for (ChecksumForm form : ChecksumForm.values()) {
            ByteBuffer pseudoHeader = pseudoHeader(family, form, received.source(), received.destination(), length);
            if (Checksum.verifies(pseudoHeader, message)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    private static ByteBuffer pseudoHeader(
            AddressFamily family, ChecksumForm form, IpAddress source, IpAddress destination, int length) {
        return switch (family) {
            case IPV6 -> Checksum.ipv6PseudoHeader(source, destination, length, Checksum.IPPROTO_VRRP);
            case IPV4 ->
                switch (form) {
                    case RFC9568 -> ByteBuffer.allocate(0);
                    case KEEPALIVED_LEGACY -> Checksum.legacyIpv4PseudoHeader(source, destination, length);
                };
        };
    }

    private static int count(byte[] bytes) {
        return Byte.toUnsignedInt(bytes[3]);
    }

    private static int announcedBytes(byte[] bytes, AddressFamily family) {
        return Advertisement.HEADER_BYTES + count(bytes) * family.addressLength();
    }

    /** The low 12 bits; the four reserved ones are not looked at (RFC 9568 section 5.2.6). */
    private static int interval(byte[] bytes) {
        return ((bytes[4] & 0xf) << Byte.SIZE) | Byte.toUnsignedInt(bytes[5]);
    }

    private static List<IpAddress> addresses(byte[] bytes, AddressFamily family) {
        List<IpAddress> addresses = new ArrayList<>(count(bytes));
        for (int i = 0; i < count(bytes); i++) {
            addresses.add(address(bytes, family, i));
        }
        return addresses;
    }

    private static IpAddress address(byte[] bytes, AddressFamily family, int index) {
        byte[] address = new byte[family.addressLength()];
        System.arraycopy(bytes, Advertisement.HEADER_BYTES + index * address.length, address, 0, address.length);
        return IpAddress.of(address);
    }
}
