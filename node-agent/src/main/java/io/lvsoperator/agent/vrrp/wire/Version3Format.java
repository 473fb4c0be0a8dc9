package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** RFC 9568 section 5.2: 12 bits of Max Advertise Interval in centiseconds, and nothing after the addresses. */
final class Version3Format implements MessageFormat {

    static final Version3Format INSTANCE = new Version3Format();

    private static final int INTERVAL_OFFSET = 4;

    private Version3Format() {}

    @Override
    public short timing(Advertisement advertisement, Authentication authentication) {
        return (short) advertisement.intervalCentiseconds();
    }

    /** The low 12 bits; the four reserved ones are not looked at (RFC 9568 section 5.2.6). */
    @Override
    public int intervalCentiseconds(byte[] message) {
        return ByteBuffer.wrap(message).getShort(INTERVAL_OFFSET) & Advertisement.MAX_INTERVAL_CENTISECONDS;
    }

    /** Nothing: version 3 has no authentication (RFC 9568 section 9). */
    @Override
    public byte[] trailer(Authentication authentication) {
        return new byte[trailerBytes()];
    }

    @Override
    public int trailerBytes() {
        return 0;
    }

    /**
     * Over IPv4 the sum covers the fixed part and the addresses alone: a peer may append an authentication trailer that is no
     * part of version 3. Over IPv6 the sum is the kernel's, over all that was sent.
     */
    @Override
    public int checksummedBytes(AddressFamily family, int announced, int received) {
        return family == AddressFamily.IPV4 ? announced : received;
    }

    @Override
    public List<ChecksumForm> checksumForms() {
        return List.of(ChecksumForm.values());
    }

    @Override
    public ByteBuffer pseudoHeader(
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

    @Override
    public Optional<DropReason> check(byte[] message, Expected expected) {
        return intervalCentiseconds(message) == 0 ? Optional.of(DropReason.ZERO_INTERVAL) : Optional.empty();
    }
}
