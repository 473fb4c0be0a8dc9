package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * RFC 3768 section 5.3: Auth Type and Adver Int in seconds, and 8 bytes of Authentication Data, which are zero when sent and
 * not looked at; with a password as RFC 2338 had it, for peers that still ask for one.
 */
final class Version2Format implements MessageFormat {

    static final Version2Format INSTANCE = new Version2Format();

    private static final int CENTISECONDS_PER_SECOND = 100;
    private static final int COUNT_OFFSET = 3;
    private static final int AUTHENTICATION_TYPE_OFFSET = 4;
    private static final int INTERVAL_OFFSET = 5;

    private Version2Format() {}

    @Override
    public short timing(Advertisement advertisement, Authentication authentication) {
        int seconds = advertisement.intervalCentiseconds() / CENTISECONDS_PER_SECOND;
        return (short) (authentication.type() << Byte.SIZE | seconds);
    }

    @Override
    public byte[] trailer(Authentication authentication) {
        return ByteBuffer.allocate(trailerBytes())
                .putLong(authentication.data())
                .array();
    }

    @Override
    public int intervalCentiseconds(byte[] message) {
        return Byte.toUnsignedInt(message[INTERVAL_OFFSET]) * CENTISECONDS_PER_SECOND;
    }

    @Override
    public int trailerBytes() {
        return Authentication.DATA_BYTES;
    }

    @Override
    public int checksummedBytes(AddressFamily family, int announced, int received) {
        return announced;
    }

    /** There is one only. */
    @Override
    public List<ChecksumForm> checksumForms() {
        return List.of(ChecksumForm.RFC9568);
    }

    @Override
    public ByteBuffer pseudoHeader(
            AddressFamily family, ChecksumForm form, IpAddress source, IpAddress destination, int length) {
        return ByteBuffer.allocate(0);
    }

    /** RFC 3768 section 7.1. Addresses that differ are told, but drop nothing: while VIPs change, that would make two Actives. */
    @Override
    public Optional<DropReason> check(byte[] message, Expected expected) {
        if (!expected.authentication()
                .accepts(Byte.toUnsignedInt(message[AUTHENTICATION_TYPE_OFFSET]), data(message))) {
            return Optional.of(DropReason.AUTHENTICATION);
        }
        return intervalCentiseconds(message) == expected.intervalCentiseconds()
                ? Optional.empty()
                : Optional.of(DropReason.INTERVAL);
    }

    /** Behind as many addresses as the message says, whatever comes after. */
    private static long data(byte[] message) {
        int addresses = Byte.toUnsignedInt(message[COUNT_OFFSET]);
        return ByteBuffer.wrap(message)
                .getLong(Advertisement.HEADER_BYTES + addresses * AddressFamily.IPV4.addressLength());
    }
}
