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
import java.util.function.IntFunction;

/**
 * Encodes and checks VRRP advertisements: version 3 (RFC 9568 sections 5.2, 7.1 and 7.2) and version 2 (the same sections of
 * RFC 3768).
 */
public final class AdvertisementCodec {

    /** TTL and Hop Limit of every VRRP packet (RFC 9568 sections 5.1.1.3 and 5.1.2.3). */
    public static final int HOP_LIMIT = 255;

    private static final IpAddress IPV4_GROUP = IpAddress.parse("224.0.0.18");
    private static final IpAddress IPV6_GROUP = IpAddress.parse("ff02::12");

    private static final int CHECKSUM_OFFSET = 6;

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
     * @param form for version 3 over IPv4; there is one form only otherwise
     * @param authentication for version 2; version 3 has none
     */
    public static byte[] encode(
            Advertisement advertisement,
            IpAddress source,
            IpAddress destination,
            ChecksumForm form,
            Authentication authentication) {
        MessageFormat format = MessageFormat.of(advertisement.version());
        AddressFamily family = advertisement.family();
        int count = advertisement.addresses().size();
        ByteBuffer message = ByteBuffer.allocate(wholeBytes(format, family, count))
                .put((byte) (advertisement.version().number() << 4 | Advertisement.TYPE_ADVERTISEMENT))
                .put((byte) advertisement.virtualRouterId())
                .put((byte) advertisement.priority())
                .put((byte) count)
                .putShort(format.timing(advertisement, authentication))
                .putShort((short) 0);
        advertisement.addresses().forEach(address -> message.put(address.toBytes()));
        message.put(format.trailer(authentication));
        message.rewind();
        ByteBuffer pseudoHeader = format.pseudoHeader(family, form, source, destination, message.remaining());
        message.putShort(CHECKSUM_OFFSET, (short) Checksum.of(pseudoHeader, message));
        return message.array();
    }

    /**
     * Makes every receive check in the order of {@link DropReason}. Total: any bytes give a result, none an exception.
     *
     * @param configured what the virtual router of an id takes, of this family and on the interface that received the message;
     *     empty where there is none
     * @param ownSource the address that we send from on that interface
     */
    public static Reception decode(
            ReceivedMessage received,
            AddressFamily family,
            IntFunction<Optional<Expected>> configured,
            IpAddress ownSource) {
        byte[] bytes = received.bytes();
        int virtualRouterId = bytes.length < Advertisement.HEADER_BYTES ? 0 : Byte.toUnsignedInt(bytes[1]);
        if (received.hopLimit() != HOP_LIMIT) {
            return new Dropped(DropReason.HOP_LIMIT, virtualRouterId);
        }
        if (bytes.length < Advertisement.HEADER_BYTES) {
            return new Dropped(DropReason.TOO_SHORT, virtualRouterId);
        }
        Optional<Expected> expected = virtualRouterId == 0 ? Optional.empty() : configured.apply(virtualRouterId);
        Optional<Version> version = Version.ofNumber(bytes[0] >>> 4 & 0xf)
                .filter(spoken -> spoken.carries(family))
                .filter(spoken -> expected.stream().allMatch(awaited -> awaited.version() == spoken));
        if (version.isEmpty()) {
            return new Dropped(DropReason.VERSION, virtualRouterId);
        }
        return new Decoding(received, family, version.get()).decode(expected, ownSource);
    }

    private static int wholeBytes(MessageFormat format, AddressFamily family, int addresses) {
        return Advertisement.HEADER_BYTES + addresses * family.addressLength() + format.trailerBytes();
    }

    /** The checks of one message that has a whole header of a version that we know. */
    private record Decoding(ReceivedMessage received, AddressFamily family, Version version, MessageFormat format) {

        Decoding(ReceivedMessage received, AddressFamily family, Version version) {
            this(received, family, version, MessageFormat.of(version));
        }

        Reception decode(Optional<Expected> expected, IpAddress ownSource) {
            Optional<DropReason> malformed = checkForm();
            if (malformed.isPresent()) {
                return dropped(malformed.get());
            }
            Optional<ChecksumForm> form = matchingForm();
            if (form.isEmpty()) {
                return dropped(DropReason.CHECKSUM);
            }
            if (expected.isEmpty()) {
                return dropped(DropReason.UNKNOWN_VIRTUAL_ROUTER);
            }
            return checkContent(expected.get(), ownSource)
                    .map(this::dropped)
                    .orElseGet(() -> new Accepted(advertisement(), received.source(), form.get()));
        }

        private Optional<DropReason> checkForm() {
            if ((bytes()[0] & 0xf) != Advertisement.TYPE_ADVERTISEMENT) {
                return Optional.of(DropReason.TYPE);
            }
            if (count() == 0) {
                return Optional.of(DropReason.NO_ADDRESSES);
            }
            return bytes().length < announcedBytes() ? Optional.of(DropReason.INCOMPLETE) : Optional.empty();
        }

        private Optional<ChecksumForm> matchingForm() {
            int length = format.checksummedBytes(family, announcedBytes(), bytes().length);
            ByteBuffer message = ByteBuffer.wrap(bytes(), 0, length);
            return format.checksumForms().stream()
                    .filter(form -> Checksum.verifies(
                            format.pseudoHeader(family, form, received.source(), received.destination(), length),
                            message))
                    .findFirst();
        }

        private Optional<DropReason> checkContent(Expected expected, IpAddress ownSource) {
            Optional<DropReason> ofVersion = format.check(bytes(), expected);
            if (ofVersion.isPresent()) {
                return ofVersion;
            }
            if (family == AddressFamily.IPV6 && !address(0).isLinkLocal()) {
                return Optional.of(DropReason.FIRST_ADDRESS_NOT_LINK_LOCAL);
            }
            if (received.source().equals(ownSource)) {
                return Optional.of(DropReason.OWN_SOURCE);
            }
            return expected.hears(received) ? Optional.empty() : Optional.of(DropReason.UNKNOWN_PEER);
        }

        private Reception dropped(DropReason reason) {
            return new Dropped(reason, virtualRouterId());
        }

        private Advertisement advertisement() {
            return new Advertisement(
                    version,
                    virtualRouterId(),
                    Byte.toUnsignedInt(bytes()[2]),
                    format.intervalCentiseconds(bytes()),
                    addresses());
        }

        private byte[] bytes() {
            return received.bytes();
        }

        private int virtualRouterId() {
            return Byte.toUnsignedInt(bytes()[1]);
        }

        private int count() {
            return Byte.toUnsignedInt(bytes()[3]);
        }

        private int announcedBytes() {
            return wholeBytes(format, family, count());
        }

        private List<IpAddress> addresses() {
            List<IpAddress> addresses = new ArrayList<>(count());
            for (int i = 0; i < count(); i++) {
                addresses.add(address(i));
            }
            return addresses;
        }

        private IpAddress address(int index) {
            byte[] address = new byte[family.addressLength()];
            System.arraycopy(bytes(), Advertisement.HEADER_BYTES + index * address.length, address, 0, address.length);
            return IpAddress.of(address);
        }
    }
}
