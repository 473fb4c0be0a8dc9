package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Where the messages of one version differ from those of the other: bytes 4 and 5, what follows the addresses, the checksum. */
sealed interface MessageFormat permits Version2Format, Version3Format {

    static MessageFormat of(Version version) {
        return switch (version) {
            case VERSION_2 -> Version2Format.INSTANCE;
            case VERSION_3 -> Version3Format.INSTANCE;
        };
    }

    /** Bytes 4 and 5 of an advertisement. */
    short timing(Advertisement advertisement, Authentication authentication);

    /** What follows the addresses: {@link #trailerBytes} of them. */
    byte[] trailer(Authentication authentication);

    /** The interval that a message announces; 0 is possible. */
    int intervalCentiseconds(byte[] message);

    /** Number of bytes after the addresses. */
    int trailerBytes();

    /**
     * How many bytes the checksum covers.
     *
     * @param announced the header, as many addresses as it says, and the trailer
     * @param received all that has come
     */
    int checksummedBytes(AddressFamily family, int announced, int received);

    /** The forms of the checksum that are accepted. */
    List<ChecksumForm> checksumForms();

    /** What the checksum covers before the message. */
    ByteBuffer pseudoHeader(
            AddressFamily family, ChecksumForm form, IpAddress source, IpAddress destination, int length);

    /** The checks of this version alone, of a whole message for a virtual router of ours. */
    Optional<DropReason> check(byte[] message, Expected expected);
}
